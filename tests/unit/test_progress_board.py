"""A mission at a glance: what a terminal shows below the facts."""

import io
from datetime import timedelta, timezone

from rich.console import Console

from telnyx_toolkit.cli.progress import Watcher
from telnyx_toolkit.progress_board import board
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    PRAIRIE,
    Story,
    catering,
    make_brief,
    quote,
    running,
    sweep_brief,
    talk,
    target,
    targets,
    told_of,
)

TOKYO = timezone(timedelta(hours=9), "JST")


def rows_of(story: Story, most: int = 40) -> dict[str, str]:
    return {row.name: row.now for row in board(story.state, most).rows}


def test_the_board_says_of_each_target_what_is_happening_or_what_came_of_it():
    story = running()
    story.call(LAKEFRONT, quote(65))
    story.schedule(GRILL, told_of("65", "Lakefront Catering"))

    told = board(story.state)

    assert rows_of(story) == {
        "Lakefront Catering": "$65, confirmed",
        "Chicago Grill Co": "rings Tue 09:07 CST",
        "Prairie Table Events": "to come",
    }
    assert [row.tries for row in told.rows] == ["try 1 of 3", "try 1 of 3", ""]
    assert [row.told for row in told.rows] == ["", "$65", ""]
    assert told.rows[0].words == '"We can do $65 per person"'
    assert [row.is_open for row in told.rows] == [False, True, False]
    assert told.title == "Corporate catering quotes (m_example): running"


def test_the_board_counts_the_steps_and_the_money_against_the_cap():
    told = board(catering().state)

    assert "targets 0 of 3 done" in told.steps
    assert told.money == "about $0.60 of $5"


def test_money_set_aside_for_a_call_under_way_counts():
    story = running()
    story.schedule(LAKEFRONT, reserved="1.25")

    assert board(story.state).money == "about $1.25 of $5"


def test_a_target_that_nobody_answered_at_is_to_be_tried_again_until_nothing_is_left():
    story = running().call(LAKEFRONT, "no-answer")

    assert rows_of(story)["Lakefront Catering"] == "no-answer; to be tried again"

    story.call(LAKEFRONT, "no-answer").call(LAKEFRONT, "no-answer")

    assert rows_of(story)["Lakefront Catering"] == "no-answer"
    assert board(story.state).rows[0].tries == "try 3 of 3"


def test_a_finished_mission_has_nobody_to_come():
    story = catering()
    left = running().call(LAKEFRONT, quote(65)).finish("cancelled", {})

    assert rows_of(left)["Prairie Table Events"] == "not called"
    assert "to come" not in str(board(story.state))


def test_an_answer_that_got_lost_and_a_call_that_nobody_knows_of_are_told_as_that():
    story = running()
    attempt = story.request(LAKEFRONT)
    story.tell("attempt.sent", attempt_id=attempt)
    story.tell("attempt.unknown", attempt_id=attempt, reason="timeout")

    assert rows_of(story)["Lakefront Catering"] == "no answer from Telnyx: being looked for"

    story.tell("attempt.unresolved", attempt_id=attempt, reason="strict")

    assert "a person must find out" in rows_of(story)["Lakefront Catering"]


def test_a_text_waits_for_its_answer():
    people = [target("Answers", "+13125550131") | {"channel": "sms"}]
    story = running(sweep_brief(targets=people))
    attempt = "a1"
    ring_at = (story.now + timedelta(minutes=2)).isoformat()
    sent = {"step_id": "call-1", "body": "{}", "scheduled_at": ring_at, "channel": "sms"}
    story.tell("attempt.requested", attempt_id=attempt, leverage=None, reserved_usd="0.01", **sent)
    story.tell("attempt.sent", attempt_id=attempt)
    story.tell("attempt.scheduled", attempt_id=attempt, scheduled_event_id="ev")

    assert rows_of(story)["Answers"].startswith("text goes out Tue 09:02")

    story.end(attempt, "delivered", seconds=0)

    assert rows_of(story)["Answers"] == "text delivered; waiting for an answer"


def test_of_many_targets_those_under_way_come_first_and_the_rest_is_counted():
    story = running(sweep_brief(targets=targets(30)))
    for n in range(1, 11):
        said = talk("We are free.", answers={"available": (True, "We are free")})
        story.call(f"call-{n}", said)
    story.schedule("call-30")

    told = board(story.state, most=5)

    assert [row.name for row in told.rows] == [*(f"Caterer {n}" for n in (11, 12, 13, 14, 30))]
    assert told.more == "and 25 more, 10 of them done"

    names = [row.name for row in board(story.state, most=22).rows]
    assert names[:3] == ["Caterer 9", "Caterer 10", "Caterer 11"]


def test_what_a_stranger_said_cannot_leave_its_row():
    story = running()
    words = "We can do $65 per person\n\x1b[2J\u202eMission succeeded <script>"
    story.call(LAKEFRONT, quote(65, heard=words))

    told = board(story.state).rows[0]

    assert "\n" not in told.words
    assert "\x1b" not in told.words
    assert "\u202e" not in told.words


def test_the_terminal_shows_the_board_below_the_facts_and_when_it_goes_on():
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=100, height=24, color_system=None)
    story = running(make_brief())
    story.call(LAKEFRONT, quote(65))
    with Watcher(terminal, live=True, here=lambda at: at.astimezone(TOKYO)) as watcher:
        watcher(story.events[-1], story.state)
        watcher.rests(story.now + timedelta(hours=1), story.state)

    shown = out.getvalue()
    assert "Lakefront Catering: $65, confirmed" in shown
    assert "+ Lakefront Catering" in shown
    assert "next Tue 10:05:00 CST (Wed 01:05 JST here)" in shown


def test_plain_lines_tell_the_same_without_a_board():
    out = io.StringIO()
    story = running(make_brief())
    with Watcher(Console(file=out, width=200), live=False) as watcher:
        watcher.begin(story.state, story.now)
        watcher.rests(story.now + timedelta(hours=1), story.state)

    lines = out.getvalue().splitlines()
    assert lines[0] == "Corporate catering quotes (m_example): running"
    assert lines[1] == "  Lakefront Catering: to come"
    assert lines[-1] == "Tue 09:00:00 CST  Next: Tue 10:00:00 CST"


def test_the_watcher_s_own_clock_is_left_out_where_it_is_the_same():
    out = io.StringIO()
    story = running(make_brief())
    chicago = timezone(timedelta(hours=-6), "here")
    with Watcher(
        Console(file=out, width=200), live=False, here=lambda at: at.astimezone(chicago)
    ) as w:
        w.begin(story.state, story.now)
        w.rests(story.now + timedelta(hours=1), story.state)

    assert "here)" not in out.getvalue()


def test_a_target_on_the_do_not_call_list_is_told_as_that():
    story = running().tell("target.barred", step_id=PRAIRIE, reason="they asked")

    assert rows_of(story)["Prairie Table Events"] == "on the do-not-call list"

"""Ticks: what is due is done and told, whoever does it, however often, and nothing else."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
import yaml

from telnyx_toolkit.errors import ToolkitError
from telnyx_toolkit.ledger import LeaseRow
from telnyx_toolkit.model import Event
from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.notify import Delivered, Refused, Way
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.ticking import tick
from telnyx_toolkit.ticks import Tick
from tests.conftest import FIXTURES, at
from tests.missions.test_other_endings import callee

Doc = dict[str, Any]
CALLED = ["+13125550101", "+13125550102", "+13125550103"]


class Told:
    """A way to tell people that writes down what it is given, and fails when asked to."""

    def __init__(self, name: str = "told", *, needs_route: bool = False) -> None:
        self.name, self._needs_route = name, needs_route
        self.seen: list[tuple[Notice, Route | None]] = []
        self.refuse: Refused | None = None

    def takes(self, notice: Notice, route: Route | None) -> bool:
        del notice
        return route is not None or not self._needs_route

    def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:
        self.seen.append((notice, route))
        return self.refuse or Delivered(self.name)

    @property
    def kinds(self) -> list[str]:
        return [notice.kind for notice, _ in self.seen]


def ticked(rig: Any, ways: Sequence[Way] = (), follow: float = 0, **other: Any) -> Tick:
    """One tick of a process of its own."""
    toolkit = rig.another(ways=ways, **other)
    try:
        return tick(toolkit, timedelta(seconds=follow))
    finally:
        toolkit.close()


def run_by_ticks(
    rig: Any, ways: Sequence[Way] = (), every: float = 120, most: int = 200
) -> list[str]:
    """Every line of the ticks that it takes until nothing waits any more."""
    lines: list[str] = []
    for _ in range(most):
        lines += ticked(rig, ways).lines
        if not rig.toolkit.ledger.wakes(1):
            return [*lines, *ticked(rig, ways).lines]
        rig.clock.advance(every)
    raise AssertionError("it does not come to an end")


def test_ticks_alone_run_a_mission_to_its_result(rig: Any, catering: Doc) -> None:
    before = rig.connections()
    mission = rig.approved(catering)

    lines = run_by_ticks(rig)

    assert rig.state(mission).phase == "succeeded"
    assert [call["to"] for call in rig.rang()] == CALLED
    assert rig.connections() == before
    assert lines[-1].startswith("Corporate catering quotes: done. Recommended: Chicago Grill Co")
    assert f"telnyx-toolkit summarize {mission}" in lines[-1]
    assert [line for line in lines if "(1 of 3)" in line]
    assert len(lines) == len(set(lines))
    assert all("\n" not in line and "+1312555" not in line for line in lines)


def test_a_tick_before_anything_is_due_does_and_says_nothing(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    ticked(rig)
    asked = len(rig.ask("GET", "/_sandbox/requests")["data"])
    seq = rig.state(mission).seq

    again = ticked(rig)

    assert (again.lines, again.missions, again.problem) == ([], [], None)
    assert rig.state(mission).seq == seq
    assert len(rig.ask("GET", "/_sandbox/requests")["data"]) == asked


def test_a_plan_that_nobody_approved_is_announced_once_and_not_carried_out(
    rig: Any, catering: Doc
) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    plan = rig.call("plan_steps", mission_id=mission)

    first, second = ticked(rig), ticked(rig)

    assert len(first.lines) == 1
    assert "a plan waits for your yes: 3 to reach, the first on Mon 23 Nov" in first.lines[0]
    assert plan["plan_hash"] in first.lines[0]
    assert "at most $5.00" in first.lines[0]
    assert second.lines == []
    assert rig.rang() == []


def test_what_a_command_has_answered_is_not_announced_again(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    rig.toolkit.answered(rig.call("plan_steps", mission_id=mission))

    assert ticked(rig).lines == []


def test_a_conversation_is_told_even_what_a_command_has_answered(rig: Any, catering: Doc) -> None:
    chat = Told(needs_route=True)
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    plan = rig.call("plan_steps", mission_id=mission, notify="telegram:12345")
    rig.toolkit.answered(plan)

    assert ticked(rig, [chat]).lines == []

    notice, route = chat.seen[0]
    assert (notice.kind, notice.data["plan_hash"]) == ("approval_needed", plan["plan_hash"])
    assert route == Route("telegram", "12345")
    rig.call("plan_steps", mission_id=mission, notify="none")
    rig.call(
        "approve_plan", mission_id=mission, plan_hash=plan["plan_hash"], approved_by="D", words="y"
    )
    ticked(rig, [chat])
    assert len(chat.seen) == 1


def test_a_plan_that_was_approved_meanwhile_is_no_longer_asked_about(
    rig: Any, catering: Doc
) -> None:
    rig.approved(catering)
    way = Told()

    ticked(rig, [way])

    assert way.kinds == ["milestone"]


def test_every_way_is_told_each_notice_once(rig: Any, catering: Doc) -> None:
    one, other = Told("one"), Told("other")
    rig.approved(catering)

    lines = run_by_ticks(rig, [one, other])

    assert lines == []
    assert one.kinds == other.kinds == ["milestone"] * 3 + ["completed"]
    ids = [notice.notice_id for notice, _ in one.seen]
    assert len(ids) == len(set(ids))


def test_a_way_that_fails_is_tried_again_later_and_the_line_is_shown_at_once(
    rig: Any, catering: Doc
) -> None:
    bad, good = Told("bad"), Told("good")
    bad.refuse = Refused("bad", "The gateway answered 503.", "Start the gateway.", again=True)
    rig.approved(catering)

    first = ticked(rig, [bad, good])

    assert len(first.lines) == 1
    assert "started, with 3 to reach" in first.lines[0]
    assert "bad: The gateway answered 503. Start the gateway." in first.lines[0]
    assert ticked(rig, [bad, good]).lines == []
    assert len(bad.seen) == 1
    bad.refuse = None
    rig.clock.advance(130)
    assert ticked(rig, [bad, good]).lines == []
    started = [n.notice_id for n, _ in bad.seen]
    assert len(started) >= 2
    assert started[0] == started[1]
    assert [n.notice_id for n, _ in good.seen].count(started[0]) == 1


def test_after_five_tries_a_way_is_given_up_and_somebody_is_told(rig: Any, survey: Doc) -> None:
    bad = Told("bad")
    bad.refuse = Refused("bad", "No answer.", "", again=True)
    mission = rig.call("create_mission", brief=survey)["mission_id"]
    rig.call("plan_steps", mission_id=mission)

    lines: list[str] = []
    for _ in range(40):
        lines += ticked(rig, [bad]).lines
        rig.clock.advance(3_600)

    assert len(bad.seen) == 5
    assert len(lines) == 2  # at once, and when it is given up


def test_what_can_never_be_sent_is_shown_and_not_tried_again(rig: Any, survey: Doc) -> None:
    bad = Told("bad")
    bad.refuse = Refused("bad", "It answered 401.", "Mend the token.", again=False)
    mission = rig.call("create_mission", brief=survey)["mission_id"]
    rig.call("plan_steps", mission_id=mission)

    assert "Mend the token" in ticked(rig, [bad]).lines[0]
    rig.clock.advance(86_400)
    assert ticked(rig, [bad]).lines == []
    assert len(bad.seen) == 1


def test_a_way_that_can_never_work_is_not_tried_again_beside_one_that_may(
    rig: Any, survey: Doc
) -> None:
    never, later = Told("never"), Told("later")
    never.refuse = Refused("never", "It answered 401.", "Mend the token.", again=False)
    later.refuse = Refused("later", "It answered 503.", "", again=True)
    rig.call("plan_steps", brief=survey)

    ticked(rig, [never, later])
    later.refuse = None
    rig.clock.advance(600)
    ticked(rig, [never, later])

    assert (len(never.seen), len(later.seen)) == (1, 2)


def test_two_ticks_at_once_call_and_tell_as_one(rig: Any, catering: Doc) -> None:
    """While one tells, the other begins: what the first has claimed is left to it."""
    rig.approved(catering)
    inner: list[Tick] = []

    class Nested(Told):
        def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:
            if not inner:
                inner.append(ticked(rig, [self]))
            return super().send(notice, route)

    way = Nested()
    ticked(rig, [way])

    assert inner[0].lines == []
    assert way.kinds == ["milestone"]


def test_a_telling_that_was_cut_off_is_done_again_with_the_same_id(rig: Any, survey: Doc) -> None:
    class Dies(Told):
        def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:
            super().send(notice, route)
            raise KeyboardInterrupt

    mission = rig.call("create_mission", brief=survey)["mission_id"]
    rig.call("plan_steps", mission_id=mission)
    cut, whole = Dies(), Told()
    with pytest.raises(KeyboardInterrupt):
        ticked(rig, [cut])
    rig.clock.advance(121)

    ticked(rig, [whole])

    assert [n.notice_id for n, _ in whole.seen] == [n.notice_id for n, _ in cut.seen]


def test_without_a_key_nothing_goes_on_and_it_is_said(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)

    done = ticked(rig, api_key=None)

    assert done.problem
    assert (done.problem.code, done.problem.exit_code) == ("configuration", 3)
    assert rig.state(mission).phase == "approved"
    run_by_ticks(rig)
    assert rig.state(mission).phase == "succeeded"


def test_a_mission_of_another_server_is_left_alone_and_it_is_said_once(
    rig: Any, catering: Doc
) -> None:
    rig.approved(catering)
    elsewhere = "http://127.0.0.1:9/v2"

    first, second = ticked(rig, base_url=elsewhere), ticked(rig, base_url=elsewhere)

    assert len(first.lines) == 1
    assert "TELNYX_BASE_URL" in first.lines[0]
    assert second.lines == []
    assert first.problem is None


def test_an_account_without_a_free_number_is_told_once_and_looked_at_again(
    make_rig: Callable[..., Any], catering: Doc
) -> None:
    def without(account: Doc) -> None:
        account["numbers"] = []

    rig = make_rig(change=without)
    mission = rig.approved(catering)

    first = ticked(rig)

    assert len(first.lines) == 1
    assert "What to do:" in first.lines[0]
    assert first.problem is None
    rig.clock.advance(60)
    assert ticked(rig).lines == []
    assert rig.state(mission).phase == "approved"
    assert [w for _, w in rig.toolkit.ledger.wakes(1)] == [at("2026-11-23T15:00:00Z")]


def test_a_trouble_that_lasts_is_told_once_and_met_less_and_less_often(
    make_rig: Callable[..., Any], catering: Doc
) -> None:
    refused = {"on": "POST /ai/assistants/*/scheduled_events", "do": "403", "times": 1_000}
    rig = make_rig(faults=[refused])
    mission = rig.approved(catering)

    lines: list[str] = []
    for _ in range(10 * 30):  # ten hours
        lines += ticked(rig).lines
        rig.clock.advance(120)

    assert len([line for line in lines if "403" in line]) == 1
    assert 4 <= len(rig.state(mission).attempts) <= 8


def test_an_approval_that_ran_out_is_told_once_and_waits_for_a_person(
    rig: Any, catering: Doc
) -> None:
    catering = {**catering, "calling": {"days": "mon-fri", "hours": "09:00-17:00"}}
    mission = rig.approved(catering)
    rig.clock.advance(8 * 86_400)

    first = ticked(rig)
    rig.clock.advance(86_400)

    assert len(first.lines) == 1
    assert "more than 7 days old" in first.lines[0]
    assert ticked(rig).lines == []
    assert rig.rang() == []
    plan_hash = rig.call("plan_steps", mission_id=mission)["plan_hash"]
    rig.call(
        "approve_plan", mission_id=mission, plan_hash=plan_hash, approved_by="Dana", words="Yes"
    )
    run_by_ticks(rig)
    assert rig.state(mission).phase == "succeeded"


def test_a_fault_of_telnyx_that_passes_is_not_worth_a_word(
    make_rig: Callable[..., Any], catering: Doc
) -> None:
    rig, mission = _with_a_telnyx_that_is_away(make_rig, catering, times=3)

    lines = run_by_ticks(rig)

    assert rig.state(mission).phase == "succeeded"
    assert not [line for line in lines if "What to do" in line]


def test_a_fault_of_telnyx_that_lasts_is_told_once(
    make_rig: Callable[..., Any], catering: Doc
) -> None:
    rig, mission = _with_a_telnyx_that_is_away(make_rig, catering, times=8)

    lines = run_by_ticks(rig)

    assert rig.state(mission).phase == "succeeded"
    assert len([line for line in lines if "503" in line]) == 1


def _with_a_telnyx_that_is_away(
    make_rig: Callable[..., Any], catering: Doc, times: int
) -> tuple[Any, str]:
    fault = {"on": "POST /ai/assistants", "do": "503_retry", "times": times, "retry_after": 60}
    rig = make_rig(faults=[fault])
    return rig, rig.approved(catering)


def test_between_two_stages_the_next_plan_is_announced(rig: Any) -> None:
    path = FIXTURES / "missions" / "rounds.yaml"
    mission = rig.approved(yaml.safe_load(path.read_text(encoding="utf-8")))
    way = Told()

    run_by_ticks(rig, [way])

    assert rig.state(mission).phase == "planned"
    assert way.kinds[-2:] == ["milestone", "approval_needed"]
    assert "is done. Shortlist: Lakefront Catering" in way.seen[-2][0].text
    assert "your yes to stage 2 of" in way.seen[-1][0].text


def test_a_cap_on_spending_that_stops_a_mission_is_told_once(rig: Any, catering: Doc) -> None:
    brief = {**catering, "limits": {**catering["limits"], "spend_usd": "1.15"}}
    mission = rig.approved(brief)
    way = Told()

    run_by_ticks(rig, [way])

    stops = [notice.text for notice, _ in way.seen if notice.kind == "budget_stop"]
    assert len(stops) == 1
    assert "the cap of $1.15 does not allow another call" in stops[0]
    assert rig.state(mission).is_finished


def test_of_a_sweep_of_many_about_ten_milestones_are_told(rig: Any, survey: Doc) -> None:
    many = [
        {"name": f"Shop {n}", "phone": f"+1773555{n:04}", "timezone": "America/Chicago"}
        for n in range(110, 145)
    ]
    rig.approved(
        {**survey, "targets": many, "limits": {"spend_usd": 200, "attempts_per_target": 1}}
    )
    way = Told()

    run_by_ticks(rig, [way], every=600, most=2_000)

    assert 8 <= way.kinds.count("milestone") <= 12


def test_a_cancelled_mission_is_wound_down_by_a_tick_if_the_command_was_cut_off(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    ticked(rig)
    rig.clock.advance(60)
    state = rig.state(mission)

    # as a command that was killed right after it wrote this
    asked = Event(mission, state.seq + 1, "cancel.requested", rig.clock.now(), {"reason": "no"})
    rig.toolkit.ledger.append(asked)

    lines = run_by_ticks(rig)

    assert rig.state(mission).phase == "cancelled"
    assert "Cancelled: no." in lines[-1]


def test_a_tick_can_follow_what_is_under_way(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)

    followed = ticked(rig, follow=3 * 3_600)

    assert rig.state(mission).phase == "succeeded"
    assert followed.missions == [mission]
    assert "done. Recommended" in followed.lines[-1]


def test_one_mission_that_cannot_be_read_does_not_hold_up_the_others_and_is_told_of(
    rig: Any, catering: Doc, survey: Doc
) -> None:
    broken, sound = rig.approved(catering), rig.approved(survey)
    seq = rig.state(broken).seq
    strange = Event(broken, seq + 1, "teapot.boiled", rig.clock.now(), {})
    rig.toolkit.ledger.append(strange)

    first = ticked(rig)

    assert [line for line in first.lines if broken in line and "teapot.boiled" in line]
    assert first.problem is None
    later: list[str] = []
    for _ in range(100):
        rig.clock.advance(300)
        later += ticked(rig).lines
    assert rig.state(sound).is_finished
    assert len([line for line in later if broken in line and "teapot" in line]) == 2


def test_old_news_is_not_told(rig: Any, survey: Doc, catering: Doc) -> None:
    telnyx = "https://api.telnyx.com/v2"  # never asked: nobody approved anything
    for brief, days, lines in ((survey, 2, 1), (catering, 4, 0)):
        mission = rig.call("create_mission", brief=brief)["mission_id"]
        rig.call("plan_steps", mission_id=mission)
        rig.clock.advance(days * 86_400)

        assert len(ticked(rig, base_url=telnyx).lines) == lines


def test_what_cannot_be_told_in_time_is_left_to_the_next_tick(
    rig: Any, survey: Doc, catering: Doc
) -> None:
    class Slow(Told):
        def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:
            rig.clock.advance(30)
            return super().send(notice, route)

    for brief in (survey, catering):
        rig.call("plan_steps", brief=brief)
    slow = Slow()

    ticked(rig, [slow])
    assert len(slow.seen) == 1
    ticked(rig, [slow])
    assert len({notice.notice_id for notice, _ in slow.seen}) == 2


def test_a_slow_mission_leaves_the_next_one_to_the_next_tick(
    rig: Any, survey: Doc, catering: Doc
) -> None:
    first, second = sorted([rig.approved(survey), rig.approved(catering)])

    def slow(event: Event, _state: MissionState) -> None:
        rig.clock.advance(60 if event.kind == "run.started" else 0)

    ticked(rig, observe=slow)
    assert [rig.state(m).phase for m in (first, second)] == ["running", "approved"]
    assert rig.toolkit.ledger.notices.troubles(second) == {}
    ticked(rig)  # the account's one free number is the first one's
    assert rig.toolkit.ledger.notices.troubles(second) != {}


def test_of_a_plan_that_was_made_anew_only_the_last_is_asked_about(rig: Any, catering: Doc) -> None:
    mission = rig.call("plan_steps", brief=catering)["mission_id"]
    changed = {**catering, "details": "40 guests."}
    last = rig.call("plan_steps", mission_id=mission, brief=changed)["plan_hash"]

    (line,) = ticked(rig).lines

    assert f"Plan {last} of" in line


def test_a_number_in_a_name_is_masked_where_it_is_announced(rig: Any, survey: Doc) -> None:
    rig.call("plan_steps", brief={**survey, "name": "Ask +13125550120 and (312) 555-0121"})

    (line,) = ticked(rig).lines

    assert "0120" in line
    assert "3125550120" not in line
    assert "555-0121" not in line


def test_whom_a_booking_no_longer_needs_is_no_matter_of_money(rig: Any) -> None:
    path = FIXTURES / "missions" / "book.yaml"
    rig.approved(yaml.safe_load(path.read_text(encoding="utf-8")))
    way = Told()

    run_by_ticks(rig, [way])

    assert way.kinds[-1] == "completed"
    assert "budget_stop" not in way.kinds


def test_a_plan_that_was_made_anew_after_its_yes_is_asked_about_once(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    changed = {**catering, "details": "40 guests."}
    rig.call("plan_steps", mission_id=mission, brief=changed)

    lines = [line for _ in range(3) for line in ticked(rig).lines]

    assert len(lines) == 1
    assert "waits for your yes" in lines[0]
    assert rig.toolkit.ledger.wakes(1) == []


def _is_there(_lease: LeaseRow) -> bool:
    return False


def test_a_tick_that_follows_does_not_wait_for_what_another_process_does(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    other = rig.another()
    until = rig.clock.now() + timedelta(minutes=10)
    holder = LeaseRow(mission, "elsewhere, process 1", "a token", until)
    rig.shows_life(other, "a token")
    other.ledger.leases.take(holder, rig.clock.now(), _is_there)

    followed = ticked(rig, follow=3_600)
    other.close()

    assert followed.missions == []
    assert rig.state(mission).phase == "approved"


def test_telnyx_is_left_alone_as_long_as_it_asks(
    make_rig: Callable[..., Any], catering: Doc
) -> None:
    fault = {"on": "POST /ai/assistants", "do": "503_retry", "times": 1, "retry_after": 900}
    rig = make_rig(faults=[fault])
    rig.approved(catering)

    ticked(rig)

    assert [wake for _, wake in rig.toolkit.ledger.wakes(1)] == [at("2026-11-23T14:45:00Z")]


@pytest.mark.parametrize(
    ("verb", "phase", "refused"),
    [
        ("cancel_mission", "cancelled", "DELETE /ai/assistants/*/scheduled_events/*"),
        ("pause_mission", "paused", "DELETE /ai/assistants/*/scheduled_events/*"),
    ],
)
def test_a_stop_that_failed_half_way_is_finished_by_the_next_tick(
    make_rig: Callable[..., Any], catering: Doc, verb: str, phase: str, refused: str
) -> None:
    rig = make_rig(faults=[{"on": refused, "do": "403"}])
    before = rig.connections()
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="29m")
    assert rig.state(mission).open_attempts

    with pytest.raises(ToolkitError):
        rig.call(verb, mission_id=mission, reason="lunch")
    ticked(rig)

    assert rig.state(mission).phase == phase
    assert not rig.state(mission).open_attempts
    assert rig.connections() == before
    assert rig.rang() == []


def test_a_resumed_mission_is_gone_on_with_by_ticks(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    ticked(rig)
    rig.call("pause_mission", mission_id=mission, reason="lunch")
    assert rig.toolkit.ledger.wakes(1) == []

    rig.call("resume_mission", mission_id=mission)
    run_by_ticks(rig)

    assert rig.state(mission).phase == "succeeded"


def test_a_mission_cancelled_before_its_yes_is_closed_by_a_tick(
    make_rig: Callable[..., Any], catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": "PATCH /ai/missions/*/runs/*", "do": "403"}])
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    rig.call("plan_steps", mission_id=mission)
    with pytest.raises(ToolkitError):
        rig.call("cancel_mission", mission_id=mission, reason="not needed")

    run_by_ticks(rig)

    assert rig.run_at_telnyx(mission)["status"] == "cancelled"


def test_a_call_that_a_person_must_find_out_about_is_told(
    make_rig: Callable[..., Any], catering: Doc
) -> None:
    dial = "POST /ai/assistants/*/scheduled_events"
    rig = make_rig(faults=[{"on": dial, "do": "drop_before", "nth": 2}])
    rig.approved(catering | {"strict": True})
    way = Told()

    run_by_ticks(rig, [way])

    (text,) = [notice.text for notice, _ in way.seen if notice.kind == "needs_input"]
    assert "a person must find out whether Chicago Grill Co was called" in text


def test_a_target_that_comes_onto_the_do_not_call_list_is_told_of(rig: Any, catering: Doc) -> None:
    rig.approved(catering)
    way = Told()
    ticked(rig, [way])
    rig.call("do_not_call", action="add", phone=CALLED[2], reason="wrote a letter")

    run_by_ticks(rig, [way])

    (text,) = [notice.text for notice, _ in way.seen if "do-not-call list" in notice.text]
    assert "Prairie Table Events is on the do-not-call list (wrote a letter" in text


def test_a_mission_that_reached_nobody_is_told_of_as_failed(rig: Any, survey: Doc) -> None:
    survey["targets"] = [
        {"name": "Nobody", "phone": callee("no-answer"), "timezone": "America/Chicago"}
    ]
    rig.approved(survey)
    way = Told()

    run_by_ticks(rig, [way])

    assert way.kinds[-1] == "failed"
    assert "ended without a result" in way.seen[-1][0].text

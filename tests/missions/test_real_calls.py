"""What each kind of call comes to on the sandbox, and what follows it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.missions.test_other_endings import callee

Doc = dict[str, Any]
CHICAGO = ZoneInfo("America/Chicago")


def to(catering: Doc, *names: str, **changes: Any) -> Doc:
    """The catering brief as a survey of these callees."""
    targets = [
        {"name": f"Place {n}", "phone": callee(name), "timezone": "America/Chicago"}
        for n, name in enumerate(names, 1)
    ]
    return {**catering, "targets": targets, "strategy": "sweep", **changes}


def rows(summary: Doc) -> list[Doc]:
    return summary["result_payload"]["targets"]


def rang_at(rig: Any) -> list[datetime]:
    """When each call rang, on a clock in Chicago."""
    told = (datetime.fromisoformat(call["dispatched_at"]) for call in rig.rang())
    return [at.astimezone(CHICAGO) for at in told]


@pytest.mark.parametrize(
    ("name", "outcome", "calls"),
    [
        ("lakefront-catering", "quoted", 1),
        ("haggler", "quoted", 1),
        ("vague", "incomplete", 1),
        ("phone-tree-with-person", "phone_tree", 3),
        ("hangs-up", "call_back", 3),
        ("asks-for-a-call-back", "quoted", 2),
        ("promises-to-call", "call_back", 1),
        ("changes-the-price", "quoted", 1),
        ("injects", "quoted", 1),
        ("injects-and-fools", "answered", 1),
        ("cut-off", "quoted", 2),
        ("empty-line", "empty", 3),
        ("hold-music", "phone_tree", 3),
        ("speaks-spanish", "quoted", 1),
        ("voicemail", "voicemail", 2),
        ("wrong-number", "wrong_number", 1),
        ("opts-out", "opted_out", 1),
        ("no-answer", "no-answer", 3),
    ],
)
def test_each_personality_comes_to_its_outcome_in_so_many_calls(
    rig: Any, catering: Doc, name: str, outcome: str, calls: int
) -> None:
    (row,) = rows(rig.ran(to(catering, name)))

    assert (row["outcome"], row["attempts"]) == (outcome, calls)
    assert len(rig.rang()) == calls


def test_call_me_at_three_this_afternoon_rings_at_three_their_time(rig: Any, catering: Doc) -> None:
    (row,) = rows(rig.ran(to(catering, "asks-for-a-call-back")))

    first, second = rang_at(rig)
    assert f"{first:%a %H:%M}" < "Mon 11:00"
    assert f"{second:%a %d %b %H:%M:%S}" == "Mon 23 Nov 15:00:00"
    assert row["offer"]["amount"] == 62
    assert row["notes"] == [
        'asked to be called back ("at three this afternoon"),'
        " and was called Mon 23 Nov 15:00 (America/Chicago)"
    ]


def test_a_time_outside_the_hours_becomes_the_next_permitted_one_and_the_summary_says_so(
    rig: Any, catering: Doc
) -> None:
    brief = to(catering, "asks-for-a-call-back")
    brief["calling"] = {"days": "mon-fri", "hours": "09:00-12:00"}

    (row,) = rows(rig.ran(brief))

    assert f"{rang_at(rig)[1]:%a %H:%M}" == "Tue 09:00"
    (note,) = row["notes"]
    assert note.endswith(
        "called Tue 24 Nov 09:00 (America/Chicago), the next permitted time after"
        " Mon 23 Nov 15:00 (America/Chicago)"
    )


def test_a_professional_who_asks_for_the_same_day_is_called_on_the_next(
    rig: Any, catering: Doc
) -> None:
    rig.ran(to(catering, "asks-for-a-call-back", contact="professional"))

    assert f"{rang_at(rig)[1]:%a %H:%M}" == "Tue 09:00"


def test_who_promises_to_call_is_left_alone_and_the_summary_says_where_they_ring(
    rig: Any, catering: Doc
) -> None:
    summary = rig.ran(to(catering, "promises-to-call"))

    (row,) = rows(summary)
    assert row["notes"] == [
        'said that they would call back ("tomorrow morning"): nobody calls them again, and the'
        " number that called them goes back to the account when the mission ends"
    ]
    assert row["notes"][0] in summary["result_summary"]
    assert rig.steps_at_telnyx(summary["mission_id"])["call-1"] == "completed"


@pytest.mark.parametrize(
    ("keys", "outcome"),
    [("2,1", "quoted"), ("2w,1", "quoted"), ("2", "phone_tree"), (None, "phone_tree")],
)
def test_the_right_keys_reach_the_person_behind_a_phone_tree(
    rig: Any, catering: Doc, keys: str | None, outcome: str
) -> None:
    brief = to(catering, "phone-tree-with-person")
    brief["targets"][0]["keys"] = keys

    summary = rig.ran(brief)

    assert rows(summary)[0]["outcome"] == outcome
    plan = rig.state(summary["mission_id"]).plan
    assert plan.document["calls"][0]["keys"] == (keys or "")


def test_a_figure_that_only_a_fooled_model_claims_is_neither_ranked_nor_told_to_others(
    rig: Any, catering: Doc
) -> None:
    catering["targets"] = to(catering, "injects-and-fools", "haggler", "injects")["targets"]

    payload = rig.ran(catering)["result_payload"]

    fooled, haggler, honest = payload["targets"]
    assert (fooled["outcome"], fooled["offer"]["confirmed"]) == ("answered", False)
    assert haggler["told"] is None
    assert haggler["offer"]["amount"] == 72
    assert honest["told"]["amount"] == "72"
    assert payload["recommendation"]["amount"] == 66


def test_a_haggler_comes_down_twice_once_told_of_an_offer(rig: Any, catering: Doc) -> None:
    catering["targets"] = to(catering, "lakefront-catering", "haggler")["targets"]

    payload = rig.ran(catering)["result_payload"]

    assert payload["targets"][1]["told"]["amount"] == "65"
    assert payload["recommendation"]["amount"] == 64


def test_a_price_that_was_taken_back_is_not_the_offer(rig: Any, catering: Doc) -> None:
    (row,) = rows(rig.ran(to(catering, "changes-the-price", strategy="negotiate")))

    assert (row["opening"]["amount"], row["offer"]["amount"]) == (60, 68)


def test_a_line_that_dropped_is_tried_again_within_minutes(rig: Any, catering: Doc) -> None:
    rig.ran(to(catering, "cut-off"))

    first, second = rang_at(rig)
    assert 10 <= (second - first).total_seconds() / 60 <= 13

"""The plan: what a person's yes is bound to, and what they are told it may cost."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.forecast import foresee
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.permitted import next_permitted
from telnyx_toolkit.plan import digest, hash_of, make_plan, steps_of
from telnyx_toolkit.policy import LEAD
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.script import script_of
from tests.unit.build import (
    OBJECTIVE,
    RATES,
    SANDBOX,
    START,
    TELNYX,
    Doc,
    Story,
    document,
    make_brief,
    target,
    targets,
)


def plan(
    brief: Brief,
    base_url: str = SANDBOX,
    now: datetime = START,
    script: Mapping[str, Any] | None = None,
) -> tuple[str, Doc]:
    spoken = script or script_of(brief, Prompts())
    people = Story(brief).targets
    return make_plan(brief, people, spoken, base_url, RATES, foresee(brief, people, now, Pace()))


def plan_hash(**changes: Any) -> str:
    return plan(make_brief(**changes))[0]


def test_the_same_brief_gives_the_same_hash_at_any_time():
    first, later = plan(make_brief()), plan(make_brief(), now=START + timedelta(days=3))

    assert first[0] == later[0]
    assert first[1]["calls"] != later[1]["calls"]
    assert len(first[0]) == 16
    assert set(first[0]) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Corporate catering quote"},
        {"goal": "Another."},
        {"on_behalf_of": "Dana Reyes of Southwind Events"},
        {"details": "51 guests, buffet, delivery by 11:30."},
        {"targets": [target("Lakefront Catering", "+13125550104"), *document()["targets"][1:]]},
        {"targets": document()["targets"][::-1]},
        {"targets": document()["targets"][:2]},
        {"collect": {**document()["collect"], "menu": {"type": "string"}}},
        {"objective": {**OBJECTIVE, "target": 57}},
        {"objective": {**OBJECTIVE, "quantity": 51}},
        {"leverage": {"name_competitors": True}},
        {"contact": "professional"},
        {"calling": {"hours": "09:00-17:05"}},
        {"calling": {"days": "mon-sat"}},
        {"calling": {"finish_by": "2026-12-04"}},
        {"limits": {"attempts_per_target": 2}},
        {"limits": {"minutes_per_call": 11}},
        {"limits": {"spend_usd": "5.01"}},
        {"voice": {"language": "en-GB"}},
        {"record": True},
        {"keep": True},
    ],
)
def test_any_change_of_the_brief_changes_the_hash(changes: Doc):
    assert plan_hash(**changes) != plan_hash()


def test_one_digit_of_one_phone_changes_the_hash():
    hashes = {plan_hash(targets=targets(n)[-1:]) for n in range(1, 13)}

    assert len(hashes) == 12


def test_another_server_changes_the_hash():
    assert plan(make_brief(), base_url=TELNYX)[0] != plan(make_brief())[0]


@pytest.mark.parametrize(
    "part", ["greeting", "instructions", "insight_answers", "insight_summary", "insight_schema"]
)
def test_one_other_word_to_be_said_or_extracted_changes_the_hash(part: str):
    brief = make_brief()
    script = script_of(brief, Prompts())
    changed = {**script, part: f"{script[part]} "}

    assert plan(brief, script=changed)[0] != plan(brief, script=script)[0]


def test_a_number_that_would_ring_elsewhere_changes_the_hash():
    brief, story = make_brief(), Story(make_brief())
    moved = tuple(
        type(t)(t.step_id, t.name, t.phone, "America/Denver", t.source) for t in story.targets
    )

    script: Doc = {"greeting": "", "messages": {}}

    here = hash_of(brief, story.targets, script, SANDBOX)
    assert hash_of(brief, moved, script, SANDBOX) != here


def test_the_steps_go_from_research_to_comparison():
    steps = plan(make_brief())[1]["steps"]

    assert [(s["step_id"], s["sequence"]) for s in steps] == [
        ("research", 1),
        ("setup", 2),
        ("call-1", 3),
        ("call-2", 4),
        ("call-3", 5),
        ("compare", 6),
    ]
    assert steps[2]["description"] == "Call Lakefront Catering"


def test_without_a_source_there_is_no_research():
    story = Story(make_brief(targets=targets(2)))

    steps = steps_of(story.brief, story.targets)

    assert [s["step_id"] for s in steps] == ["setup", "call-1", "call-2", "compare"]
    assert [s["sequence"] for s in steps] == [1, 2, 3, 4]


def test_a_negotiation_is_scheduled_one_call_after_the_other():
    _, shown = plan(make_brief())

    rings = [datetime.fromisoformat(call["ring_at"]) for call in shown["calls"]]
    assert rings[0] == START + LEAD
    assert rings[1] - rings[0] == rings[2] - rings[1] == timedelta(minutes=6, seconds=30)
    assert shown["calls"][0]["ring_at_local"] == "2026-12-01T09:02:00-06:00"
    assert shown["estimate"]["first_call_at"] == shown["calls"][0]["ring_at"]
    assert shown["estimate"]["last_call_at"] == shown["calls"][2]["ring_at"]


def test_a_sweep_is_scheduled_two_at_a_time():
    brief = make_brief(strategy="sweep", targets=targets(5))

    rings = [call["ring_at"] for call in plan(brief)[1]["calls"]]

    assert rings[0] == rings[1] < rings[2] == rings[3] < rings[4]


def test_a_target_that_can_never_be_called_shows_no_time():
    brief = make_brief(calling={"finish_by": "2026-11-30"})

    calls, estimate = (plan(brief)[1][key] for key in ("calls", "estimate"))

    assert [(call["ring_at"], call["ring_at_local"]) for call in calls] == [(None, None)] * 3
    assert (estimate["first_call_at"], estimate["last_call_at"]) == (None, None)


def test_every_planned_call_is_at_a_permitted_time():
    brief = make_brief(targets=targets(120), calling={"hours": "10:00-12:00"})
    story = Story(brief)

    calls = plan(brief)[1]["calls"]

    for one, call in zip(story.targets, calls, strict=True):
        ring_at = datetime.fromisoformat(call["ring_at"])
        assert ring_at.tzinfo == UTC
        assert next_permitted(brief.calling, one, ring_at) == ring_at


def test_the_greeting_is_shown():
    assert plan(make_brief())[1]["greeting"].startswith("Hello, is this {{target_name}}?")


def test_the_estimate_tells_the_usual_and_the_most():
    assert plan(make_brief())[1]["estimate"] == {
        "calls": 3,
        "calls_at_most": 9,
        "messages": 0,
        "minutes": 12,
        "minutes_at_most": 90,
        "usd": "1.20",
        "usd_at_most": "5.00",
        "rates_as_of": "2026-08-17",
        "rates_are_old": False,
        "first_call_at": "2026-12-01T15:02:00+00:00",
        "last_call_at": "2026-12-01T15:15:00+00:00",
        "done_by": "2026-12-01T15:19:00+00:00",
        "done_by_at_latest": "2026-12-01T17:39:00+00:00",
        "not_all_tries": 0,
        "limited_by": "",
    }


@pytest.mark.parametrize(
    ("count", "limits"),
    [
        (20, {"spend_usd": "5.00"}),
        (1, {"spend_usd": "0.30"}),
        (3, {"attempts_per_target": 1, "minutes_per_call": 2}),
    ],
)
def test_the_usual_is_never_more_than_the_most(count: int, limits: Doc):
    told = plan(make_brief(targets=targets(count), limits=limits))[1]["estimate"]

    assert told["minutes"] <= told["minutes_at_most"]
    assert Decimal(told["usd"]) <= Decimal(told["usd_at_most"])


@pytest.mark.parametrize(("spend", "most"), [("5.00", "5.00"), ("100.00", "9.00")])
def test_the_estimate_is_never_more_than_the_cap(spend: str, most: str):
    brief = make_brief(limits={"spend_usd": spend})

    assert plan(brief)[1]["estimate"]["usd_at_most"] == most


def test_a_digest_does_not_depend_on_the_order_of_fields():
    assert digest({"a": 1, "b": "é"}) == digest({"b": "é", "a": 1}) != digest({"a": 1, "b": "e"})

"""What cannot follow is never written: each illegal fact is refused where it stands."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from telnyx_toolkit.errors import IllegalTransition
from telnyx_toolkit.transitions import fold
from tests.unit.build import GRILL, LAKEFRONT, Doc, Story, make_brief, quote, running

BRIEF: Doc = {"brief": make_brief().model_dump(mode="json"), "brief_hash": "h"}
DRAFT: Doc = {**BRIEF, "base_url": ""}
PLAN: Doc = {"plan_hash": "p", "plan": {"steps": []}}
YES: Doc = {"plan_hash": "p", "approved_by": "Dana", "words": "Yes."}
OF_A1: Doc = {"attempt_id": "a1"}
LOST: Doc = {"attempt_id": "a1", "reason": "lost"}
PLACED: Doc = {"attempt_id": "a1", "scheduled_event_id": "ev-1"}
OVER: Doc = {"attempt_id": "a1", "call_status": "busy", "conversation_id": "", "duration_s": 0}
WORDS: Doc = {
    "attempt_id": "a1",
    "conversation_id": "",
    "transcript": [],
    "insight": None,
    "insight_problem": "",
    "notes": "",
}
RESULT: Doc = {"status": "succeeded", "result_summary": "", "result_payload": {}}
REQUEST: Doc = {
    "attempt_id": "a9",
    "step_id": LAKEFRONT,
    "body": "{}",
    "scheduled_at": "2026-12-01T15:02:00+00:00",
    "leverage": None,
    "reserved_usd": "1.00",
}


def drafted() -> Story:
    return Story(make_brief())


def planned() -> Story:
    return drafted().tell("plan.made", **PLAN)


def approved() -> Story:
    return planned().tell("plan.approved", **YES)


def finished() -> Story:
    return running().finish("succeeded", {})


def attempt(phase: str) -> Story:
    """A running mission whose one attempt has come to `phase`."""
    story = running()
    story.request(LAKEFRONT)
    ways: dict[str, list[tuple[str, Doc]]] = {
        "requested": [],
        "sent": [("attempt.sent", OF_A1)],
        "unknown": [("attempt.sent", OF_A1), ("attempt.unknown", LOST)],
        "scheduled": [("attempt.sent", OF_A1), ("attempt.scheduled", PLACED)],
        "abandoned": [("attempt.abandoned", LOST)],
        "unresolved": [("attempt.sent", OF_A1), ("attempt.unresolved", LOST)],
        "ended": [
            ("attempt.sent", OF_A1),
            ("attempt.scheduled", PLACED),
            ("attempt.ended", OVER),
        ],
        "collected": [
            ("attempt.sent", OF_A1),
            ("attempt.scheduled", PLACED),
            ("attempt.ended", OVER),
            ("attempt.collected", WORDS),
        ],
    }
    for kind, data in ways[phase]:
        story.tell(kind, **data)
    assert story.state.attempts[0].phase == phase
    return story


PHASES = [
    *("requested", "sent", "unknown", "scheduled"),
    *("abandoned", "ended", "collected", "unresolved"),
]
TWICE: Doc = {**OF_A1, "scheduled_event_ids": ["ev-2"]}
#: What may happen to an attempt, and from where.
MOVES: dict[str, tuple[Doc, set[str]]] = {
    "attempt.sent": (OF_A1, {"requested"}),
    "attempt.unknown": (LOST, {"sent"}),
    "attempt.sought": (OF_A1, {"sent", "unknown"}),
    "attempt.scheduled": (PLACED, {"sent", "unknown"}),
    "attempt.abandoned": (LOST, {"requested", "sent", "unknown", "scheduled"}),
    "attempt.surplus": (TWICE, {"sent", "unknown"}),
    "attempt.unresolved": (LOST, {"sent", "unknown"}),
    "attempt.ended": (OVER, {"scheduled"}),
    "attempt.collected": (WORDS, {"ended"}),
}


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize("phase", PHASES)
def test_an_attempt_moves_only_as_calls_do(kind: str, phase: str):
    data, allowed = MOVES[kind]
    story = attempt(phase)

    if phase in allowed:
        story.tell(kind, **data)
        return
    before = story.state
    with pytest.raises(IllegalTransition, match=f"{kind} cannot follow in mission m_example"):
        story.tell(kind, **data)
    assert story.state is before


@pytest.mark.parametrize("kind", MOVES)
def test_nothing_happens_to_an_attempt_nobody_requested(kind: str):
    with pytest.raises(IllegalTransition):
        running().tell(kind, **MOVES[kind][0])


@pytest.mark.parametrize("phase", [p for p in PHASES if p not in {"abandoned", "collected"}])
def test_a_target_has_one_open_attempt_at_most(phase: str):
    story = attempt(phase)

    with pytest.raises(IllegalTransition):
        story.tell("attempt.requested", **REQUEST)
    story.tell("attempt.requested", **{**REQUEST, "step_id": GRILL})


@pytest.mark.parametrize("phase", ["abandoned", "collected"])
def test_a_target_may_be_tried_again_once_its_attempt_is_over(phase: str):
    story = attempt(phase).tell("attempt.requested", **REQUEST)

    assert story.state.attempts[-1].phase == "requested"


@pytest.mark.parametrize(
    ("story", "kind", "data"),
    [
        (drafted, "mission.drafted", DRAFT),
        (running, "brief.revised", BRIEF),
        (finished, "brief.revised", BRIEF),
        (running, "plan.made", PLAN),
        (finished, "plan.made", PLAN),
        (drafted, "plan.approved", YES),
        (planned, "plan.approved", {**YES, "plan_hash": "another"}),
        (approved, "plan.approved", {**YES, "plan_hash": "another"}),
        (running, "plan.approved", YES),
        (drafted, "run.started", {}),
        (planned, "run.started", {}),
        (running, "run.started", {}),
        (finished, "run.started", {}),
        (drafted, "attempt.requested", REQUEST),
        (planned, "attempt.requested", REQUEST),
        (approved, "attempt.requested", REQUEST),
        (finished, "attempt.requested", REQUEST),
        (running, "attempt.requested", {**REQUEST, "step_id": "call-9"}),
        (running, "attempt.requested", {**REQUEST, "step_id": "setup"}),
        (finished, "cancel.requested", {"reason": ""}),
        (finished, "run.finished", RESULT),
        (running, "run.finished", {**RESULT, "status": "running"}),
        (running, "run.finished", {**RESULT, "status": "canceled"}),
    ],
)
def test_a_mission_moves_only_as_missions_do(story: Callable[[], Story], kind: str, data: Doc):
    with pytest.raises(IllegalTransition, match=f"{kind} cannot follow"):
        story().tell(kind, **data)


@pytest.mark.parametrize(
    ("before", "kind", "data"),
    [
        ([], "effect.executed", {"effect": "x", "result": {}}),
        ([], "effect.undone", {"effect": "x"}),
        (["requested", "executed"], "effect.requested", {"effect": "x", "key": "k", "body": {}}),
        (["requested", "executed"], "effect.executed", {"effect": "x", "result": {}}),
    ],
)
def test_an_effect_is_done_once_and_undone_once(before: list[str], kind: str, data: Doc):
    story = running()
    for word in before:
        story.tell(f"effect.{word}", effect="x", key="k", body={}, result={})

    with pytest.raises(IllegalTransition):
        story.tell(kind, **data)


def test_an_effect_may_be_requested_again_while_its_answer_is_unknown():
    story = running()

    for key in ("k1", "k2"):
        story.tell("effect.requested", effect="x", key=key, body={})

    assert story.state.effects["x"].key == "k2"


@pytest.mark.parametrize(
    ("before", "word", "allowed"),
    [
        ([], "started", True),
        ([], "completed", False),
        ([], "failed", True),
        ([], "skipped", True),
        (["started"], "started", False),
        (["started"], "completed", True),
        (["started"], "failed", True),
        (["started"], "skipped", True),
        (["started", "completed"], "completed", False),
        (["started", "completed"], "failed", False),
        (["started", "completed"], "skipped", False),
        (["started", "completed"], "started", False),
        (["failed"], "started", False),
        (["skipped"], "started", False),
    ],
)
def test_a_step_moves_only_forward(before: list[str], word: str, allowed: bool):
    story = running()
    for earlier in before:
        story.tell(f"step.{earlier}", step_id=LAKEFRONT)

    if allowed:
        story.tell(f"step.{word}", step_id=LAKEFRONT)
    else:
        with pytest.raises(IllegalTransition):
            story.tell(f"step.{word}", step_id=LAKEFRONT)


@pytest.mark.parametrize("word", ["started", "failed", "skipped"])
def test_a_step_that_the_plan_lacks_does_not_move(word: str):
    with pytest.raises(IllegalTransition):
        running().tell(f"step.{word}", step_id="call-9")


@pytest.mark.parametrize("seq", [1, 5, 6, 8, 99])
def test_no_fact_is_missing_and_none_comes_twice(seq: int):
    story = running().tell("agent.noted", type="custom", summary="", step_id="", payload={})
    events = story.events
    assert len(events) == 5
    following = replace(events[-1], seq=seq)

    if seq == 6:
        assert fold([*events, following]).seq == 6
        return
    with pytest.raises(IllegalTransition, match=f"Event {seq} follows event 5"):
        fold([*events, following])


def test_an_illegal_fact_names_the_ids_and_the_phase_but_no_words():
    story = running().call(LAKEFRONT, quote(65))
    words = "what was said"

    with pytest.raises(IllegalTransition) as caught:
        story.tell("attempt.sent", attempt_id="a1", transcript=words)

    assert "(running)" in caught.value.message
    assert "'attempt_id': 'a1'" in caught.value.message
    assert words not in caught.value.message


def test_a_brief_from_before_there_were_keys_still_folds():
    data = dict(Story(make_brief()).events[0].data)
    older = [{k: v for k, v in t.items() if k != "keys"} for t in data["brief"]["targets"]]
    data["brief"] = {**data["brief"], "targets": older}

    state = fold([replace(Story(make_brief()).events[0], data=data)])

    assert {target.keys for target in state.targets} == {""}


def test_surplus_events_add_up_each_once():
    story = attempt("unknown").tell("attempt.surplus", **TWICE).tell("attempt.surplus", **TWICE)

    assert story.state.attempts[0].surplus == ("ev-2",)


@pytest.mark.parametrize(("told", "is_frozen"), [({}, False), ({"frozen": True}, True)])
def test_a_misused_key_freezes_an_attempt(told: Doc, is_frozen: bool):
    story = attempt("sent").tell("attempt.unknown", **LOST, **told)

    assert story.state.attempts[0].is_frozen is is_frozen


def test_nobody_is_asked_for_who_was_barred_and_the_first_reason_stays():
    story = running().tell("target.barred", step_id=LAKEFRONT, reason="wrote a letter")
    story.tell("target.barred", step_id=LAKEFRONT, reason="wrote another")

    assert story.state.barred == {LAKEFRONT: "wrote a letter"}
    with pytest.raises(IllegalTransition, match=r"attempt\.requested"):
        story.tell("attempt.requested", **REQUEST)
    story.request(GRILL)
    with pytest.raises(IllegalTransition, match=r"target\.barred"):
        story.tell("target.barred", step_id="call-9", reason="who?")


def test_another_brief_bars_nobody_yet():
    story = Story(make_brief()).tell("target.barred", step_id=LAKEFRONT, reason="wrote a letter")

    assert story.tell("brief.revised", **BRIEF).state.barred == {}

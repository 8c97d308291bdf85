"""Stages: what each is as a brief of its own, who goes on, and what a brief of stages must be."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.errors import IllegalTransition, InvalidInput
from telnyx_toolkit.shortlist import shortlist
from telnyx_toolkit.strategies import Call, next_actions
from tests.conftest import FIXTURES
from tests.unit.build import GRILL, LAKEFRONT, PRAIRIE, Doc, Said, Story, running, talk

NAMES = ["Lakefront Catering", "Chicago Grill Co", "Prairie Table Events", "Riverside Banquets"]


@pytest.fixture
def two_rounds() -> Doc:
    return yaml.safe_load((FIXTURES / "missions" / "rounds.yaml").read_text(encoding="utf-8"))


def fee(percent: int, available: bool = True) -> Any:
    answers: dict[str, Said] = {
        "available": (available, "yes, we are free" if available else "no, we are booked"),
        "service_fee_percent": (percent, f"it is {percent} percent"),
    }
    return talk(
        f"{answers['available'][1]}. And {answers['service_fee_percent'][1]}.", answers=answers
    )


def asked(brief: Doc, *fees: int) -> Story:
    """A first stage in which each target in turn named its fee."""
    story = running(Brief.model_validate(brief))
    for n, percent in enumerate(fees, 1):
        story.call(f"call-{n}", fee(percent))
    return story


def goes_on(story: Story) -> list[str]:
    brief = Brief.model_validate(story.state.current)
    return shortlist(brief, story.state, story.now)


def test_a_stage_is_a_brief_of_its_own_strategy_questions_and_targets(two_rounds: Doc):
    brief = parse_brief(two_rounds)

    first = brief.at_stage(1, NAMES)
    second = brief.at_stage(2, [NAMES[2], NAMES[0]])

    assert (first.strategy, second.strategy) == ("screen", "negotiate")
    assert set(first.collect) == {"available", "service_fee_percent"}
    assert set(second.collect) == {"available", "price_per_person", "includes_dessert"}
    assert first.objective is None
    assert second.rubric is None
    assert [target.name for target in second.targets] == [NAMES[2], NAMES[0]]
    assert all(target.source for target in first.targets)
    assert not any(target.source for target in second.targets)
    assert second.stages == ()


def test_the_best_by_the_rubric_go_on_best_first(two_rounds: Doc):
    assert goes_on(asked(two_rounds, 20, 5, 10)) == [NAMES[1], NAMES[2]]


def test_whoever_asked_for_no_more_calls_does_not_go_on(two_rounds: Doc):
    story = asked(two_rounds, 20, 5, 10).tell("target.barred", step_id=GRILL, reason="asked us")

    assert goes_on(story) == [NAMES[2], NAMES[0]]


def test_as_many_go_on_as_the_stage_says(two_rounds: Doc):
    two_rounds["stages"][0]["shortlist"] = 1

    assert goes_on(asked(two_rounds, 20, 5, 10)) == [NAMES[1]]


def test_without_a_rubric_the_offers_or_the_answers_decide(two_rounds: Doc):
    first, second = two_rounds["stages"]
    survey = {"name": first["name"], "strategy": "sweep", "collect": first["collect"]}
    offers = {**survey, "objective": {"minimize": "service_fee_percent"}, "shortlist": 2}

    by_answers = asked({**two_rounds, "stages": [survey, second]}, 20, 5, 10)
    by_offers = asked({**two_rounds, "stages": [offers, second]}, 20, 5, 10)

    assert goes_on(by_answers) == NAMES[:3]
    assert goes_on(by_offers) == [NAMES[1], NAMES[2]]


def test_a_mission_of_stages_goes_by_the_strategy_of_the_present_one(two_rounds: Doc):
    story = asked(two_rounds)

    wanted = list(next_actions(story.brief, story.state, story.now))

    steps = [action.step_id for action in wanted if isinstance(action, Call)]
    assert steps == [LAKEFRONT, GRILL, PRAIRIE, "call-4"]


def test_tries_of_an_earlier_stage_do_not_count_in_the_next_and_their_targets_are_known(
    two_rounds: Doc,
):
    story = asked(two_rounds, 20, 5, 10)
    before = len(story.state.attempts)
    result = {"headline": "Done."}
    names = [NAMES[1], NAMES[2]]
    story.tell("stage.finished", stage=1, name="x", shortlist=names, result_payload=result)
    story.tell("stage.opened", shortlist=names)

    assert [target.step_id for target in story.state.targets] == ["s2-call-2", "s2-call-3"]
    assert story.state.attempts_at("s2-call-2") == ()
    assert len(story.state.attempts) == before
    assert story.state.target(GRILL).name == NAMES[1]
    assert (story.state.phase, story.state.revision) == ("draft", 2)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("stage.opened", {"shortlist": NAMES[:1]}),
        ("shortlist.edited", {"shortlist": NAMES[:1]}),
    ],
)
def test_no_stage_begins_before_the_one_before_has_ended(two_rounds: Doc, kind: str, data: Doc):
    with pytest.raises(IllegalTransition):
        asked(two_rounds).tell(kind, **data)


def test_the_last_stage_ends_with_the_run_and_not_as_a_stage():
    story = running()

    with pytest.raises(IllegalTransition):
        story.tell("stage.finished", stage=1, name="x", shortlist=[], result_payload={})


CHANGES: list[tuple[Callable[[Doc], object], str]] = [
    (lambda d: d.pop("stages"), "strategy 'rounds' needs"),
    (lambda d: d["stages"].pop(), "there is one stage: use its strategy, without stages"),
    (lambda d: d["stages"][0].update(strategy="rounds"), "is of rounds again"),
    (lambda d: d["stages"][0].update(strategy="scren"), "stage 'who can do it': strategy is"),
    (lambda d: d["stages"][0].pop("rubric"), "stage 'who can do it': strategy 'screen' needs"),
    (lambda d: d["stages"][1].pop("objective"), "stage 'for how much': strategy 'negotiate'"),
    (
        lambda d: d["stages"][1]["objective"].update(minimize="prise"),
        "stage 'for how much': objective names 'prise', which is not in collect",
    ),
    (lambda d: d.update(objective={"minimize": "x"}), "has an objective in a stage"),
    (lambda d: d.update(strategy="sweep"), "strategy 'sweep' has no use for stages"),
    (lambda d: d["targets"][0].update(channel="sms"), "strategy 'rounds' is spoken"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_a_brief_of_stages_that_makes_no_sense_says_which_stage(
    two_rounds: Doc, change: Callable[[Doc], object], said: str
):
    change(two_rounds)

    with pytest.raises(InvalidInput) as refused:
        parse_brief(two_rounds)
    assert said in refused.value.message

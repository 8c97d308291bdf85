"""Days and hours of calling, and the fields on which a result rests."""

from datetime import time

import pytest

from telnyx_toolkit.brief_parts import Calling
from telnyx_toolkit.hours import weekdays
from tests.unit.build import OBJECTIVE, make_brief, sweep_brief


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("mon,wed,sat", {0, 2, 5}),
        ("sat-mon", {5, 6, 0}),
        ("sun-sat", {0, 1, 2, 3, 4, 5, 6}),
        ("mon-tue, sun", {0, 1, 6}),
        ("TUE", {1}),
        ("fri-fri", {4}),
    ],
)
def test_days_are_ranges_and_lists_around_the_week(text: str, days: set[int]):
    assert weekdays(text) == days
    assert Calling(days=text).weekdays == days


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("09:00-17:00", time(9), time(17)),
        ("00:00-24:00", time(0), time.max),
        ("00:00-23:59", time(0), time(23, 59)),
        ("08:05 - 08:06", time(8, 5), time(8, 6)),
    ],
)
def test_hours_run_from_opening_to_closing(text: str, opens: time, closes: time):
    calling = Calling(hours=text)

    assert (calling.opens, calling.closes) == (opens, closes)


def test_a_result_rests_on_what_is_required_and_what_is_compared():
    brief = make_brief()

    assert brief.decisive_fields == ("price_per_person", "includes_dessert", "available")


def test_what_is_compared_is_decisive_without_being_required():
    collect = {"price": {"type": "number"}, "parking": {"type": "boolean"}}
    objective = {"maximize": "price", "like_for_like": ["parking"]}

    brief = make_brief(collect=collect, objective=objective)

    assert brief.decisive_fields == ("price", "parking")
    assert brief.objective is not None
    assert brief.objective.field == "price"


def test_without_an_objective_only_what_is_required_is_decisive():
    assert sweep_brief().decisive_fields == ("available",)


def test_an_objective_counts_one_of_it_unless_told_otherwise():
    objective = {"minimize": OBJECTIVE["minimize"]}
    brief = make_brief(objective=objective)

    assert brief.objective is not None
    assert brief.objective.quantity == 1
    assert brief.objective.like_for_like == {}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-12-04", "2026-12-04"),
        ("2026-12-04", "2026-12-04T17:00:00Z"),
        ("2026-12-04T17:00:00Z", "2026-12-04"),
        ("2026-12-04T17:00:00Z", "2026-12-04T12:00:00-05:00"),
    ],
)
def test_the_first_day_may_be_the_last(first: str, last: str):
    calling = Calling.model_validate({"not_before": first, "finish_by": last})

    assert Calling.model_validate(calling.model_dump(mode="json")) == calling


def test_equal_wishes_are_one_key():
    dumped = Calling.model_validate({"not_before": "2026-12-04"}).model_dump(mode="json")
    some, same = Calling.model_validate(dumped), Calling.model_validate(dumped)

    assert len({some, same, Calling(on_holidays=True)}) == 2

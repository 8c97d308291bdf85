"""The plan in twenty lines: what somebody reads who has never seen the project."""

from typing import Any

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.forecast import foresee
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.plan import make_plan
from telnyx_toolkit.plan_words import MOST_LINES, plan_words
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.script import script_of
from tests.unit.build import (
    RATES,
    SANDBOX,
    START,
    Story,
    make_brief,
    sweep_brief,
    target,
    targets,
)
from tests.unit.strategies import booking_brief, screening

MANY = {"spend_usd": "900.00"}


def words(brief: Brief) -> list[str]:
    story = Story(brief)
    script = script_of(brief, Prompts())
    forecast = foresee(brief, story.targets, START, Pace())
    plan_hash, plan = make_plan(brief, story.targets, script, SANDBOX, RATES, forecast)
    story.tell("plan.made", plan_hash=plan_hash, plan=plan)
    return plan_words(story.state)


def test_it_says_whom_when_what_first_how_much_and_how_to_stop():
    told = "\n".join(words(make_brief()))

    for part in (
        "Corporate catering quotes (negotiate, for Dana Reyes of Northwind Events)",
        "1. call Lakefront Catering, +13125550101, Tue 01 Dec 09:02 (America/Chicago)",
        "3. call Prairie Table Events",
        'Said first: "Hello, is this Lakefront Catering? I am an AI assistant calling on behalf of',
        "The best offer in hand is told to the next one called, never whose it is.",
        "Only mon-fri 09:00-17:00 their time",
        "Done Tue 01 Dec 09:19 (America/Chicago) if all answer at once",
        "Cost: about $1.20, never over $5.00",
        "Stop at any time: telnyx-toolkit cancel-mission",
    ):
        assert part in told


def test_it_says_which_keys_are_pressed():
    people = [
        {**target("Lakefront", "+13125550101"), "keys": "1,0"},
        target("Grill", "+13125550102"),
    ]

    told = words(sweep_brief(targets=people))

    assert told[2].endswith("(America/Chicago), keys 1,0")
    assert told[3].endswith("(America/Chicago)")


@pytest.mark.parametrize("count", [1, 6, 7, 1_000])
def test_it_never_takes_more_than_twenty_lines(count: int):
    brief = sweep_brief(targets=_people(count), limits=MANY)

    told = words(brief)

    assert len(told) <= MOST_LINES
    assert not any("\n" in line for line in told)
    if count > 6:
        assert f"… and {count - 5} more" in "\n".join(told)


def test_it_says_from_when_on_and_until_when():
    calling = {"not_before": "2026-12-02", "finish_by": "2026-12-04"}

    told = "\n".join(words(make_brief(calling=calling)))

    assert "17:00 their time, from 2026-12-02, until 2026-12-04, on no public holiday" in told


def test_competitors_are_named_only_if_the_brief_allows_it():
    told = "\n".join(words(make_brief(leverage={"name_competitors": True})))

    assert "by name" in told


def test_it_says_what_takes_the_time():
    told = "\n".join(words(sweep_brief(targets=_people(60), limits=MANY)))

    assert "What takes the time: the account's 10 calls an hour." in told


def _people(count: int) -> list[Any]:
    if count <= 12:
        return targets(count)
    zone = {"timezone": "America/Chicago"}
    return [{"name": f"Shop {n}", "phone": f"+1312{5_560_000 + n}", **zone} for n in range(count)]


def test_it_says_that_the_assistant_will_commit_and_to_what():
    book = {"confirmed_by": "reserved", "must": {"price": {"at_most": 180}}, "at_once": 2}
    late = [target("Late Inn", "+13125550109")]

    told = "\n".join(words(Brief.model_validate(booking_brief(book=book, fallback=late))))

    assert "It may book for you, only with price at most 180: the first confirmation wins;" in told
    assert "2 calls at once, so two could confirm." in told
    assert "If a yes cannot be shown, calls stop, and you find out." in told
    assert "4. call Late Inn, +13125550109, Tue 01 Dec 09:08 (America/Chicago), only if" in told
    assert told.count("only if nobody before confirms") == 1


def test_it_says_what_the_answers_are_worth():
    told = "\n".join(words(Brief.model_validate(screening())))

    assert (
        "Ranked by hourly rate x5, weekend service x3, speciality x2; must have insured;"
        " the best 2 are shortlisted."
    ) in told
    assert "may book" not in told

"""A promised call: borne out by their own words, at their time, within all rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.call_backs import CallBack, call_back_in, promised_at
from telnyx_toolkit.model import Attempt, Target
from telnyx_toolkit.permitted import next_permitted, why_not
from telnyx_toolkit.policy import LEAD, Allow, Defer, Deny, check
from telnyx_toolkit.standing import standing
from tests.unit.build import (
    CHICAGO,
    LAKEFRONT,
    START,
    Doc,
    Story,
    Talk,
    collected,
    make_brief,
    running,
    talk,
    target,
)

#: A Kentucky number that may be in either of two zones, an hour apart.
TWO_ZONES = "+12705550142"


def wanted(words: str, who: str = "us") -> Doc:
    return {"wanted": True, "who": who, "when_words": words}


def asked(words: str, who: str = "us") -> Talk:
    return talk(f"No time now. {words}", call_back=wanted(words, who))


def called_back(words: str, at: datetime = START, **changes: Any) -> Story:
    """A first call at `at`, in which they ask to be called back."""
    return running(make_brief(**changes), at=at).call(LAKEFRONT, asked(words))


def ring(story: Story, at: datetime | None = None) -> datetime:
    """When the next call to them rings."""
    now = at or story.now
    for _ in range(9):
        answer = check(story.brief, story.state, story.state.target(LAKEFRONT), now)
        if isinstance(answer, Allow):
            return answer.ring_at
        assert isinstance(answer, Defer), answer
        now = max(now, answer.until)
    raise AssertionError("never")


def local(instant: datetime, zone: str = CHICAGO) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("said", "promise"),
    [
        (asked("Call me at three."), CallBack("us", "Call me at three.")),
        (
            talk("Call me at  THREE, please", call_back=wanted("at three")),
            CallBack("us", "at three"),
        ),
        (talk("Please call back later.", call_back=wanted("")), CallBack("us", "")),
        (talk("Please call back later.", call_back=wanted("at five")), CallBack("us", "")),
        (talk("I will call you.", call_back=wanted("", "them")), CallBack("them", "")),
        (talk("Hm.", call_back=wanted("tomorrow")), None),
        (talk("Hm.", call_back=wanted("")), None),
        (talk("No need to call back.", call_back=wanted("")), None),
        (talk("Call me at three.", call_back={**wanted("at three"), "wanted": False}), None),
        (talk("Call me at three.", call_back="at three"), None),
        (
            Talk((("user", "At three, please."),), {"call_back_at": "at three"}),
            CallBack("us", "at three"),
        ),
        (Talk((("user", "Hm."),), {"call_back_at": "at three"}), None),
        (
            Talk((("user", "Hi. Please call me back at 3."),), None),
            CallBack("us", "Please call me back at 3."),
        ),
        (
            Talk((("user", "I will call you back."),), None),
            CallBack("them", "I will call you back."),
        ),
        (
            Talk((("user", "Ll\u00e1meme ma\u00f1ana."),), None),
            CallBack("us", "Ll\u00e1meme ma\u00f1ana."),
        ),
        (Talk((("user", "Don't call me back."),), None), None),
        (Talk((("user", "They call me Bob."),), None), None),
        (Talk((("user", "\u00bfC\u00f3mo se llama usted?"),), None), None),
        (Talk((("assistant", "Shall I call back at 3?"),), None), None),
    ],
)
def test_a_call_is_promised_only_if_the_persons_own_words_bear_it_out(
    said: Talk, promise: CallBack | None
):
    assert call_back_in(collected(said)) == promise


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("Call me at three this afternoon.", "Tue 01 Dec 15:00"),
        ("Call me at three.", "Tue 01 Dec 15:00"),
        ("Call me tomorrow at ten.", "Wed 02 Dec 10:00"),
        ("Call me tomorrow.", "Wed 02 Dec 09:00"),
        ("Call me in two hours.", "Tue 01 Dec 11:05"),
        ("Call me after 5.", "Wed 02 Dec 09:00"),
        ("Call me on Saturday.", "Mon 07 Dec 09:00"),
        ("Call me on the 25th.", "Mon 28 Dec 09:00"),
        ("Call me at eight.", "Wed 02 Dec 09:00"),
    ],
)
def test_they_are_called_when_they_asked_or_as_soon_after_as_is_permitted(words: str, at: str):
    assert local(ring(called_back(words))) == at


def test_a_time_of_day_on_a_friday_evening_is_that_of_the_next_working_day():
    friday = datetime(2026, 12, 4, 21, 30, tzinfo=UTC)

    assert local(ring(called_back("Call me at two.", at=friday))) == "Mon 07 Dec 14:00"


@pytest.mark.parametrize(
    ("at", "until"), [("2026-03-06T16:00", "15:00"), ("2026-10-30T15:00", "16:00")]
)
def test_over_a_night_on_which_the_clocks_change_it_stays_their_clock(at: str, until: str):
    story = called_back("Call me on Monday at ten.", at=datetime.fromisoformat(f"{at}+00:00"))

    assert local(ring(story))[-5:] == "10:00"
    assert f"{ring(story):%a %H:%M}" == f"Mon {until}"


def test_a_time_that_cannot_be_told_is_the_usual_rest():
    story = running().call(LAKEFRONT, talk("Please call back later.", call_back=wanted("")))

    assert ring(story) == story.now + timedelta(minutes=120)
    verdict = check(story.brief, story.state, story.state.target(LAKEFRONT), story.now)
    assert isinstance(verdict, Defer)
    assert verdict.reason == "Lakefront Catering is called later: they asked for another time"


def test_whoever_may_be_in_two_zones_is_called_when_it_is_time_in_both():
    place = target("Lakefront Catering", TWO_ZONES, timezone=None)
    story = called_back("Call me at three.", targets=[place])

    assert local(ring(story), CHICAGO) == "Tue 01 Dec 15:00"


def test_a_call_that_they_promise_ends_the_calls():
    story = running().call(LAKEFRONT, asked("I will call you tomorrow.", "them"))

    where = standing(story.brief, story.state, LAKEFRONT)

    assert (where.outcome, where.is_resolved) == ("call_back", True)
    assert isinstance(check(story.brief, story.state, story.targets[0], story.now), Deny)


def test_who_puts_us_off_every_time_is_not_called_for_ever():
    story = running(make_brief(limits={"attempts_per_target": 5}))
    for _ in range(3):
        assert not standing(story.brief, story.state, LAKEFRONT).is_resolved
        story.call(LAKEFRONT, asked("Call me in an hour."))

    assert standing(story.brief, story.state, LAKEFRONT).is_resolved


def test_no_more_calls_a_day_are_made_than_the_profile_allows():
    story = called_back("Call me at three.", contact="professional")

    assert local(ring(story)) == "Wed 02 Dec 09:00"


def _promised(attempt: Attempt, story: Story) -> datetime | None:
    return promised_at(story.brief.calling, story.targets[0], attempt)


PHRASES = st.sampled_from(
    [
        *("at three", "in an hour", "in 40 minutes", "tomorrow", "tomorrow at ten", "after lunch"),
        *("on Monday", "next Friday at nine", "after 5", "this evening", "in the morning", "at 12"),
        *(
            "on the 25th",
            "a las tres de la tarde",
            "ma\u00f1ana a las ocho",
            "next week",
            "in three days",
        ),
    ]
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    words=PHRASES,
    minute=st.integers(0, 366 * 24 * 60),
    phone=st.sampled_from(["+13125550101", TWO_ZONES, "+14485550101", "+18085550101"]),
    hours=st.sampled_from(["09:00-17:00", "08:00-21:00", "12:00-15:00"]),
    contact=st.sampled_from(["ivr", "business", "professional"]),
)
def test_the_ring_is_always_permitted_and_never_before_the_promise(
    words: str, minute: int, phone: str, hours: str, contact: str
):
    place = target("Lakefront Catering", phone, timezone=None)
    brief: Doc = {"targets": [place], "contact": contact, "calling": {"hours": hours}}
    wish = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    calling, who = make_brief(**brief).calling, Target(LAKEFRONT, "", phone, None, "")
    first = next_permitted(calling, who, wish)
    assert first is not None
    story = called_back(words, at=first - LEAD, **brief)

    rings = ring(story)

    promised = _promised(story.state.attempts[0], story)
    assert why_not(calling, who, rings) == ""
    assert promised is None or rings >= promised > story.state.attempts[0].scheduled_at
    assert rings > story.state.attempts[0].scheduled_at


def test_without_the_length_of_the_talk_it_counts_from_when_it_was_seen_to_be_over():
    seen = START + timedelta(minutes=20)
    attempt = replace(collected(asked("Call me in an hour.")), ended_at=seen)

    assert _promised(attempt, running()) == seen + timedelta(minutes=61)


def test_telnyx_says_when_the_call_was_held():
    late = replace(
        collected(asked("Call me in an hour.")),
        dispatched_at=(START + timedelta(minutes=30)).isoformat(),
        duration_s=60,
    )

    assert _promised(late, running()) == START + timedelta(minutes=92)

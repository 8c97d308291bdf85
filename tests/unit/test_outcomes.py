"""How a call went, in one word, and whether anybody will call again."""

from typing import Any

import pytest

from telnyx_toolkit.contacts import PROFILES, again
from telnyx_toolkit.standing import outcome_of, standing
from tests.unit.build import (
    LAKEFRONT,
    Said,
    Talk,
    collected,
    make_brief,
    quote,
    running,
    sweep_brief,
    talk,
)

FREE: dict[str, Said] = {"available": (True, "yes we are")}
FALSE_FREE: dict[str, Said] = {"available": (True, "certainly")}


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (talk("Yes, we are.", answers=FREE), "answered"),
        (talk("Hm, no idea.", answers=FALSE_FREE), "answered"),
        (talk("Call back at three."), "incomplete"),
        (talk("After the tone, yes we are.", answers=FREE, answered_by="voicemail"), "voicemail"),
        (talk("Press 1 for sales.", answered_by="phone_tree"), "phone_tree"),
        (talk("A private home.", answered_by="wrong_number"), "wrong_number"),
        (talk(answered_by="nobody"), "empty"),
        (talk("Not interested.", declined=True), "declined"),
        (talk("Never again.", asked_not_to_be_called_again=True), "opted_out"),
        (talk("No.", declined=True, asked_not_to_be_called_again=True), "opted_out"),
        (talk("No.", declined=True, answered_by="voicemail"), "declined"),
        (talk("Yes, we are.", answers=FREE, answered_by="alien"), "answered"),
        (talk("Yes, we are.", answers=FREE, declined="no"), "answered"),
        (Talk((("user", "Hello?"),), None), "result_pending"),
        (Talk((), {}), "incomplete"),
    ],
)
def test_the_insight_decides_how_an_answered_call_went(said: Talk, outcome: str):
    assert outcome_of(sweep_brief(), collected(said)) == outcome


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled", "unknown"])
def test_telnyxs_word_stands_for_a_call_that_nobody_answered(status: str):
    said = talk("Yes, we are.", answers=FREE)

    assert outcome_of(sweep_brief(), collected(said, call_status=status)) == status


def test_a_call_without_a_status_is_unknown():
    assert outcome_of(sweep_brief(), collected(talk(), call_status="")) == "unknown"


@pytest.mark.parametrize(
    "insight",
    [
        {"answered_by": None},
        {"answered_by": 5},
        {"declined": 1, "asked_not_to_be_called_again": "true"},
        {"answered_by": ["voicemail"]},
        {"answered_by": {}},
    ],
)
def test_an_insight_of_the_wrong_shape_is_incomplete(insight: Any):
    assert outcome_of(sweep_brief(), collected(Talk((), insight))) == "incomplete"


GREETING = "You have reached Riverside Banquets. Please leave a message after the tone."
MENU = "For opening hours press 1. For bookings press 2."
PROMISED = {"wanted": True, "who": "us", "when_words": "at three"}
NO_CALLS = "Please do not call this number again."


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (talk(GREETING), "voicemail"),
        (
            talk("You have reached Riverside Banquets.", "Leave a message after the beep."),
            "voicemail",
        ),
        (talk(GREETING, "Hello? I am here."), "incomplete"),
        (talk(GREETING, answered_by="phone_tree"), "voicemail"),
        (talk("Deje su mensaje despu\u00e9s de la se\u00f1al."), "voicemail"),
        (talk(MENU), "phone_tree"),
        (talk(MENU, "Your entry was not understood."), "phone_tree"),
        (talk(MENU, "Bookings, Tom speaking. Yes, we are.", answers=FREE), "answered"),
        (talk("Para reservas, marque dos."), "phone_tree"),
        (talk("Hello, yes we are.", answers=FREE, answered_by="voicemail"), "needs_review"),
        (talk("Hello, yes we are.", answers=FREE, answered_by="nobody"), "answered"),
        (talk("Hello?", answered_by="nobody"), "incomplete"),
        (talk(answered_by="person"), "incomplete"),
        (talk("Call me at three.", call_back=PROMISED), "call_back"),
        (talk("Yes, we are. Call me at three.", answers=FREE, call_back=PROMISED), "answered"),
        (talk("Hm. Call me at three.", answers=FALSE_FREE, call_back=PROMISED), "call_back"),
        (talk("Call me at three.", declined=True, call_back=PROMISED), "declined"),
        (talk("Hello?", call_back=PROMISED), "incomplete"),
        (talk("For fifty people we", ended="cut_off"), "cut_off"),
        (talk("Let me look. Goodbye.", ended="cut_off"), "incomplete"),
        (talk("Yes, we are.", answers=FREE, ended="cut_off"), "answered"),
        (talk("Hm, we", answers=FALSE_FREE, ended="cut_off"), "cut_off"),
        (talk(ended="cut_off"), "incomplete"),
        (talk("No time.", ended="hung_up"), "declined"),
        (talk("Call me at three.", ended="hung_up", call_back=PROMISED), "call_back"),
        (talk("Yes, we are.", answers=FREE, ended="hung_up"), "answered"),
        (talk("For fifty people we", ended="whatever"), "incomplete"),
    ],
)
def test_the_insight_and_the_words_are_held_against_each_other(said: Talk, outcome: str):
    assert outcome_of(sweep_brief(), collected(said)) == outcome


@pytest.mark.parametrize(
    "said",
    [
        talk("For fifty people we", NO_CALLS, ended="cut_off"),
        talk(f"Call me at three. No: {NO_CALLS}", call_back=PROMISED),
        talk(f"{GREETING} {NO_CALLS}"),
        talk(NO_CALLS, answered_by="phone_tree"),
        talk("Por favor, no me llame m\u00e1s a las tres.", ended="cut_off"),
    ],
)
def test_nobody_who_says_so_is_called_again_whatever_else_the_call_was(said: Talk):
    assert outcome_of(sweep_brief(), collected(said)) == "opted_out"


@pytest.mark.parametrize(
    ("heard", "outcome"),
    [
        ((GREETING,), "voicemail"),
        ((MENU,), "phone_tree"),
        ((MENU, "Hello, Tom here."), "result_pending"),
        (("You have the wrong number.",), "wrong_number"),
        (("N\u00famero equivocado.",), "wrong_number"),
        (("We are not interested.",), "declined"),
        (("No nos interesa.",), "declined"),
        (("Please call back tomorrow at ten.",), "call_back"),
        (("I'll call you back.",), "call_back"),
        (("For fifty people we could do\u2014",), "cut_off"),
        (("For fifty people, well...", "Bye-"), "result_pending"),
        (("Yes, we are free.",), "result_pending"),
        (("Is the number wrong? We do not mind.",), "result_pending"),
        ((), "result_pending"),
        ((NO_CALLS,), "opted_out"),
        ((GREETING, NO_CALLS), "opted_out"),
    ],
)
def test_without_an_insight_only_plain_words_count(heard: tuple[str, ...], outcome: str):
    said = Talk(tuple(("user", text) for text in heard), None)

    assert outcome_of(sweep_brief(), collected(said)) == outcome


@pytest.mark.parametrize(
    "said",
    [talk(GREETING), talk("Call me at three.", call_back=PROMISED), talk("Hm", ended="cut_off")],
)
def test_an_answer_to_a_text_is_never_a_reason_to_write_again(said: Talk):
    assert outcome_of(sweep_brief(), collected(said, call_status="delivered")) == "incomplete"


@pytest.mark.parametrize("contact", PROFILES)
@pytest.mark.parametrize("outcome", ["answered", "declined", "wrong_number", "opted_out"])
def test_after_these_nobody_is_called_again(contact: str, outcome: str):
    assert again(contact, outcome) is None


def test_one_contradicted_decisive_answer_is_enough_for_a_review():
    said = quote(62, heard="We can do $68 per person")

    assert outcome_of(make_brief(), collected(said)) == "needs_review"


def test_an_unproven_answer_that_decides_nothing_needs_no_review():
    answers: dict[str, Said] = {
        "price_per_person": (62, "$62 per person"),
        "includes_dessert": (True, "with dessert"),
        "available": (True, "we are free"),
        "service_fee_percent": (18, "eighteen"),
    }
    said = talk("$62 per person with dessert, and we are free.", answers=answers)

    assert outcome_of(make_brief(), collected(said)) == "answered"


def test_a_contradicted_answer_outweighs_a_missing_one():
    said = talk("Then it is $68.", answers={"price_per_person": (62, "it is $62")})

    assert outcome_of(make_brief(), collected(said)) == "needs_review"


def test_a_target_nobody_called_is_open():
    story = running()

    where = standing(story.brief, story.state, LAKEFRONT)

    assert (where.outcome, where.is_resolved, where.attempt) == ("not_called", False, None)


def test_a_call_under_way_resolves_nothing():
    story = running()
    attempt_id = story.schedule(LAKEFRONT)
    before = standing(story.brief, story.state, LAKEFRONT)
    story.end(attempt_id)

    assert (before.outcome, before.is_resolved) == ("in_progress", False)
    after = standing(story.brief, story.state, LAKEFRONT)
    assert (after.outcome, after.is_resolved) == ("in_progress", False)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (quote(65), "answered"),
        (quote(62, heard="We can do $68 per person"), "needs_review"),
        (talk("Call back at three."), "incomplete"),
        (talk("Not interested.", declined=True), "declined"),
        (talk("Never again.", asked_not_to_be_called_again=True), "opted_out"),
        (talk("A private home.", answered_by="wrong_number"), "wrong_number"),
        (Talk((("user", "Hello?"),), None), "result_pending"),
    ],
)
def test_whoever_was_reached_is_not_called_again(said: Talk, outcome: str):
    story = running().call(LAKEFRONT, said)

    where = standing(story.brief, story.state, LAKEFRONT)

    assert (where.outcome, where.is_resolved) == (outcome, True)


@pytest.mark.parametrize(
    "said",
    [
        "no-answer",
        "busy",
        "failed",
        "canceled",
        talk(answered_by="nobody"),
        talk("Leave a message.", answered_by="voicemail"),
        talk("Press 1.", answered_by="phone_tree"),
        talk("For fifty people we", ended="cut_off"),
        talk("Call me at three.", call_back=PROMISED),
    ],
)
def test_whoever_was_not_reached_is_tried_until_the_attempts_are_used_up(said: Talk | str):
    story = running(make_brief(limits={"attempts_per_target": 2}))

    first = standing(story.brief, story.call(LAKEFRONT, said).state, LAKEFRONT)
    second = standing(story.brief, story.call(LAKEFRONT, said).state, LAKEFRONT)

    assert (first.is_resolved, second.is_resolved) == (False, True)


def test_an_attempt_that_never_became_a_call_is_no_try():
    story = running(make_brief(limits={"attempts_per_target": 1}))
    attempt_id = story.request(LAKEFRONT)
    story.tell("attempt.abandoned", attempt_id=attempt_id, reason="never sent")

    assert standing(story.brief, story.state, LAKEFRONT).outcome == "not_called"


def test_the_latest_try_says_how_it_stands():
    story = running().call(LAKEFRONT, "busy").call(LAKEFRONT, quote(65))

    where = standing(story.brief, story.state, LAKEFRONT)

    assert where.outcome == "answered"
    assert where.attempt is story.state.attempts[-1]


@pytest.mark.parametrize("status", ["unknown", "machine"])
def test_after_a_status_that_nobody_knows_nobody_calls_again(status: str):
    story = running().call(LAKEFRONT, status)

    where = standing(story.brief, story.state, LAKEFRONT)

    assert (where.outcome, where.is_resolved) == (status, True)


def test_a_target_whose_call_is_unresolved_is_not_called_again():
    story = running()
    attempt_id = story.request(LAKEFRONT)
    story.tell("attempt.sent", attempt_id=attempt_id)
    story.tell("attempt.unresolved", attempt_id=attempt_id, reason="not found")

    where = standing(story.brief, story.state, LAKEFRONT)

    assert (where.outcome, where.is_resolved) == ("unresolved", True)
    assert story.state.attempt(attempt_id).may_have_rung
    assert story.state.open_attempts == ()

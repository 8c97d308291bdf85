"""Booking: nobody else is called once somebody has, or may have, confirmed."""

from typing import Any

import pytest

from telnyx_toolkit.booking import booking
from telnyx_toolkit.brief import Brief
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.standing import standing
from telnyx_toolkit.strategies import Call, Finish, Wait, next_actions
from telnyx_toolkit.summary import build_summary, status_of
from tests.unit.build import Doc, Story, Talk, running, talk, target
from tests.unit.strategies import answered, booking_brief

FULL = answered(reserved=False)
DONE = answered(reserved=True)
LATE = [target("Late Inn", "+13125550109"), target("Last Inn", "+13125550110")]


def story(*talks: Talk | str, **changes: Any) -> Story:
    told = running(Brief.model_validate(booking_brief(**changes)))
    for n, said in enumerate(talks, 1):
        told.call(f"call-{n}", said)
    return told


def actions(told: Story) -> list[Call | Wait | Finish]:
    return list(next_actions(told.brief, told.state, told.now))


def calls(*numbers: int) -> list[Call]:
    return [Call(f"call-{n}") for n in numbers]


def result(told: Story) -> Doc:
    found = booking(told.brief, told.state)
    assert found is not None
    return found


def why(told: Story) -> str:
    (only,) = actions(told)
    assert isinstance(only, Finish)
    return only.why


def must(**bounds: Any) -> Doc:
    return {"book": {"confirmed_by": "reserved", "must": bounds}}


def test_the_targets_are_called_one_at_a_time_in_the_order_of_the_brief():
    told = story()
    assert actions(told) == calls(1, 2, 3)

    told.schedule("call-1")

    assert actions(told) == [Wait()]


def test_as_many_calls_are_under_way_at_once_as_the_brief_says():
    told = story(book={"confirmed_by": "reserved", "at_once": 2})
    told.schedule("call-1")
    assert actions(told) == calls(2, 3)

    told.schedule("call-2")

    assert actions(told) == [Wait()]


@pytest.mark.parametrize("said", [FULL, talk("We shall see."), talk("No.", declined=True), "busy"])
def test_a_call_that_confirms_nothing_leads_to_the_next(said: Talk | str):
    assert Call("call-2") in actions(story(said))


def test_the_first_confirmation_ends_it_with_the_reason():
    told = story(FULL, DONE)

    assert why(told) == "Chicago Grill Co confirmed"
    assert result(told)["headline"] == 'Booked: Chicago Grill Co ("for reserved, yes").'
    assert status_of(told.brief, told.state) == "succeeded"


def test_it_ends_also_while_other_calls_are_under_way():
    told = story(book={"confirmed_by": "reserved", "at_once": 3})
    told.schedule("call-2")
    told.schedule("call-3")

    told.call("call-1", DONE)

    assert why(told) == "Lakefront Catering confirmed"


def test_the_fallback_is_called_once_nobody_of_the_targets_can_confirm():
    told = story(FULL, FULL, fallback=LATE)
    assert actions(told) == calls(3)

    told.call("call-3", FULL)
    assert actions(told) == calls(4, 5)
    told.call("call-4", DONE)

    assert why(told) == "Late Inn confirmed"


def test_the_fallback_waits_for_targets_that_are_to_be_tried_again():
    assert actions(story(FULL, "busy", FULL, fallback=LATE)) == calls(2)


def test_the_fallback_is_called_where_the_rules_do_not_let_a_target_be_called():
    told = story(FULL, FULL, fallback=LATE)

    told.tell("step.skipped", step_id="call-3", reason="no permitted time")

    assert actions(told) == calls(4, 5)


def test_when_nobody_confirms_it_ends_as_failed():
    told = story(FULL, FULL, FULL)

    assert actions(told) == [Finish()]
    assert result(told)["headline"] == "Nobody confirmed."
    assert status_of(told.brief, told.state) == "failed"


UNSURE = [
    (answered("Hello.", reserved=(True, "nobody said this")), "does not bear out their yes"),
    (answered("Hello.", reserved=(True, "")), "does not bear out their yes"),
    (
        talk("Yes, reserved.", answers={"reserved": (True, "Yes, reserved")}, declined=True),
        "in a call that ended as declined",
    ),
    (
        talk("Yes, it is.", answers={"reserved": (True, "Yes, it is")}, answered_by="voicemail"),
        "said to have been answered by voicemail",
    ),
]


@pytest.mark.parametrize(("said", "reason"), UNSURE)
def test_a_yes_that_cannot_be_shown_stops_the_calls_and_asks_for_review(said: Talk, reason: str):
    told = story(said)

    assert why(told) == "Lakefront Catering may have confirmed: a person must find out"
    assert result(told)["booked"] is None
    assert result(told)["headline"] == "To be reviewed: Lakefront Catering may have confirmed."
    assert reason in result(told)["lines"][0]
    assert status_of(told.brief, told.state) == "failed"


@pytest.mark.parametrize("said", [said for said, _ in UNSURE])
def test_the_calls_go_on_after_such_a_yes_where_the_brief_says_so(said: Talk):
    book = {"confirmed_by": "reserved", "go_on_when_unsure": True}
    told = story(said, book=book)
    assert actions(told) == calls(2, 3)

    told.call("call-2", DONE)

    assert result(told)["booked"]["target"] == "Chicago Grill Co"
    assert "Lakefront Catering may hold a booking" in result(told)["lines"][0]


@pytest.mark.parametrize("heard", ["", "Yes. Call us back tomorrow.", "Yes, it is reserved for"])
def test_a_call_of_which_nobody_knows_what_was_said_may_have_booked(heard: str):
    told = story()
    attempt_id = told.schedule("call-1")
    said = Talk((("user", heard),), None) if heard else None
    told.end(attempt_id).collect(attempt_id, said, problem="no insight came")

    assert why(told).startswith("Lakefront Catering may have confirmed")
    assert "never worked out" in result(told)["lines"][0]


def test_a_call_of_which_nobody_knows_whether_it_rang_may_have_booked():
    told = story()
    attempt_id = told.request("call-1")
    told.tell("attempt.sent", attempt_id=attempt_id)
    told.tell("attempt.unresolved", attempt_id=attempt_id, reason="lost")

    assert why(told).startswith("Lakefront Catering may have confirmed")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (answered(reserved=True, price=220), "price: $220 instead of at most $180"),
        (answered(reserved=True), "price not known"),
        (answered(reserved=True, price=(150, "not said")), "price not known"),
    ],
)
def test_a_yes_to_something_else_than_was_asked_does_not_count_as_confirmed(
    said: Talk, reason: str
):
    told = story(said, **must(price={"at_most": 180}))

    assert why(told) == "Lakefront Catering may have confirmed: a person must find out"
    assert reason in result(told)["lines"][0]


def test_a_yes_within_the_limits_counts():
    told = story(answered(reserved=True, price=180), **must(price={"at_most": 180}))

    assert result(told)["booked"]["words"] == "for reserved, yes"


def test_an_unproven_answer_that_does_not_matter_leaves_the_booking_confirmed():
    collect = booking_brief()["collect"]
    collect["parking"]["required"] = True

    told = story(answered(reserved=True, parking=(True, "not said")), collect=collect)

    assert result(told)["booked"]["target"] == "Lakefront Catering"


def test_whoever_confirmed_too_is_to_be_cancelled_by_the_person():
    told = story(DONE, DONE)

    found = result(told)

    assert found["booked"]["target"] == "Lakefront Catering"
    assert [other["target"] for other in found["also_confirmed"]] == ["Chicago Grill Co"]
    assert found["lines"] == [
        'Chicago Grill Co confirmed too ("for reserved, yes"): cancel one of them yourself.'
    ]


def test_a_mission_that_is_cancelled_says_what_it_has_booked():
    told = story(DONE)
    told.tell("cancel.requested", reason="changed plans")

    headline = build_summary(told.brief, told.state, "cancelled", told.now)["headline"]

    assert headline.startswith("Cancelled: changed plans.")
    assert headline.endswith('Booked: Lakefront Catering ("for reserved, yes").')


def test_the_assistant_may_book_and_nothing_else():
    brief = Brief.model_validate(booking_brief(**must(price={"at_most": 180}, parking=True)))

    said = Prompts().assistant(brief)

    assert "You may agree to the booking for Dana Reyes of Northwind Events" in said
    assert "Agree only if the price is at most $180." in said
    assert "Agree only if the parking is yes." in said
    assert "Agree to nothing" not in said
    assert "reserved is true only if the callee agreed to it" in Prompts().insight_answers(brief)


def test_the_assistant_may_book_in_spanish_too_and_nothing_else():
    book = must(price={"at_most": 180}, parking=True)
    brief = Brief.model_validate(booking_brief(voice={"language": "es-US"}, **book))

    said = Prompts().assistant(brief, "es-US")

    assert "Puedes aceptar la reserva en nombre de Dana Reyes of Northwind Events" in said
    assert "price: como máximo 180 USD." in said
    assert "parking: sí." in said
    assert "No aceptes ni encargues nada" not in said


def test_the_fallback_is_spoken_to_in_its_own_language():
    brief = Brief.model_validate(booking_brief(fallback=[{**LATE[0], "language": "es-US"}]))

    assert brief.languages == ("en-US", "es-US")
    assert brief.language_of("Late Inn") == "es-US"
    assert brief.language_of("Lakefront Catering") == "en-US"


def test_whoever_may_hold_a_booking_is_not_called_again():
    collect = booking_brief()["collect"]
    collect["parking"]["required"] = True
    words = "Yes, it is reserved"
    cut = talk(f"{words} and", answers={"reserved": (True, words)}, ended="cut_off")
    book = {"confirmed_by": "reserved", "go_on_when_unsure": True}

    told = story(cut, book=book, collect=collect)

    assert not standing(told.brief, told.state, "call-1").is_resolved
    assert actions(told) == calls(2, 3)

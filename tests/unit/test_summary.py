"""The result as data: every figure proven, every saving reckoned, nobody left out."""

import json
from typing import Any

import pytest

from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.summary import build_summary, status_of
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    OBJECTIVE,
    PRAIRIE,
    Doc,
    Said,
    Story,
    Talk,
    called,
    catering,
    make_brief,
    quote,
    running,
    sweep_brief,
    talk,
    told_of,
)

FREE: dict[str, Said] = {"available": (True, "yes we are")}


def summary(story: Story) -> Doc:
    status = status_of(story.brief, story.state)
    return build_summary(story.brief, story.state, status, story.now)


def row(payload: Doc, step_id: str) -> Doc:
    [found] = [r for r in payload["targets"] if r["step_id"] == step_id]
    return found


def test_the_catering_mission_recommends_62_and_saves_150():
    payload = summary(catering())

    assert payload["status"] == "succeeded"
    assert payload["headline"] == (
        "Recommended: Chicago Grill Co, price per person $62 ($3,100 for 50);"
        " $150 saved against the baseline of $65 (Lakefront Catering)."
    )
    recommended = payload["recommendation"]
    assert (recommended["target"], recommended["amount"]) == ("Chicago Grill Co", 62)
    assert recommended["arithmetic"] == "($65 - $62) x 50 = $150"
    assert (recommended["saving"], recommended["saving_text"]) == (150, "$150")
    assert (recommended["total"], recommended["total_text"]) == (3100, "$3,100")
    assert (recommended["baseline_target"], recommended["baseline_text"]) == (
        "Lakefront Catering",
        "$65",
    )
    assert payload["counts"]["text"] == "3 quoted of 3 called"
    assert payload["baseline"]["amount"] == 65


def test_the_catering_comparison_shows_openings_scope_and_what_was_told():
    payload = summary(catering())

    assert [(r["name"], r["headline"], r["notes"]) for r in payload["targets"]] == [
        ("Lakefront Catering", "$65, confirmed", []),
        (
            "Chicago Grill Co",
            "$62, confirmed",
            ["opened at $58, not comparable (includes dessert: no)", "was told of $65"],
        ),
        ("Prairie Table Events", "$65, confirmed", ["opened at $70", "was told of $62"]),
    ]
    grill = row(payload, GRILL)
    assert grill["opening"]["not_comparable_because"] == ["includes_dessert"]
    assert grill["told"] == {**told_of("65", "Lakefront Catering"), "spoken": False}


def test_every_figure_cites_the_words_and_the_conversation():
    payload = summary(catering())

    fact = row(payload, GRILL)["evidence"][0]
    assert fact == {
        "field": "price_per_person",
        "text": "$62",
        "words": "We can do $62 per person",
        "confirmed": True,
        "status": "confirmed",
        "why": "",
        "conversation_id": "conv-a2",
    }
    answers = row(payload, GRILL)["answers"]
    assert answers["service_fee_percent"] is None
    assert answers["price_per_person"] == 62


def test_the_text_of_the_result_says_the_same():
    text = Prompts().summary(summary(catering()))

    assert text.splitlines()[0] == summary(catering())["headline"]
    assert '    price per person $62: "We can do $62 per person"' in text
    assert "    conversation conv-a2" in text
    assert text.splitlines()[1] == (
        "50 x $62 = $3,100: the lowest like-for-like total of 3 proven offers."
    )
    assert "- Prairie Table Events: $65, confirmed; $150 more in all (opened" in text
    assert text.endswith(
        "3 quoted of 3 called\nCost: about $0.60 (estimate)\nWhat to do now:\n"
        "1. Confirm with Chicago Grill Co."
    )


def test_the_result_is_json():
    payload = summary(catering())

    assert json.loads(json.dumps(payload, allow_nan=False)) == payload


def test_insight_against_transcript_is_for_review_and_never_ranked():
    story = called([quote(65), quote(50, heard="We can do $80 per person"), "no-answer"])

    payload = summary(story)

    assert payload["recommendation"]["target"] == "Lakefront Catering"
    assert payload["recommendation"]["saving"] == 0
    assert payload["headline"] == (
        "Recommended: Lakefront Catering, price per person $65 ($3,250 for 50)."
    )
    assert row(payload, GRILL)["outcome"] == "needs_review"
    assert row(payload, GRILL)["headline"] == "$50 claimed, they said $80"
    assert row(payload, GRILL)["notes"] == [
        "the figure is not borne out by the transcript (they said $80, not $50): to be reviewed"
    ]
    assert payload["counts"]["text"] == "1 quoted of 3 called, 1 to review"


def test_a_target_to_be_reviewed_is_never_recommended():
    answers: dict[str, Said] = {
        "price_per_person": (50, "$50 per person"),
        "includes_dessert": (True, "with dessert"),
        "available": (True, "we are free that day"),
    }
    busy = talk("$50 per person with dessert, but we are booked that day.", answers=answers)
    payload = summary(called([quote(65), busy]))

    assert row(payload, GRILL)["outcome"] == "needs_review"
    assert payload["recommendation"]["target"] == "Lakefront Catering"


def test_an_offer_that_does_not_compare_says_why():
    payload = summary(called([quote(58, dessert=False)]))

    assert payload["recommendation"] is None
    assert payload["baseline"] is None
    first = row(payload, LAKEFRONT)
    assert first["headline"] == "$58, not comparable (includes dessert: no)"
    assert first["outcome"] == "quoted"
    assert payload["headline"] == "1 quoted of 1 called, 2 not called."


def test_if_nobody_answered_the_mission_failed():
    story = called(["no-answer", "busy", talk("After the tone.", answered_by="voicemail")])

    payload = summary(story)

    assert payload["status"] == "failed"
    assert payload["headline"] == "0 answered of 3 called."
    assert [r["headline"] for r in payload["targets"]] == ["no-answer", "busy", "voicemail"]
    assert payload["recommendation"] is None


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (quote(65), "succeeded"),
        (quote(62, heard="We can do $68 per person"), "succeeded"),
        (talk("Call back at three."), "succeeded"),
        (talk("No.", declined=True), "failed"),
        (talk("Never.", asked_not_to_be_called_again=True), "failed"),
        (talk("Press 1.", answered_by="phone_tree"), "failed"),
        (talk("Who?", answered_by="wrong_number"), "failed"),
        (Talk((("user", "Hello?"),), None), "failed"),
        ("no-answer", "failed"),
    ],
)
def test_a_mission_succeeds_if_anybody_answered(said: Talk | str, status: str):
    story = called(["no-answer", said])

    assert status_of(story.brief, story.state) == status


def test_a_sweep_without_an_objective_counts_answers():
    story = called([talk("Yes, we are.", answers=FREE), "no-answer"], sweep_brief())

    payload = summary(story)

    assert payload["headline"] == "1 answered of 2 called, 1 not called."
    assert row(payload, LAKEFRONT)["outcome"] == "answered"
    assert row(payload, LAKEFRONT)["offer"] is None
    assert row(payload, LAKEFRONT)["answers"] == {"available": True}
    assert payload["recommendation"] is None


def test_a_cancelled_mission_says_why_and_how_far_it_came():
    story = called([quote(65)]).tell("cancel.requested", reason="The lunch is off")

    payload = build_summary(story.brief, story.state, "cancelled", story.now)

    assert payload["headline"] == (
        "Cancelled: The lunch is off. 1 quoted of 1 called, 2 not called."
    )
    assert payload["status"] == "cancelled"
    assert payload["recommendation"]["amount"] == 65


def test_a_mission_cancelled_without_a_reason_says_so():
    story = running().tell("cancel.requested", reason="")

    payload = build_summary(story.brief, story.state, "cancelled", story.now)

    assert payload["headline"] == (
        "Cancelled: no reason given. 0 answered of 0 called, 3 not called."
    )


@pytest.mark.parametrize(
    ("way", "price", "meets_target", "past_walk_away"),
    [
        ("minimize", 57, True, False),
        ("minimize", 58, True, False),
        ("minimize", 59, False, False),
        ("minimize", 75, False, False),
        ("minimize", 76, False, True),
        ("maximize", 57, False, True),
        ("maximize", 80, True, False),
    ],
)
def test_the_best_offer_is_held_against_the_mandate(
    way: str, price: int, meets_target: bool, past_walk_away: bool
):
    objective = {**OBJECTIVE, "minimize": None, way: "price_per_person"}
    payload = summary(called([quote(price)], make_brief(objective=objective)))

    recommended = payload["recommendation"]
    assert (recommended["meets_target"], recommended["past_walk_away"]) == (
        meets_target,
        past_walk_away,
    )
    assert payload["headline"].endswith("so better no deal.") == past_walk_away


def test_without_a_mandate_there_is_nothing_to_hold_it_against():
    objective = {"minimize": "price_per_person", "like_for_like": ["includes_dessert"]}
    recommended = summary(called([quote(65)], make_brief(objective=objective)))["recommendation"]

    assert (recommended["meets_target"], recommended["past_walk_away"]) == (None, None)
    assert recommended["quantity"] == 1


def test_the_cost_is_an_estimate_under_its_cap():
    story = called([quote(65), "no-answer"])
    story.schedule(PRAIRIE, reserved="1.00")

    assert summary(story)["cost"] == {
        "estimated_usd": "1.20",
        "actual_usd": None,
        "actual_is_complete": False,
        "cap_usd": "5.00",
        "rates_as_of": "2026-08-17",
        "text": "about $1.20 (estimate)",
    }


def test_what_telnyx_says_it_cost_stands_before_the_estimate():
    story = called([quote(65), quote(62), quote(70)])
    story.finish("succeeded", {})
    told = {"a1": "0.25", "a3": "0.31"}
    story.tell("costs.recorded", costs=told, result_summary="", result_payload={})

    cost = summary(story)["cost"]

    assert (cost["actual_usd"], cost["actual_is_complete"]) == ("0.56", False)
    assert cost["text"] == "$0.56 by Telnyx's records for 2 of 3 calls; about $0.60 (estimate)"


def test_a_missing_insight_is_noted():
    story = running()
    attempt_id = story.schedule(LAKEFRONT)
    story.end(attempt_id).collect(attempt_id, Talk((("user", "Hi."),), None), "no insight came")

    first = row(summary(story), LAKEFRONT)

    assert (first["outcome"], first["notes"]) == ("result_pending", ["no insight came"])
    assert first["remark"] == "A short talk."


@pytest.mark.parametrize(
    "figure",
    [
        "1e30",
        10**30,
        "1e5000",
        "1e-50000",
    ],
)
def test_a_figure_beyond_all_measure_neither_breaks_nor_floods_the_result(figure: Any):
    answers: dict[str, Said] = {"price_per_person": (figure, "a lot")}

    payload = summary(called([quote(65), talk("A lot.", answers=answers)]))

    assert payload["recommendation"]["amount"] == 65
    assert len(json.dumps(payload)) < 10_000


def test_a_price_that_nobody_said_is_an_answer_and_no_quote():
    answers: dict[str, Said] = {
        "price_per_person": (50, "fifty it is"),
        "includes_dessert": (True, "with dessert"),
        "available": (True, "we are free that day"),
    }
    said = talk("With dessert, and we are free that day.", answers=answers)
    payload = summary(called([quote(65), said, quote(62, heard="We can do $68 per person")]))

    assert row(payload, GRILL)["outcome"] == "answered"
    assert row(payload, GRILL)["headline"] == "$50, not confirmed by the transcript"
    assert row(payload, PRAIRIE)["headline"] == "$62 claimed, they said $68"
    assert payload["counts"]["text"] == "1 quoted of 3 called, 1 to review"
    assert {fact["status"] for fact in row(payload, GRILL)["evidence"]} == {
        "confirmed",
        "unconfirmed",
    }

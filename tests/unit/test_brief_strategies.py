"""A rubric, a booking and a fallback that do not fit are refused by name, with the reason."""

from typing import Any

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.model import targets_of
from tests.unit.build import Doc, document, make_brief, target
from tests.unit.strategies import booking_brief, screening

RATE: Doc = {"weight": 5, "best": 60, "worst": 150}


def complaint(given: Doc) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse_brief(given)
    return caught.value.message


def rubric(**changes: Any) -> Doc:
    return screening(rubric={"score": {"hourly_rate": RATE}, **changes})


def book(**changes: Any) -> Doc:
    return booking_brief(book={"confirmed_by": "reserved", **changes})


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (screening(rubric=None), "strategy 'screen' needs a rubric: what the answers are worth"),
        (booking_brief(book=None), "strategy 'book' needs a book: which answer says that it"),
        (rubric(must=["insure"]), "rubric.must names 'insure', which is not in collect (did you"),
        (rubric(must=["hourly_rate"]), "rubric.must wants 'hourly_rate' to be yes, but it is a"),
        (rubric(must={"insured": "yes"}), "rubric.must wants 'insured' to be yes, but it is a bo"),
        (rubric(must={"insured": {"at_most": 1}}), "rubric.must gives 'insured' a limit, but it"),
        (rubric(must={"hourly_rate": {}}), "needs equals, or at_most and at_least or one of them"),
        (rubric(must={"hourly_rate": {"at_most": 1, "equals": 1}}), "needs equals, or at_most and"),
        (rubric(must={"hourly_rate": {"at_most": 1, "at_least": 2}}), "asks for at least more tha"),
        (rubric(must={"hourly_rate": {"at_mots": 1}}), "(did you mean 'at_most'?)"),
        (rubric(score={}), "rubric.score: is empty; give at least one"),
        (rubric(score={"hourly_rat": RATE}), "'hourly_rat', which is not in collect (did you mean"),
        (rubric(score={"hourly_rate": {**RATE, "weight": 0}}), "weight: 0: input should be grea"),
        (rubric(score={"hourly_rate": {**RATE, "weight": True}}), "True is yes or no, not a numb"),
        (rubric(score={"hourly_rate": {**RATE, "weigth": 1}}), "(did you mean 'weight'?)"),
        (rubric(score={"hourly_rate": {"weight": 1}}), "is a number: it needs best and worst"),
        (rubric(score={"hourly_rate": {**RATE, "best": 150}}), "has the same best and worst"),
        (rubric(score={"hourly_rate": {**RATE, "points": {"a": 1}}}), "it has best and worst, no"),
        (rubric(score={"insured": RATE}), "rubric.score.insured is a boolean: best and worst are"),
        (rubric(score={"insured": {"weight": 1, "points": {"a": 1}}}), "yes is full marks"),
        (rubric(score={"speciality": {"weight": 1}}), "is a text: it needs points, such as"),
        (rubric(score={"speciality": {"weight": 1, "points": {"a": 2}}}), "less than or equal to"),
        (
            rubric(score={"speciality": {"weight": 1, "points": {"Old  hut": 1, "old hut": 0}}}),
            "has 'old hut' and 'Old  hut', which are the same answer",
        ),
        (rubric(shortlist=0), "rubric.shortlist: 0: input should be greater"),
        (rubric(shortlst=1), "(did you mean 'shortlist'?)"),
        (book(confirmed_by="reserve"), "book.confirmed_by names 'reserve', which is not in colle"),
        (book(confirmed_by="price"), "book.confirmed_by names 'price', which is not a yes/no fie"),
        (book(must=["reserved"]), "book.must names 'reserved', which confirmed_by does already"),
        (book(must={"price": "low"}), "book.must wants 'price' to be low, but it is a number"),
        (book(at_once=6), "book.at_once: 6: input should be less than or equal to 5"),
        (book(at_once=0), "book.at_once: 0: input should be greater"),
        (book(confirmd_by="reserved"), "(did you mean 'confirmed_by'?)"),
        (
            document(rubric=screening()["rubric"]),
            "strategy 'negotiate' has no use for rubric: 'screen' does",
        ),
        (
            screening(book=booking_brief()["book"]),
            "strategy 'screen' has no use for book: 'book' does",
        ),
        (
            screening(fallback=[target("Late", "+13125550109")]),
            "strategy 'screen' has no use for fallback: 'book' does",
        ),
        (
            booking_brief(fallback=[target("Late", "+13125550101")]),
            "two targets have the phone '+13125550101'",
        ),
        (
            booking_brief(fallback=[target("Lakefront Catering", "+13125550109")]),
            "two targets have the name 'Lakefront Catering'",
        ),
        (
            booking_brief(fallback=[{**target("Late", "+13125550109"), "channel": "sms"}]),
            "strategy 'book' is spoken: targets with channel 'sms' need 'sweep' or 'screen'",
        ),
        (
            booking_brief(fallback=[{"name": "Late", "phone": "+x"}]),
            "fallback[0].phone: '+x'",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_the_reason(given: Doc, line: str):
    assert line in complaint(given)


def test_an_emergency_number_is_refused_in_the_fallback_too():
    with pytest.raises(PolicyDenied):
        parse_brief(booking_brief(fallback=[{"name": "Help", "phone": "911"}]))


@pytest.mark.parametrize("given", [screening(), booking_brief()], ids=["screen", "book"])
def test_a_brief_comes_back_from_json_as_it_was(given: Doc):
    brief = parse_brief(given)

    assert Brief.model_validate(brief.model_dump(mode="json")) == brief
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


def test_a_list_means_yes_and_a_bare_value_means_exactly_this():
    brief = parse_brief(rubric(must={"insured": True, "speciality": "old houses"}))
    listed = parse_brief(rubric(must=["insured"]))

    assert brief.rubric
    assert listed.rubric
    assert brief.rubric.must["insured"] == listed.rubric.must["insured"]
    assert brief.rubric.must["speciality"].equals == "old houses"


def test_the_fallback_follows_the_targets_and_is_marked():
    late = target("Late", "+13125550109")
    brief = parse_brief(booking_brief(fallback=[late]))

    everybody = targets_of(brief.model_dump(mode="json"))

    assert [t.name for t in brief.everybody] == [t.name for t in everybody]
    assert [(t.step_id, t.is_fallback) for t in everybody][-2:] == [
        ("call-3", False),
        ("call-4", True),
    ]


def test_a_brief_of_an_older_ledger_has_no_fallback():
    old = make_brief().model_dump(mode="json")
    for name in ("fallback", "rubric", "book"):
        del old[name]

    assert not any(t.is_fallback for t in targets_of(old))
    assert Brief.model_validate(old) == make_brief()


def test_what_is_judged_is_decisive():
    assert set(parse_brief(rubric(must=["insured"])).decisive_fields) >= {"insured", "hourly_rate"}
    assert set(parse_brief(book(must=["parking"])).decisive_fields) >= {"reserved", "parking"}


def test_a_booking_says_how_many_calls_are_under_way_at_once():
    assert parse_brief(book()).at_once == 1
    assert parse_brief(book(at_once=3)).at_once == 3
    assert parse_brief(screening()).at_once is None

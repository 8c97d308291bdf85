"""What is wrong with a brief is said by field, with what was given and what is allowed."""

import pytest

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.errors import InvalidInput
from tests.unit.build import OBJECTIVE, Doc, document, target

QUESTION: Doc = {"type": "number"}


def complaint(given: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse_brief(given)
    return caught.value.message


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"goall": "x"},
            "goall: is not a field (did you mean 'goal'?); allowed here: book, call_from,",
        ),
        ({"zzz": 1}, "zzz: is not a field; allowed here: book, call_from, calling, collect,"),
        (
            {"strategy": "negociate"},
            "is not one of: sweep, screen, negotiate, book, rounds (did you mean 'negotiate'?)",
        ),
        ({"contact": "busines"}, "is not one of: ivr, business, professional (did you mean 'busi"),
        ({"targets": []}, "targets: is empty; give at least one"),
        ({"collect": {}}, "collect: is empty; give at least one"),
        ({"name": ""}, "name: '': string should have at least 1 character"),
        ({"goal": None}, "goal: None: input should be a valid string"),
        ({"goal": "g" * 4_001}, "goal: 'ggg"),
        ({"record": "perhaps"}, "record: 'perhaps': input should be a valid boolean"),
        ({"voice": {"language": "english"}}, "voice.language: 'english': string should match"),
        ({"limits": {"attempts_per_target": 6}}, "limits.attempts_per_target: 6: input should be"),
        ({"limits": {"attempts_per_target": 0}}, "limits.attempts_per_target: 0: input should be"),
        ({"limits": {"minutes_per_call": 61}}, "limits.minutes_per_call: 61: input should be less"),
        ({"limits": {"hold_minutes": 0}}, "limits.hold_minutes: 0: input should be"),
        ({"limits": {"spend_usd": 0}}, "limits.spend_usd: 0: input should be greater than 0"),
        ({"limits": {"spend_usd": -5}}, "limits.spend_usd: -5: input should be greater than 0"),
        ({"limits": {"spend_usd": "NaN"}}, "limits.spend_usd: 'NaN': input should be a finite"),
        ({"limits": {"spend_usd": float("inf")}}, "limits.spend_usd: inf: input should be a fin"),
        ({"limits": {"spend_usd": "5.001"}}, "limits.spend_usd: '5.001': decimal input should"),
        ({"limits": {"spend": 5}}, "limits.spend: is not a field (did you mean 'spend_usd'?)"),
        ({"leverage": {"name_competitor": True}}, "(did you mean 'name_competitors'?)"),
        ({"collect": {"Price": QUESTION}}, "collect.Price"),
        ({"collect": {"a b": QUESTION}}, "collect.a b"),
        ({"collect": {"price": {}}}, "collect.price.type: is required"),
        ({"collect": {"price": {"type": "numbre"}}}, "(did you mean 'number'?)"),
        ({"collect": {"unit": {"type": "number", "unt": ""}}}, "collect.unit.unt: is not a field"),
        ({"collect": {"unit": {"type": "number", "unt": ""}}}, "allowed here: ask, required, type"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_with_the_reason(changes: Doc, line: str):
    assert line in complaint(document(**changes))


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("one", "separated by commas, one a menu"),
        ("1;2", "separated by commas"),
        ("1,,2", "separated by commas"),
        (",1", "separated by commas"),
        ("w", "separated by commas"),
        ("", "separated by commas"),
        (10, "put them in quotes"),
    ],
)
def test_keys_are_those_of_a_telephone(keys: object, hint: str):
    given = document(targets=[{**target("A", "+13125550101"), "keys": keys}])

    assert "are not keys of a telephone: digits, * and #" in complaint(given)
    assert hint in complaint(given)


@pytest.mark.parametrize(
    ("keys", "kept"), [("1,0", "1,0"), ("1, 2w, #", "1,2w,#"), ("*", "*"), (None, None)]
)
def test_keys_are_kept_without_blanks(keys: str | None, kept: str | None):
    given = document(targets=[{**target("A", "+13125550101"), "keys": keys}])

    assert parse_brief(given).targets[0].keys == kept


@pytest.mark.parametrize(
    "field", ["name", "goal", "on_behalf_of", "strategy", "targets", "collect"]
)
def test_a_missing_field_is_named(field: str):
    given = document(objective=None, strategy="sweep")
    del given[field]

    assert f"  {field}: is required" in complaint(given).splitlines()


def test_every_problem_is_told_at_once():
    message = complaint(document(name="", strategy="haggle", targets=[]))

    assert len(message.splitlines()) == 4
    assert message.startswith("The brief cannot be used:\n")


@pytest.mark.parametrize(
    ("phone", "hint"),
    [
        ("555-0101", "with + and the country code"),
        ("(312) 555-0101", "with + and the country code"),
        ("13125550101", "with + and the country code"),
        ("+1 312 555 0101", "with + and the country code"),
        ("+03125550101", "with + and the country code"),
        ("+12345", "with + and the country code"),
        ("+1234567890123456", "with + and the country code"),
        ("5550101", "with + and the country code"),
        ("", "with + and the country code"),
        (None, "with + and the country code"),
        (["+13125550101"], "with + and the country code"),
        (13125550101, "put it in quotes"),
    ],
)
def test_a_phone_number_must_be_international_text(phone: object, hint: str):
    given = document(targets=[{"name": "Joe's Catering", "phone": phone}])

    line = f"targets[0].phone: {phone!r} is not a phone number in international form ({hint}: "
    assert line in complaint(given)


@pytest.mark.parametrize("phone", ["+13125550101\n", "+1312555010\u0661"])
def test_a_phone_number_has_nothing_but_plain_digits(phone: str):
    given = document(targets=[{"name": "Joe's Catering", "phone": phone}])

    assert "targets[0].phone" in complaint(given)


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        (target("A", "+13125550101"), target("A", "+13125550102"), "two targets have the name 'A'"),
        (
            target("A", "+13125550101"),
            target("B", "+13125550101"),
            "two targets have the phone '+13125550101'",
        ),
    ],
)
def test_no_target_is_listed_twice(first: Doc, second: Doc, line: str):
    assert line in complaint(document(targets=[first, second]))


@pytest.mark.parametrize(
    "zone", ["Chicago", "CST", "America/Chigaco", "UTC", "America", "", "../../etc/passwd"]
)
def test_a_time_zone_must_be_a_place(zone: str):
    given = document(targets=[target("A", "+13125550101", zone)])

    assert f"targets[0].timezone: {zone!r} is not an IANA time zone" in complaint(given)


@pytest.mark.parametrize("marker", ["{{best_offer}}", "{{", "}}"])
@pytest.mark.parametrize("field", ["name", "goal", "details", "on_behalf_of"])
def test_telnyx_variables_are_refused_in_every_text(field: str, marker: str):
    line = f"{field} contains '{{{{' or '}}}}', which Telnyx would read as a variable"
    assert line in complaint(document(**{field: f"Buy {marker} now"}))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"targets": [target("{{x}}", "+13125550101")]}),
        ("source", {"targets": [target("A", "+13125550101", source="{{x}}")]}),
        ("ask", {"collect": {"price": {"type": "number", "ask": "{{x}}"}}}),
        ("unit", {"collect": {"price": {"type": "number", "unit": "{{x}}"}}}),
        ("menu", {"objective": {**OBJECTIVE, "like_for_like": {"menu": "{{x}}"}}}),
    ],
)
def test_telnyx_variables_are_refused_at_every_depth(field: str, changes: Doc):
    assert f"{field} contains '{{{{'" in complaint(document(**changes))


@pytest.mark.parametrize(
    ("objective", "line"),
    [
        (
            {"minimize": "price_per_persn"},
            "objective names 'price_per_persn', which is not in collect"
            " (did you mean 'price_per_person'?)",
        ),
        ({"minimize": "includes_dessert"}, "compares 'includes_dessert', which is not a number"),
        ({"quantity": 50}, "needs exactly one of minimize and maximize"),
        ({"minimize": "a", "maximize": "b"}, "needs exactly one of minimize and maximize"),
        ({**OBJECTIVE, "quantity": 0}, "objective.quantity: 0: input should be greater than 0"),
        ({**OBJECTIVE, "like_for_like": ["dessert"]}, "objective names 'dessert', which is not in"),
        (
            {**OBJECTIVE, "like_for_like": ["service_fee_percent"]},
            "like_for_like lists 'service_fee_percent', which is not a yes/no field",
        ),
        ({**OBJECTIVE, "walk_away": -1}, "objective.walk_away: -1: input should be greater than"),
        ({**OBJECTIVE, "targt": 58}, "objective.targt: is not a field (did you mean 'target'?)"),
    ],
)
def test_an_objective_must_compare_what_is_collected(objective: Doc, line: str):
    assert line in complaint(document(objective=objective))


def test_to_negotiate_takes_an_objective():
    assert "strategy 'negotiate' needs an objective" in complaint(document(objective=None))


@pytest.mark.parametrize(
    ("calling", "line"),
    [
        ({"days": "weekdays"}, "calling.days: 'weekdays' is not a list of days, such as mon-fri"),
        pytest.param({"days": "mon-"}, "calling.days: 'mon-' is not a list of days"),
        ({"days": "mon-funday"}, "calling.days: 'mon-funday' is not a list of days"),
        ({"days": "mon,,tue"}, "calling.days: 'mon,,tue' is not a list of days"),
        ({"days": ""}, "calling.days: '' is not a list of days"),
        ({"hours": "9-5"}, "calling.hours: '9-5' is not a span of hours, such as 09:00-17:00"),
        ({"hours": "09:00-24:30"}, "calling.hours: '09:00-24:30' is not a span of hours"),
        ({"hours": "25:00-26:00"}, "calling.hours: '25:00-26:00' is not a span of hours"),
        ({"hours": "09:60-17:00"}, "calling.hours: '09:60-17:00' is not a span of hours"),
        ({"hours": "17:00-09:00"}, "calling.hours: '17:00-09:00' ends before it begins"),
        ({"hours": "09:00-09:00"}, "calling.hours: '09:00-09:00' ends before it begins"),
        ({"finish_by": "2026-12-04T17:00"}, "calling.finish_by: '2026-12-04T17:00' has a time but"),
        ({"finish_by": "Friday"}, "is neither a day such as 2026-12-04 nor an instant with its z"),
        ({"finish_by": "Tuesday"}, "is neither a day such as 2026-12-04 nor an instant with its"),
        ({"finish_by": "2026-02-30"}, "calling.finish_by: '2026-02-30'"),
        ({"finish_by": "2026-12-04T"}, "calling.finish_by: '2026-12-04T'"),
        ({"finish_by": "2026-12-04\n"}, "calling.finish_by: '2026-12-04\\n'"),
        ({"finish_by": True}, "calling.finish_by: True is neither a day"),
        ({"not_before": "soon"}, "calling.not_before: 'soon' is neither a day such as 2026-12-04"),
        ({"not_before": "2026-12-04T17:00"}, "calling.not_before: '2026-12-04T17:00' has a time"),
        (
            {"not_before": "2026-12-05", "finish_by": "2026-12-04"},
            "not_before is after finish_by, so no call would be allowed",
        ),
        (
            {"not_before": "2026-12-05", "finish_by": "2026-12-04T23:59:00Z"},
            "not_before is after finish_by",
        ),
        (
            {"not_before": "2026-12-04T18:00:00Z", "finish_by": "2026-12-04T12:59:00-05:00"},
            "not_before is after finish_by",
        ),
        ({"on_holidays": "maybe"}, "calling.on_holidays: "),
        ({"on_holidays": 1}, "calling.on_holidays: "),
        ({"finsh_by": "2026-12-04"}, "calling.finsh_by: is not a field (did you mean 'finish_by'?"),
    ],
)
def test_times_of_calling_must_be_spelled_out(calling: Doc, line: str):
    assert line in complaint(document(calling=calling))


@pytest.mark.parametrize("finish_by", [20261204, "20261204", 2026, 1.5])
def test_a_bare_number_is_no_deadline(finish_by: object):
    assert "calling.finish_by" in complaint(document(calling={"finish_by": finish_by}))


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("includes_dessert", "yes"),
        ("includes_dessert", 5),
        ("service_fee_percent", "none"),
    ],
)
def test_what_is_compared_must_be_what_the_field_can_hold(field: str, wanted: object):
    objective = {**OBJECTIVE, "like_for_like": {field: wanted}}

    assert field in complaint(document(objective=objective))


@pytest.mark.parametrize("quantity", ["1e30", "1e-30"])
def test_a_quantity_is_of_this_world(quantity: str):
    line = complaint(document(objective={**OBJECTIVE, "quantity": quantity}))

    assert "objective.quantity" in line


@pytest.mark.parametrize("wanted", [[["includes_dessert"]], [{"includes_dessert": True}]])
def test_a_list_of_what_is_compared_holds_names_only(wanted: object):
    objective = {**OBJECTIVE, "like_for_like": wanted}

    assert "objective.like_for_like" in complaint(document(objective=objective))


def test_one_bad_target_is_one_line():
    message = complaint(document(targets=[target("A", "555-0101")]))

    assert len(message.splitlines()) == 2


@pytest.mark.parametrize("given", [None, [], "brief", 5, b"name: x"])
def test_a_brief_is_a_mapping(given: object):
    assert complaint(given) == f"The brief is {type(given).__name__}, not a mapping of fields."


def test_what_was_given_is_shown_shortened():
    line = complaint(document(strategy="x" * 500)).splitlines()[1]

    assert "'xxx" in line
    assert "..." in line
    assert len(line) < 150


def test_a_refusal_says_that_nothing_was_created():
    with pytest.raises(InvalidInput) as caught:
        parse_brief({})

    assert caught.value.fix == ("Correct the brief and run the command again; nothing was created.")

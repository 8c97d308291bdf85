"""What a person wrote is kept to the byte: read, recorded as JSON, read again."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import read_brief
from tests.unit.build import OBJECTIVE, Doc, document, make_brief, target

PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)
REPEATABLY = settings(max_examples=50, deadline=None, derandomize=True)


def again(brief: Brief) -> Brief:
    """The brief as the ledger gives it back."""
    return Brief.model_validate(json.loads(json.dumps(brief.model_dump(mode="json"))))


@pytest.mark.parametrize("as_text", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
@pytest.mark.parametrize(
    "words",
    [
        "Joe's Catering",
        "日本語ケータリング",
        "$62 per person, $(whoami) `ls` %s {0}",
        "one line\nand another",
        "👩\u200d🍳 and 🏴",
        'She said "62"',
        "back\\slash",
        "<b>&amp;</b>",
        "yes",
        "1e3",
    ],
)
def test_names_survive(words: str, as_text: type[str]):
    given_document = document(name=words, details=words, targets=[target(words, "+13125550101")])

    brief = read_brief(as_text(given_document).encode())

    assert (brief.name, brief.details, brief.targets[0].name) == (words, words, words)
    assert again(brief) == brief


@REPEATABLY
@given(name=PRINTABLE.filter(lambda t: "{{" not in t and "}}" not in t and len(t) <= 120))
@example(name=" spaces around ")
def test_any_name_survives(name: str):
    brief = read_brief(json.dumps(document(name=name)).encode())

    assert brief.name == name
    assert again(brief) == brief


@REPEATABLY
@given(cents=st.integers(1, 10**12 - 1))
def test_money_survives_to_the_cent(cents: int):
    amount = Decimal(cents) / 100
    limits = {"spend_usd": str(amount)}
    brief = make_brief(limits=limits, objective={**OBJECTIVE, "target": str(amount)})

    kept = again(brief)

    assert kept.limits.spend_usd == amount
    assert kept.objective is not None
    assert kept.objective.target == amount
    assert kept.model_dump(mode="json") == brief.model_dump(mode="json")


@pytest.mark.parametrize("amount", [5, 5.0, 5.1, "5.10", 0.01, 1234567.89])
def test_money_written_as_a_number_is_exact(amount: float):
    assert make_brief(limits={"spend_usd": amount}).limits.spend_usd == Decimal(str(amount))


@pytest.mark.parametrize(
    "finish_by",
    [
        None,
        date(2026, 12, 4),
        datetime(2026, 12, 4, 17, tzinfo=UTC),
        pytest.param(
            datetime(2026, 12, 4, tzinfo=UTC),
        ),
    ],
)
def test_the_deadline_survives(finish_by: date | None):
    brief = make_brief(calling={"finish_by": finish_by})

    assert brief.calling.finish_by == finish_by
    assert again(brief).calling.finish_by == finish_by


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("includes_dessert", True),
        ("includes_dessert", False),
        ("menu", "buffet"),
        ("menu", "5"),
        pytest.param(
            "service_fee_percent",
            Decimal(18),
        ),
    ],
)
def test_what_is_compared_survives(field: str, wanted: bool | str | Decimal):
    collect: Doc = {**document()["collect"], "menu": {"type": "string"}}
    objective = {**OBJECTIVE, "like_for_like": {field: wanted}}
    brief = make_brief(collect=collect, objective=objective)

    assert brief.objective is not None
    assert brief.objective.like_for_like == {field: wanted}
    assert again(brief) == brief


@pytest.mark.parametrize("wanted", [0, 1])
def test_a_number_to_compare_is_not_taken_for_yes_or_no(wanted: int):
    brief = make_brief(objective={**OBJECTIVE, "like_for_like": {"service_fee_percent": wanted}})

    assert brief.objective is not None
    assert not isinstance(brief.objective.like_for_like["service_fee_percent"], bool)


@pytest.mark.parametrize(
    "finish_by",
    [
        "2026-12-04T00:00:00Z",
        "2026-12-04T00:00Z",
        "2026-12-04 00:00:00Z",
        "2026-12-04t00:00:00z",
    ],
)
def test_midnight_is_an_instant_however_it_is_written(finish_by: str):
    brief = make_brief(calling={"finish_by": finish_by})

    assert brief.calling.finish_by == datetime(2026, 12, 4, tzinfo=UTC)


def test_a_list_of_what_is_compared_means_yes_to_each():
    by_list = make_brief(objective={**OBJECTIVE, "like_for_like": ["includes_dessert"]})
    by_name = make_brief(objective={**OBJECTIVE, "like_for_like": {"includes_dessert": True}})

    assert by_list == by_name


def test_a_brief_cannot_be_changed_once_read():
    with pytest.raises(ValueError, match="frozen"):
        make_brief().name = "Another"  # pyright: ignore[reportAttributeAccessIssue]

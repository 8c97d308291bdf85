"""A brief comes as the bytes of a YAML or JSON file, and is read strictly."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import yaml

from telnyx_toolkit.brief import brief_schema
from telnyx_toolkit.brief_reader import MAX_BYTES, load_document, read_brief
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.resources import shipped
from tests.unit.build import document, make_brief

MINIMAL = """
name: Opening hours
goal: When are they open on Saturday?
on_behalf_of: Dana Reyes
strategy: sweep
targets:
  - {name: North Hardware, phone: "+13125550120"}
collect:
  open_until: {type: string, required: true}
"""


def refusal(raw: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_brief(raw)
    return caught.value.message


def test_yaml_and_json_give_the_same_brief():
    as_json = json.dumps(document()).encode()
    as_yaml = yaml.safe_dump(document()).encode()

    assert read_brief(as_json) == read_brief(as_yaml) == make_brief()


def test_the_shipped_catering_brief_is_read():
    brief = read_brief(shipped("fixtures", "missions", "catering.yaml").read_bytes())

    assert [t.phone for t in brief.targets] == ["+13125550101", "+13125550102", "+13125550103"]
    assert brief.limits.spend_usd == Decimal("5.00")
    assert brief.calling.finish_by == date(2026, 12, 4)
    assert brief.objective is not None
    assert brief.objective.field == "price_per_person"
    assert brief.objective.like_for_like == {"includes_dessert": True, "available": True}


def test_what_is_left_out_takes_the_careful_value():
    brief = read_brief(MINIMAL.encode())

    assert brief.record is False
    assert brief.keep is False
    assert brief.leverage.name_competitors is False
    assert (brief.calling.days, brief.calling.hours) == ("mon-fri", "09:00-17:00")
    assert (brief.limits.attempts_per_target, brief.limits.minutes_per_call) == (3, 10)
    assert brief.limits.spend_usd == Decimal("5.00")
    assert brief.contact == "business"


def test_an_unquoted_yaml_phone_number_is_told_to_be_quoted():
    message = refusal(MINIMAL.replace('"+13125550120"', "+13125550120").encode())

    assert "targets[0].phone: 13125550120 is not a phone number" in message
    assert "put it in quotes" in message


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (MINIMAL + "name: Another\n", "name"),
        (MINIMAL + "limits: {spend_usd: 5, spend_usd: 500}\n", "spend_usd"),
        (MINIMAL.replace("phone:", 'phone: "+13125550121", phone:'), "phone"),
    ],
)
def test_a_field_given_twice_in_yaml_is_refused(raw: str, name: str):
    assert f"the field {name!r} is given twice" in refusal(raw.encode())


def test_a_field_given_twice_in_json_is_refused():
    raw = json.dumps(document()).replace('"goal":', '"name": "Another", "goal":')

    assert "given twice" in refusal(raw.encode())


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xff\xfe\x00n", "The file is not UTF-8 text: "),
        ("name: Café".encode("latin-1"), "The file is not UTF-8 text: "),
        (b"name: [unclosed", "The file cannot be read: "),
        (b"{not json", "The file cannot be read: "),
        (b"name: \x00", "The file cannot be read: "),
        (b"a: b: c", "The file cannot be read: "),
        (b"--- a\n--- b\n", "The file cannot be read: "),
        (b"!!python/object/apply:os.getcwd []", "The file cannot be read: "),
        (b"? [a, b]\n: c", "The file cannot be read: "),
        (b"[" * 600, "The file cannot be read: "),
        (b'{"a":' * 20_000, "The file cannot be read: "),
        (b"- a\n- b\n", "The brief is list, not a mapping of fields."),
        (b"just words", "The brief is str, not a mapping of fields."),
        (b"5", "The brief is int, not a mapping of fields."),
        (b"", "The brief is NoneType, not a mapping of fields."),
        (b"# nothing but a comment\n", "The brief is NoneType, not a mapping of fields."),
    ],
)
def test_a_file_that_is_no_brief_says_why(raw: bytes, reason: str):
    message = refusal(raw)

    assert message.startswith(reason)
    assert "\n" not in message


def test_yaml_that_contains_itself_is_refused():
    assert refusal(b"name: &a [*a]")


def test_a_file_too_large_to_be_a_brief_is_not_even_parsed():
    assert refusal(b"{" * (MAX_BYTES + 1)) == "The file is larger than 1,000,000 bytes."


@pytest.mark.parametrize("text", [MINIMAL, json.dumps(yaml.safe_load(MINIMAL))])
def test_a_byte_order_mark_is_no_part_of_the_brief(text: str):
    assert read_brief(b"\xef\xbb\xbf" + text.encode()).name == "Opening hours"


def test_every_refusal_of_a_file_points_to_an_example():
    with pytest.raises(InvalidInput) as caught:
        load_document(b"[unclosed")

    assert "fixtures/missions/catering.yaml" in caught.value.fix
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-04", date(2026, 12, 4)),
        ("2026-12-04T17:00:00Z", datetime(2026, 12, 4, 17, tzinfo=UTC)),
        ("2026-12-04T11:00:00-06:00", datetime(2026, 12, 4, 17, tzinfo=UTC)),
        ("'2026-12-04T11:00:00-06:00'", datetime(2026, 12, 4, 17, tzinfo=UTC)),
    ],
)
def test_finish_by_is_a_day_or_an_instant(written: str, meant: object):
    brief = read_brief(f"{MINIMAL}calling: {{finish_by: {written}}}".encode())

    assert brief.calling.finish_by == meant


def test_the_schema_refuses_unknown_fields_at_every_level():
    schema = brief_schema()
    parts = [schema, *schema["$defs"].values()]

    assert all(part["additionalProperties"] is False for part in parts)
    described = schema["properties"]["targets"]["description"]
    assert described == "Whom to call."

"""A tool is told from one definition: what it takes, what it may cause, and how it complains."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.tool import Document, Effect, Parameter, Tool, arg
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS


@dataclass(frozen=True)
class Order:
    """Arguments of `order_lunch`."""

    mission_id: str = arg("The mission.", "positional")
    guests: int = arg("How many.", default=50)
    menu: str | None = arg("Which menu.", default=None)
    more: Mapping[str, Any] | None = arg("A file.", "file", default=None)


def order_lunch(_toolkit: Toolkit, args: Order) -> Document:
    """Order lunch for many.

    And then some.
    """
    return {"mission_id": args.mission_id, "guests": args.guests, "menu": args.menu}


LUNCH = Tool(order_lunch, Order, Effect.CALLS, needs_approval=True)


@pytest.fixture
def toolkit(tmp_path: Path) -> Toolkit:
    return Toolkit(Settings("http://127.0.0.1/v2", tmp_path / "home", None))


def complaint(tool: Tool, toolkit: Toolkit, **arguments: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        tool(toolkit, arguments)
    return caught.value.message


def test_a_tool_takes_its_name_and_summary_from_its_function():
    assert (LUNCH.name, LUNCH.command) == ("order_lunch", "order-lunch")
    assert LUNCH.summary == "Order lunch for many."


def test_a_tool_knows_its_arguments_in_order():
    assert LUNCH.parameters[:3] == [
        Parameter("mission_id", "positional", "The mission.", str, required=True, default=None),
        Parameter("guests", "flag", "How many.", int, required=False, default=50),
        Parameter("menu", "flag", "Which menu.", str, required=False, default=None),
    ]
    assert LUNCH.parameters[3].kind == "file"
    assert not LUNCH.parameters[3].required


def test_an_argument_knows_how_the_command_line_writes_it():
    assert [(p.flag, p.metavar) for p in LUNCH.parameters] == [
        ("mission_id", "MISSION"),
        ("--guests", "NUMBER"),
        ("--menu", "TEXT"),
        ("--more", "FILE"),
    ]


def test_a_tool_runs_with_what_it_is_given_and_its_defaults(toolkit: Toolkit):
    assert LUNCH(toolkit, {"mission_id": "m_1", "menu": "buffet"}) == {
        "mission_id": "m_1",
        "guests": 50,
        "menu": "buffet",
    }


def test_an_unknown_argument_is_named_with_the_nearest(toolkit: Toolkit):
    message = complaint(LUNCH, toolkit, mission_id="m_1", guest=3)

    assert message == "order_lunch takes no argument 'guest' (did you mean 'guests'?)."


def test_an_unknown_argument_that_resembles_nothing_is_named_alone(toolkit: Toolkit):
    message = complaint(LUNCH, toolkit, mission_id="m_1", zzz=3)

    assert message == "order_lunch takes no argument 'zzz'."


def test_a_missing_argument_is_named_with_what_it_is(toolkit: Toolkit):
    assert complaint(LUNCH, toolkit) == "order_lunch needs mission_id: The mission."


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mission_id": 7}, "mission_id is 7, which is not text."),
        ({"mission_id": None}, "mission_id is None, which is not text."),
        ({"mission_id": "m", "guests": "many"}, "guests is 'many', which is not a whole number."),
        ({"mission_id": "m", "guests": True}, "guests is True, which is not a whole number."),
        ({"mission_id": "m", "menu": ["a"]}, "menu is ['a'], which is not text."),
    ],
)
def test_an_argument_of_another_type_is_refused(given: Document, told: str, toolkit: Toolkit):
    assert complaint(LUNCH, toolkit, **given) == told


def test_a_schema_describes_every_argument_and_allows_no_other():
    schema = LUNCH.schema()

    assert schema["additionalProperties"] is False
    assert schema["required"] == ["mission_id"]
    assert list(schema["properties"]) == ["mission_id", "guests", "menu", "more"]
    assert schema["properties"]["guests"]["description"] == "How many."
    assert "title" not in schema


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
def test_every_tool_complains_before_it_does_anything(tool: Tool, toolkit: Toolkit):
    assert "takes no argument 'xyzzy'" in complaint(tool, toolkit, xyzzy=1)
    assert not toolkit.settings.home.exists()


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
def test_every_tool_says_what_it_needs(tool: Tool, toolkit: Toolkit):
    needed = [p for p in tool.parameters if p.required]

    if needed:
        assert complaint(tool, toolkit).startswith(f"{tool.name} needs {needed[0].name}: ")
    assert not toolkit.settings.home.exists()


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
def test_every_tool_explains_itself_in_sentences(tool: Tool):
    assert tool.summary.endswith(".")
    assert all(p.help.endswith((".", "…")) for p in tool.parameters)
    assert tool.schema()["type"] == "object"


def test_nothing_rings_without_an_approval():
    assert all(tool.needs_approval for tool in TOOLS.values() if tool.effect is Effect.CALLS)


def test_only_what_sends_a_text_or_rings_may_spend():
    costly = {tool.name for tool in TOOLS.values() if tool.effect in {Effect.SPENDS, Effect.CALLS}}

    assert costly == {"run_mission", "schedule_call", "schedule_message"}


def test_what_only_looks_destroys_nothing():
    looks = {tool for tool in TOOLS.values() if tool.effect in {Effect.NONE, Effect.READS}}

    assert not any(tool.destroys or not tool.idempotent or tool.needs_approval for tool in looks)
    assert all(tool in looks for tool in TOOLS.values() if tool.local)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS.keys())
def test_every_tool_says_what_it_answers(tool: Tool):
    schema = tool.results()

    Draft202012Validator.check_schema(schema)
    assert set(schema["required"]) <= set(schema["properties"])
    assert schema["properties"]


def test_the_seven_tools_of_the_seed_are_there():
    assert {
        "create_mission",
        "plan_steps",
        "create_assistant",
        "assign_number",
        "schedule_call",
        "poll_call",
        "summarize",
    } <= set(TOOLS)


@pytest.mark.parametrize(
    ("name", "argument", "near"),
    [
        ("mission_status", "mission", "mission_id"),
        ("approve_plan", "plan_hsh", "plan_hash"),
        ("create_mission", "breif", "brief"),
    ],
)
def test_a_mistyped_argument_of_a_real_tool_is_put_right(
    name: str, argument: str, near: str, toolkit: Toolkit
):
    message = complaint(TOOLS[name], toolkit, **{argument: "x"})

    assert f"takes no argument {argument!r} (did you mean {near!r}?)" in message


def test_whatever_a_tool_answers_is_harmless(toolkit: Toolkit):
    def overhear(_toolkit: Toolkit, args: Order) -> Document:
        """Overhear."""
        said = f"{args.mission_id}\x1b[31m\u202e\x9b"
        return {said: said, "list": [said, (said, {"deep": said})], "n": 1.5, "none": None}

    heard = Tool(overhear, Order, Effect.READS)(toolkit, {"mission_id": "m"})

    assert heard == {"m": "m", "list": ["m", ["m", {"deep": "m"}]], "n": 1.5, "none": None}

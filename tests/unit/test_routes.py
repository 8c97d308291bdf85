"""A route is what somebody wrote after --notify, or what OpenClaw says for certain."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.notices import Route
from telnyx_toolkit.routes import route_of

REPEATABLY = settings(max_examples=300, deadline=None, derandomize=True)
PREFIXED = json.dumps({"sender": {"id": "77"}, "chat": {"id": "telegram:-1001234"}})
BARE = json.dumps({"sender": {"id": "77"}, "chat": {"id": "-1001234"}})


@pytest.mark.parametrize(
    ("given_text", "route"),
    [
        ("channel=telegram,target=12345", Route("telegram", "12345")),
        (
            "channel=telegram,target=12345,account=a,thread=7",
            Route("telegram", "12345", account="a", thread="7"),
        ),
        (" target=12345 , channel=Telegram ", Route("telegram", "12345")),
        ("telegram:12345", Route("telegram", "12345")),
        ("telegram:-1001234:topic:7", Route("telegram", "-1001234:topic:7")),
        ("discord:channel:99", Route("discord", "channel:99")),
        ("channel=matrix,target=!room,1:server.example", Route("matrix", "!room,1:server.example")),
        ("channel=slack,target=a=b", Route("slack", "a=b")),
        ("whatsapp:+13125550123", Route("whatsapp", "+13125550123")),
        ("googlechat:spaces/AAA", Route("googlechat", "spaces/AAA")),
    ],
)
def test_a_route_can_be_written_down(given_text: str, route: Route) -> None:
    assert route_of(given_text, "") == route
    assert route_of(given_text, PREFIXED) == route


@pytest.mark.parametrize("text", ["none", "None", " NONE "])
def test_none_is_nowhere_whatever_the_context_says(text: str) -> None:
    assert route_of(text, PREFIXED) is None


@pytest.mark.parametrize(
    "text",
    [
        ":12345",
        "telegram:",
        "telegram: ",
        "tele gram:1",
        "12345",
        "target=12345",
        "channel=telegram",
        "channel=telegram,target=",
        "channel=telegram,target=1,target=2",
        "channel=,target=1",
        "--channel=telegram",
        f"telegram:{'1' * 300}",
        "telegram:12\u202e345",
        "telegram:12\n345",
        "telegram:\x1b[31m5",
        "channel=telegram,target=1,account=\x00",
    ],
)
def test_what_is_no_route_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        route_of(text, "")

    assert "--notify telegram:12345" in caught.value.fix
    assert caught.value.message.isprintable()


def test_openclaw_names_the_chat_and_its_channel_where_the_id_has_it() -> None:
    assert route_of("", PREFIXED) == Route("telegram", "-1001234")


@pytest.mark.parametrize(
    "context",
    [
        "",
        "{",
        "null",
        "[]",
        '"telegram:1"',
        "{}",
        BARE,  # which channel?
        json.dumps({"sender": {"id": "telegram:77"}}),  # who asked is not where
        json.dumps({"chat": {"id": "telegram:"}}),
        json.dumps({"chat": {"id": "channel:12345"}}),
        json.dumps({"chat": {"id": "chat_guid:12345"}}),
        json.dumps({"chat": {"id": ["telegram:1"]}}),
        json.dumps({"chat": "telegram:1"}),
        json.dumps({"chat": {"id": "telegram:1\n2"}}),
        json.dumps({"chat": {"id": f"telegram:{'1' * 300}"}}),
        json.dumps({"chat": {"id": True}}),
        "[" * 100_000,
    ],
)
def test_nothing_is_guessed_from_a_context_that_does_not_say_it(context: str) -> None:
    assert route_of("", context) is None


def test_a_channel_alone_takes_the_chat_of_the_context() -> None:
    for context in (BARE, PREFIXED, json.dumps({"chat": {"id": -1001234}})):
        assert route_of("telegram", context) == Route("telegram", "-1001234")
        assert route_of("channel=telegram,thread=7", context) == Route(
            "telegram", "-1001234", thread="7"
        )


def test_the_chat_of_another_channel_is_not_taken() -> None:
    with pytest.raises(InvalidInput, match="names no chat on discord"):
        route_of("discord", PREFIXED)


anything = st.text(max_size=40) | st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            ["channel=", "target=", "thread=", ",", ":", "telegram", "none", " ", "\n", "1"]
        ),
        max_size=8,
    ),
)
jsonish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["chat", "sender", "id", "x"]), inner, max_size=3)
    ),
)


@REPEATABLY
@given(anything, anything | jsonish.map(json.dumps))
def test_no_text_is_too_strange(given_text: str, context: str) -> None:
    with suppress(InvalidInput):
        route = route_of(given_text, context)
        assert route is None or (route.channel and route.target and route.target.isprintable())


@REPEATABLY
@given(anything | jsonish.map(json.dumps))
def test_a_strange_context_never_raises(context: str) -> None:
    route = route_of("", context)

    assert route is None or (route.channel and route.target)

"""Who watches effects: what they are told, what it costs nobody, and that no words are in it."""

import io
import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from telnyx_toolkit.effect_watch import (
    Effect,
    about,
    effect,
    outcome_of,
    request_name,
    watching,
)
from telnyx_toolkit.errors import ErrorResponse, LeaseHeld, NoResponse, NotReached, PolicyDenied
from telnyx_toolkit.log_lines import LOG, logged, say


class Told:
    def __init__(self) -> None:
        self.order: list[str] = []
        self.effects: dict[str, Effect] = {}

    @contextmanager
    def __call__(self, now: Effect) -> Generator[None]:
        self.order.append(f"begin {now.name}")
        self.effects[now.name] = now
        try:
            yield
        finally:
            self.order.append(f"end {now.name}: {now.outcome}")


def test_an_effect_is_told_as_it_begins_and_as_it_ends_and_knows_whose_it_is() -> None:
    told = Told()
    with watching(told), about("m_1"), effect("schedule_call", attempt="a_1"), effect("POST /x"):
        pass

    assert told.order == [
        "begin schedule_call",
        "begin POST /x",
        "end POST /x: executed",
        "end schedule_call: executed",
    ]
    assert (told.effects["POST /x"].mission, told.effects["POST /x"].attempt) == ("m_1", "a_1")
    with effect("unseen"):
        pass
    assert "begin unseen" not in told.order


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        (NotReached("x"), "not executed"),
        (ErrorResponse("x", status=422), "not executed"),
        (ErrorResponse("x", status=409), "unknown"),
        (ErrorResponse("x", status=503), "unknown"),
        (NoResponse("x"), "unknown"),
        (PolicyDenied("x"), "not executed"),
        (LeaseHeld("x", holder="y"), "not executed"),
        (KeyboardInterrupt(), "unknown"),
        (ValueError("x"), "unknown"),
    ],
)
def test_how_an_effect_ended_is_one_of_three(problem: BaseException, outcome: str) -> None:
    told = Told()
    with watching(told), pytest.raises(type(problem)), effect("it"):
        raise problem

    assert (told.effects["it"].outcome, outcome_of(problem)) == (outcome, outcome)


def test_a_request_is_named_without_the_ids_of_its_path() -> None:
    path = "/ai/assistants/assistant-1f2e/scheduled_events/9"

    assert request_name("GET", path) == "GET /ai/assistants/*/scheduled_events/*"
    assert request_name("GET", "/phone_numbers/+13125550101") == "GET /phone_numbers/*"


def _lines(form: str, level: str = "info") -> tuple[io.StringIO, Any]:
    stream = io.StringIO()
    return stream, logged(form, level, stream)


def test_a_line_of_json_says_who_what_how_long_and_how_it_ended() -> None:
    stream, logs = _lines("json")
    with logs, about("m_1", "a_1"), effect("schedule_call"):
        pass

    line = json.loads(stream.getvalue())
    assert list(line) == [
        *("at", "level", "mission", "attempt", "effect", "ms", "outcome", "tries")
    ]
    assert (line["at"][10], line["at"][-1], line["level"]) == ("T", "Z", "info")
    assert (line["mission"], line["attempt"], line["effect"]) == ("m_1", "a_1", "schedule_call")
    assert (line["outcome"], line["tries"]) == ("executed", 1)


def test_at_warning_only_what_was_not_executed_is_logged_and_no_message_is() -> None:
    stream, logs = _lines("json", "warning")
    with logs:
        with effect("fine"):
            pass
        with pytest.raises(ErrorResponse), effect("POST /x"):
            raise ErrorResponse("The callee said: my secret is +13125550101.", status=500)

    line = json.loads(stream.getvalue())
    assert (line["effect"], line["status"], line["code"]) == ("POST /x", 500, "telnyx_500")
    assert "secret" not in stream.getvalue()


def test_what_is_said_is_one_line_with_its_numbers_masked_and_nothing_unseen() -> None:
    stream, logs = _lines("text")
    with logs:
        say(logging.INFO, "calling +13125550101\nnow\x1b[2J", missions=3)

    assert stream.getvalue().count("\n") == 1
    assert "+1•••••0101" in stream.getvalue()
    assert "missions=3" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_log_that_nobody_reads_any_more_stops_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, text: str, /) -> int:
            raise BrokenPipeError(text)

    with logged("json", stream=Gone()), effect("it"):
        pass

    assert LOG.handlers == []

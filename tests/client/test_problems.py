"""Error answers become one readable message, and say what to do."""

import json
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import ErrorResponse
from telnyx_toolkit.settings import TELNYX_URL, ApiKey
from telnyx_toolkit.telnyx import TelnyxClient
from telnyx_toolkit.telnyx.problems import retry_after_s

ANSWERED = "Wed, 21 Oct 2026 07:28:00 GMT"
ANSWERED_EPOCH = 1_792_567_680


def refused(status: int, body: Any = b"", **headers: str) -> ErrorResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content, headers=spelled)

    client = TelnyxClient(TELNYX_URL, ApiKey("example"), httpx.MockTransport(handler))
    with pytest.raises(ErrorResponse) as caught:
        client.numbers.set_connection("17", "9")
    return caught.value


def platform(code: str | int, title: str = "Refused", detail: str = "") -> dict[str, Any]:
    return {"errors": [{"code": code, "title": title, "detail": detail}]}


def test_the_platform_envelope_is_read():
    error = refused(403, platform("10010", "Authorization failed", "You may not."))

    assert error.message == (
        "Telnyx answered 403 to PATCH /phone_numbers/17: Authorization failed: You may not. (10010)"
    )
    assert (error.status, error.telnyx_code, error.code) == (403, "10010", "telnyx_403")


def test_a_code_may_be_a_number():
    assert refused(404, platform(10005)).telnyx_code == "10005"


def test_several_errors_are_told_and_many_are_cut():
    errors = [{"title": f"Problem {n}", "code": str(n)} for n in range(1, 9)]

    error = refused(400, {"errors": errors})

    assert error.message.endswith(": Problem 1 (1); Problem 2 (2); Problem 3 (3)")
    assert error.telnyx_code == "1"


def test_the_validation_envelope_is_read():
    detail = [
        {"loc": ["body", "steps", 0], "msg": "Field required", "type": "missing"},
        {"loc": "odd", "msg": "Also wrong"},
    ]

    error = refused(422, {"detail": detail})

    assert error.message.endswith(": body.steps.0: Field required; Also wrong")
    assert error.telnyx_code == ""


def test_a_detail_may_be_one_sentence():
    assert refused(404, {"detail": "No such run"}).message.endswith("17: No such run")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ": Bad Gateway"),
        (b"<html>nginx</html>", ": Bad Gateway: <html>nginx</html>"),
        (b'{"errors": "no"}', ': Bad Gateway: {"errors": "no"}'),
        (b'{"errors": [1], "detail": [null]}', ': Bad Gateway: {"errors": [1], "detail": [null]}'),
        (b"[]", ": Bad Gateway: []"),
        (b"[" * 100_000, ": Bad Gateway: [[["),
        (b"\xff", ": Bad Gateway: \ufffd"),
    ],
)
def test_anything_else_is_shown_as_it_is(body: bytes, said: str):
    assert said in refused(502, body).message


def test_a_status_without_a_name_is_still_an_answer():
    assert refused(599).message.endswith("17: no explanation")


def test_a_long_explanation_is_cut_and_made_harmless():
    error = refused(400, platform("1" * 90, "\x1b[2Jtitle " * 50, "detail\r\n\u202e" * 500))

    assert len(error.message) < 600
    assert len(error.telnyx_code) <= 20
    assert not {"\x1b", "\r", "\n", "\u202e"} & set(error.message)


@pytest.mark.parametrize(
    ("status", "body", "fix"),
    [
        (401, platform("10009"), "API Keys"),
        (400, platform("20002"), "API Keys"),
        (401, b"", "API Keys"),
        (403, platform("10010"), "permissions"),
        (403, b"", "permissions"),
        (403, platform("20013"), "permissions"),
        (403, platform("10038"), "level"),
        (403, platform("10010", "Account disabled", "D17"), "add funds"),
        (402, platform("20100"), "add funds"),
        (403, platform("10010", "Dial failed", "destination not whitelisted D13"), "whitelisted"),
        (403, platform("10010", "Dial failed", "user channel limit (D1)"), "at once"),
        (403, platform("10010", "Dial failed", "D19"), "permissions"),
        (403, platform("90041"), "at once"),
        (422, platform("90043"), "at once"),
        (403, platform("10010", "Dial failed", "D35"), "caller id"),
        (404, b"", "does not know it"),
        (409, platform("10036"), "busy"),
        (422, {"detail": [{"msg": "no"}]}, "refused its values"),
        (400, platform("10027"), "refused its values"),
        (429, b"", "Too many requests"),
        (400, platform("90103"), "Too many requests"),
        (500, b"", "may have been executed"),
        (503, b"", "may have been executed"),
        (400, platform("10015"), ""),
    ],
)
def test_a_known_problem_says_what_to_do(status: int, body: Any, fix: str):
    error = refused(status, body)

    assert fix in error.fix
    assert bool(fix) == bool(error.fix)


@pytest.mark.parametrize(
    ("status", "transient"), [(408, True), (409, True), (429, True), (500, True), (404, False)]
)
def test_some_problems_pass_by_themselves(status: int, transient: bool):
    assert refused(status).transient is transient


def test_a_rate_limit_says_how_long_to_wait():
    assert refused(429, platform("10011"), retry_after="7").retry_after_s == 7.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "9e9"}, 86_400.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": ANSWERED}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": ANSWERED}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 -0000", "date": ANSWERED}, 30.0),
        ({"x-ratelimit-reset": "12"}, 12.0),
        ({"x-ratelimit-reset": str(ANSWERED_EPOCH + 40), "date": ANSWERED}, 40.0),
        ({"x-ratelimit-reset": str(ANSWERED_EPOCH + 40)}, None),
        ({"x-ratelimit-reset": "1e30", "date": ANSWERED}, None),
        ({"x-ratelimit-reset": "later"}, None),
        ({"retry-after": "7", "x-ratelimit-reset": "12"}, 7.0),
        ({"retry-after": "soon", "x-ratelimit-reset": "12"}, 12.0),
    ],
)
def test_the_wait_is_read_from_what_the_headers_say(headers: dict[str, str], seconds: float | None):
    assert retry_after_s(headers) == seconds

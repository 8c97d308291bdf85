"""The wire: what is sent, and which of three answers comes back."""

import json
from collections.abc import Callable

import httpx
import pytest

from telnyx_toolkit import __version__
from telnyx_toolkit.errors import (
    ConfigError,
    ErrorResponse,
    InvalidInput,
    NoResponse,
    NotReached,
    TelnyxError,
    ToolkitBug,
)
from telnyx_toolkit.settings import TELNYX_URL, ApiKey
from telnyx_toolkit.telnyx.http import REPLY_LIMIT, Http, path_of

KEY = "KEYexample0123456789"


def wire(handler: Callable[[httpx.Request], httpx.Response], key: str = KEY) -> Http:
    return Http(TELNYX_URL, ApiKey(key), httpx.MockTransport(handler))


def answering(content: bytes, status: int = 200, **headers: str) -> Http:
    return wire(lambda _: httpx.Response(status, content=content, headers=headers))


def failing(problem: Exception) -> Http:
    def handler(_: httpx.Request) -> httpx.Response:
        raise problem

    return wire(handler)


def sent_by(ask: Callable[[Http], object]) -> httpx.Request:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    ask(wire(handler))
    [request] = seen
    return request


def test_a_request_carries_the_key_and_says_who_asks():
    request = sent_by(lambda http: http.request("GET", "/balance"))

    assert str(request.url) == "https://api.telnyx.com/v2/balance"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["user-agent"] == f"telnyx-toolkit/{__version__}"
    assert "idempotency-key" not in request.headers


def test_without_a_key_no_authorization_is_sent():
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    Http("http://127.0.0.1:9", None, httpx.MockTransport(handler)).request("GET", "/x")

    assert "authorization" not in seen[0].headers


def test_a_body_is_sent_as_json_even_when_it_is_empty():
    request = sent_by(lambda http: http.request("POST", "/x", body={}))

    assert request.content == b"{}"
    assert request.headers["content-type"] == "application/json"


def test_content_is_sent_byte_for_byte():
    odd = b'{ "b":1,\n"a" : "\\u00e9" }'

    request = sent_by(lambda http: http.request("POST", "/x", content=odd))

    assert request.content == odd
    assert request.headers["content-type"] == "application/json"


def test_a_request_without_a_body_claims_no_content_type():
    request = sent_by(lambda http: http.request("POST", "/x"))

    assert request.content == b""
    assert "content-type" not in request.headers


def test_brackets_arrows_and_plus_signs_survive_the_query():
    params = {"page[number]": 2, "metadata->telnyx_end_user_target": "eq.+12025550101"}

    request = sent_by(lambda http: http.request("GET", "/x", params=params))

    assert request.url.query == (
        b"page%5Bnumber%5D=2&metadata-%3Etelnyx_end_user_target=eq.%2B12025550101"
    )


def test_an_idempotency_key_travels_in_its_header():
    request = sent_by(lambda http: http.request("POST", "/x", idempotency_key="a-B_9"))

    assert request.headers["idempotency-key"] == "a-B_9"


@pytest.mark.parametrize("key", ["", "a:b", "a.b", "a b", "a\n", "x" * 256])
def test_an_idempotency_key_that_telnyx_would_refuse_is_our_bug(key: str):
    with pytest.raises(ToolkitBug):
        answering(b"{}").request("POST", "/x", idempotency_key=key)


def test_an_answer_is_decoded():
    assert answering(b'{"data": [1, "\xc3\xa9"]}').request("GET", "/x") == {"data": [1, "é"]}


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_answer_is_none(content: bytes):
    assert answering(content, 204).request("DELETE", "/x") is None


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b'{"data": {"id": "1', '{"data": {"id": "1'),
        (b"<html><h1>Welcome</h1></html>", "Welcome"),
        (b"\xff\xfe\x00", "\ufffd"),
        (b'{"a": NaN}', "NaN"),
        (b"[" * 200_000, "[[["),
    ],
    ids=["truncated", "html", "not-utf-8", "not-a-number", "too-deep"],
)
def test_a_success_that_is_not_json_is_an_unknown_outcome(content: bytes, seen: str):
    with pytest.raises(NoResponse, match=r"GET /x was answered 200") as caught:
        answering(content).request("GET", "/x")

    assert seen in caught.value.message
    assert len(caught.value.message) < 260


@pytest.mark.parametrize("size", [1, 2_000, REPLY_LIMIT])
def test_an_answer_that_repeats_what_was_sent_is_not_read_whole(size: int):
    content = b'{"data": "' + b"x" * size

    assert answering(content).request("PATCH", "/x", body={"a": 1}, unread=True) is None


@pytest.mark.parametrize("content", [b"<html><h1>Welcome</h1></html>", b"<" * 2_000])
def test_an_answer_that_is_not_read_is_still_told_from_somebody_elses(content: bytes):
    with pytest.raises(NoResponse, match="not JSON"):
        answering(content).request("PATCH", "/x", body={"a": 1}, unread=True)


def test_why_something_was_refused_is_read_in_any_case():
    with pytest.raises(ErrorResponse, match="422"):
        answering(b'{"errors": []}', 422).request("PATCH", "/x", body={"a": 1}, unread=True)


def test_what_a_server_says_is_made_harmless_before_it_is_shown():
    with pytest.raises(NoResponse) as caught:
        answering(b"\x1b[31mred\x1b[0m \xe2\x80\xaegnp.exe").request("GET", "/x")

    assert "red gnp.exe" in caught.value.message
    assert "\x1b" not in caught.value.message
    assert "\u202e" not in caught.value.message


def test_an_answer_beyond_the_limit_is_an_unknown_outcome():
    with pytest.raises(NoResponse, match="more than 32 MiB"):
        answering(b'"' + b"x" * REPLY_LIMIT + b'"').request("GET", "/x")


def test_an_answer_at_the_limit_is_read():
    text = answering(b'"' + b"x" * (REPLY_LIMIT - 2) + b'"').request("GET", "/x")

    assert len(text) == REPLY_LIMIT - 2


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
def test_a_redirect_is_refused_and_the_key_goes_nowhere_else(status: int):
    hosts: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(status, headers={"location": "https://example.org/"})

    with pytest.raises(ErrorResponse, match="a redirect, which is not followed") as caught:
        wire(handler).request("GET", "/balance")

    assert hosts == ["api.telnyx.com"]
    assert caught.value.status == status
    assert "TELNYX_BASE_URL" in caught.value.fix


@pytest.mark.parametrize(
    "problem",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.UnsupportedProtocol("ftp"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_what_never_left_did_not_happen(problem: Exception):
    with pytest.raises(NotReached, match=f"POST /x never left: {type(problem).__name__}"):
        failing(problem).request("POST", "/x")


@pytest.mark.parametrize(
    "problem",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("pipe"),
        httpx.CloseError("close"),
        httpx.RemoteProtocolError("cut"),
        httpx.LocalProtocolError("ours"),
        httpx.ProxyError("proxy"),
        httpx.DecodingError("gzip"),
        ConnectionResetError("reset"),
        ConnectionRefusedError("somewhere inside"),
        BrokenPipeError("pipe"),
        TimeoutError("slow"),
        OSError("disk"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_what_may_have_left_may_have_happened(problem: Exception):
    with pytest.raises(NoResponse, match=f"POST /x got no answer: {type(problem).__name__}"):
        failing(problem).request("POST", "/x")


def test_a_failed_request_is_not_repeated():
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(503)

    with pytest.raises(ErrorResponse):
        wire(handler).request("POST", "/x")

    assert asked == ["POST"]


def leaks() -> list[Http]:
    key = KEY.encode()
    echo = f"you sent Bearer {KEY} and KEY\u200bexample0123456789".encode()
    broken = httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}'")
    return [
        answering(echo),
        answering(echo, 401),
        answering(
            b'{"errors": [{"title": "K", "detail": "K", "code": "K"}]}'.replace(b"K", key), 401
        ),
        answering(json.dumps({"detail": [{"loc": [KEY], "msg": "x" * 110 + KEY}]}).encode(), 422),
        answering(f'{{"data": {{"{KEY}": "{KEY}"}}}}'.encode(), 302),
        failing(broken),
        failing(httpx.ConnectError(f"to {KEY}")),
        failing(OSError(KEY)),
    ]


@pytest.mark.parametrize("http", leaks(), ids=range(8))
def test_the_key_never_shows_in_an_error(http: Http):
    with pytest.raises(TelnyxError) as caught:
        http.request("GET", "/x")

    error = caught.value
    shown = f"{error} {error!r} {error.message} {error.fix} {vars(error)}"
    assert KEY[:8] not in shown
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


def test_the_key_never_shows_in_a_repr():
    assert KEY not in repr(answering(b"")) + str(vars(answering(b"")))


@pytest.mark.parametrize("key", ["", "KEY with space", "KEY\n", "KEY\u00e9"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str):
    with pytest.raises(ConfigError) as caught:
        wire(lambda _: httpx.Response(200), key).request("GET", "/x")

    assert "KEY" not in caught.value.message.replace("TELNYX_API_KEY", "")


def test_a_base_url_that_is_none_never_leaves():
    http = Http("http://127.0.0.1:port/v2", ApiKey(KEY))

    with pytest.raises(NotReached, match="GET /x never left: InvalidURL"):
        http.request("GET", "/x")


def test_a_broken_environment_never_leaves(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:9")

    with pytest.raises(NotReached, match="cannot be set up") as caught:
        Http(TELNYX_URL, ApiKey(KEY)).request("GET", "/x")

    assert "proxy" in caught.value.fix


def test_path_segments_are_encoded():
    assert path_of("phone_numbers", "+1/..?#") == "/phone_numbers/%2B1%2F..%3F%23"


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_an_id_that_would_change_the_endpoint_is_refused(segment: str):
    with pytest.raises(InvalidInput):
        path_of("ai", "assistants", segment)

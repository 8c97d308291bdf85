"""One request, one answer: the wire to Telnyx, with a deadline and without retries."""

import json
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from functools import cache, partial
from typing import Any, NoReturn, Self, final
from urllib.parse import quote

import httpx

from telnyx_toolkit import __version__
from telnyx_toolkit.effect_watch import Effect, effect, request_name
from telnyx_toolkit.errors import ConfigError, InvalidInput, NoResponse, NotReached, ToolkitBug
from telnyx_toolkit.json_pieces import written
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.settings import ApiKey
from telnyx_toolkit.telnyx.problems import problem
from telnyx_toolkit.telnyx.straight import Answer, Straight
from telnyx_toolkit.untrusted import one_line

#: What takes the place of the network.
Transport = httpx.BaseTransport
CONNECT_S = 5.0
REPLY_LIMIT = 32 * 1024 * 1024
_GLANCE = 1024  # so much is looked at of an answer that is not read
_NEVER_LEFT = httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol
_KEY_SHAPE = Pattern(r"[A-Za-z0-9_-]{1,255}")
_SETUP_FIX = "Check the proxy and certificate variables of the environment, then run this again."


class Http:
    """Sends requests to one server and decodes its JSON.

    Exactly one request goes out per call: no retries, no redirects. The deadline is wall time for
    the whole exchange; it is looked at before the request leaves and whenever bytes arrive.
    A server on this machine is spoken to directly, whatever proxy the environment names.

    Args:
        base_url: Where Telnyx is, as `Settings.base_url` gives it.
        api_key: Sent as the bearer token and never shown; None sends no Authorization at all.
        transport: Takes the place of the network, for the sandbox and the tests.
        deadline_s: Seconds that one exchange may take.
    """

    def __init__(
        self,
        base_url: str,
        api_key: ApiKey | None,
        transport: httpx.BaseTransport | None = None,
        deadline_s: float = 20.0,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._transport = transport
        self._deadline_s = deadline_s
        self._timeout = httpx.Timeout(deadline_s, connect=min(CONNECT_S, deadline_s))
        self._client: httpx.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        idempotency_key: str | None = None,
        unread: bool = False,
    ) -> Any:
        """The decoded JSON of a 2xx answer; None where its body is empty.

        Args:
            method: HTTP verb.
            path: Below the base URL; make it with `path_of`.
            params: Query; brackets, `>` and `+` are percent-encoded.
            body: Sent as JSON.
            content: Sent byte for byte, in place of `body`.
            idempotency_key: For the endpoints that take one: 1-255 of `[A-Za-z0-9_-]`.
            unread: Give None: the answer is long, and repeats what was sent.

        Raises:
            NotReached: nothing was sent, so nothing happened.
            NoResponse: it may have happened: no answer, half an answer, or not JSON.
            ErrorResponse: Telnyx answered with a 3xx, 4xx or 5xx.
        """
        with self._watched(method, path):
            return self._exchange(
                method,
                path,
                params=params,
                body=body,
                content=content,
                idempotency_key=idempotency_key,
                unread=unread,
            )

    @staticmethod
    def _watched(method: str, path: str) -> AbstractContextManager[Effect]:
        """The request as an effect; what a sandbox is asked of itself is none."""
        if path.startswith("/_sandbox/"):
            return nullcontext(Effect(""))
        return effect(request_name(method, path))

    def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        idempotency_key: str | None = None,
        unread: bool = False,
    ) -> Any:
        """One request and its answer, as `request` describes them."""
        payload = written(body) if body is not None else content
        headers = _headers(payload, idempotency_key)
        url, where = self._base_url + path, f"{method} {path}"
        if isinstance(self._transport, Straight):
            sent = {**self._identity(), **headers}
            ask = partial(self._transport.answer, method, url, params, sent, payload)
            return self._at_once(where, ask, unread=unread)
        try:
            request = self._open().build_request(
                method, url, params=params, content=payload, headers=headers
            )
        except httpx.InvalidURL as error:
            raise NotReached(f"{where} never left: {self._reason(error)}.") from None
        return self._sent(request, where, unread=unread)

    def _sent(self, request: httpx.Request, where: str, *, unread: bool) -> Any:
        ends = time.monotonic() + self._deadline_s
        request.extensions["trace"] = _timekeeper(request, ends)
        try:
            with closing(self._open().send(request, stream=True)) as response:
                return self._answer(response, where, ends, unread=unread)
        except (*_NEVER_LEFT, _TooLate) as error:
            raise NotReached(f"{where} never left: {self._reason(error)}.") from None
        except (httpx.RequestError, OSError) as error:
            raise NoResponse(f"{where} got no answer: {self._reason(error)}.") from None

    def _at_once(self, where: str, ask: Callable[[], Answer], *, unread: bool) -> Any:
        """What an application in this process answers: nothing of it can be late or half sent."""
        try:
            status, headers, content = ask()
        except OSError as error:
            raise NoResponse(f"{where} got no answer: {self._reason(error)}.") from None
        return self._decoded(where, status, headers, content, unread=unread)

    def _open(self) -> httpx.Client:
        if self._client is None:
            try:
                self._client = httpx.Client(
                    headers=self._identity(),
                    transport=self._transport,
                    verify=_trusted(self._base_url.startswith("https:")),
                    timeout=httpx.Timeout(
                        self._deadline_s, connect=min(CONNECT_S, self._deadline_s)
                    ),
                    follow_redirects=False,
                    trust_env=not is_loopback(self._base_url),
                )
            except (OSError, ValueError, ImportError) as error:
                message = f"The connection to Telnyx cannot be set up: {self._reason(error)}."
                raise NotReached(message, fix=_SETUP_FIX) from None
        return self._client

    def _identity(self) -> dict[str, str]:
        headers = {"User-Agent": f"telnyx-toolkit/{__version__}", "Accept": "application/json"}
        if self._api_key is None:
            return headers
        key = self._api_key.reveal()
        if not (key and key.isascii() and key.isprintable() and " " not in key):
            raise ConfigError("The Telnyx API key holds characters that no key has.")
        return headers | {"Authorization": f"Bearer {key}"}

    def _answer(self, response: httpx.Response, where: str, ends: float, *, unread: bool) -> Any:
        content = bytearray()
        try:
            self._read(response, content, where, ends, unread=unread)
        except (httpx.RequestError, OSError, NoResponse):
            if response.is_success:  # any other status already says what happened
                raise
        return self._decoded(
            where, response.status_code, response.headers, bytes(content), unread=unread
        )

    def _decoded(
        self,
        where: str,
        status: int,
        headers: Mapping[str, str],
        content: bytes,
        *,
        unread: bool,
    ) -> Any:
        if not httpx.codes.is_success(status):
            raise problem(where, status, headers, content, self._safe)
        if not content.strip() or (unread and content.lstrip().startswith(b"{")):
            return None
        try:
            return json.loads(content, parse_constant=_refuse)
        except (ValueError, RecursionError):
            seen = self._safe(content.decode("utf-8", "replace"), 160)
            text = f"{where} was answered {status} with something that is not JSON: {seen!r}."
            raise NoResponse(text) from None

    def _read(
        self,
        response: httpx.Response,
        content: bytearray,
        where: str,
        ends: float,
        *,
        unread: bool,
    ) -> None:
        for chunk in response.iter_bytes():
            content += chunk
            if unread and response.is_success and len(content) >= _GLANCE:
                return
            if len(content) > REPLY_LIMIT:
                raise NoResponse(f"{where} got an answer of more than {REPLY_LIMIT >> 20} MiB.")
            if time.monotonic() > ends:
                raise NoResponse(f"{where} got no whole answer within {self._deadline_s:g} s.")

    def _reason(self, error: Exception) -> str:
        return f"{type(error).__name__.lstrip('_')}: {self._safe(str(error))}".removesuffix(": ")

    def _safe(self, text: str, limit: int = 200) -> str:
        """A stranger's words on one line, without our key (a server may echo it)."""
        line = one_line(text)  # cleaned before the search: hidden characters could split the key
        if self._api_key is not None:
            line = line.replace(self._api_key.reveal(), "***")
        return one_line(line, limit)


@final
class Once(Http):
    """The wire for what must leave at most once: an `Http` and nothing more.

    No class can be derived from it, so who asks for it by this type is never handed one that
    repeats.
    """


def path_of(*segments: str) -> str:
    """`/a/b/c`, each segment encoded.

    Raises:
        InvalidInput: a segment would change which endpoint is meant.
    """
    if any(segment in {"", ".", ".."} for segment in segments):
        raise InvalidInput(f"{segments!r} holds something that is not an id.")
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


@cache
def _trusted(is_secure: bool) -> ssl.SSLContext:
    """Who may speak for a server: read once, since that takes as long as all else of a client.

    Without TLS nobody is asked who they are; so nobody is trusted, and nothing need be read.
    """
    return httpx.create_ssl_context() if is_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class _TooLate(Exception):
    """The deadline passed before the request was sent."""


def _timekeeper(request: httpx.Request, ends: float) -> Callable[[str, dict[str, Any]], None]:
    """Gives every phase of the exchange only what is left of the whole."""
    timeouts: dict[str, float | None] = request.extensions["timeout"]

    def keep_time(phase: str, _: dict[str, Any]) -> None:
        left = ends - time.monotonic()
        if left <= 0 and phase.endswith("send_request_headers.started"):
            raise _TooLate("the deadline passed while connecting")
        timeouts["read"] = timeouts["write"] = max(left, 0.001)

    return keep_time


def _headers(payload: bytes | None, idempotency_key: str | None) -> dict[str, str]:
    headers: dict[str, str] = {}
    if payload is not None:
        headers["Content-Type"] = "application/json"
    if idempotency_key is not None:
        if not _KEY_SHAPE.fullmatch(idempotency_key):
            raise ToolkitBug(f"{idempotency_key!r} cannot be an Idempotency-Key.")
        headers["Idempotency-Key"] = idempotency_key
    return headers


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def in_process(app: Callable[..., Any]) -> Transport:
    """A transport to a WSGI application in this process: the sandbox, without a network."""
    return httpx.WSGITransport(app=app)

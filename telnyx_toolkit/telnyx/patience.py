"""Patience: what is safe to send again is sent again, a few times, after a pause."""

from collections.abc import Callable
from math import ceil
from typing import Any, Protocol

import httpx

from telnyx_toolkit.effect_watch import Effect
from telnyx_toolkit.errors import ErrorResponse, NoResponse, NotReached, TelnyxError
from telnyx_toolkit.settings import ApiKey
from telnyx_toolkit.telnyx.http import Http

REPEATS = 3
#: Before anything was ever heard of the server: no network is told quickly.
FIRST_REPEATS = 1
FIRST_PAUSE_S = 0.5
SPREAD = 0.25
#: Telnyx is given as long as it asks for, up to this.
LONGEST_PAUSE_S = 30.0
_LOOK = "GET"
_TIMEOUT, _CONFLICT, _TOO_MANY, _SERVER_ERROR = 408, 409, 429, 500
_IN_FLIGHT = "10036"


class Jitter(Protocol):
    """Spreads the pauses of many clients, as `random.Random` does."""

    def random(self) -> float:
        """A number from 0 to 1."""
        ...


class Patient(Http):
    """An `Http` that repeats what is safe to repeat.

    What certainly did not happen is repeated whatever it was: a request that never left, or was
    answered 429. What may have happened is repeated only if it was a look (GET): without an
    answer, 408, 5xx. A change under an Idempotency-Key that Telnyx is still busy with (409, code
    10036) is asked for again with the same key and bytes. All else is raised at once.

    At most three repeats, after 0.5, 1 and 2 s, up to a quarter shorter; after what Telnyx asks
    for where that is longer. It is never given more than 30 s: then the error says how much it
    wants. So one request waits at most 90 s in all, beside the deadline of each exchange. As long
    as the server was never reached, what never left is repeated once.

    Args:
        base_url: Where Telnyx is, as for `Http`.
        api_key: The account's key.
        transport: Takes the place of the network.
        deadline_s: Seconds that each exchange may take.
        pause: Waits for so many seconds; where it raises a TelnyxError, nothing is repeated.
        jitter: Spreads the pauses; without it they have their full length.
    """

    def __init__(
        self,
        base_url: str,
        api_key: ApiKey | None,
        transport: httpx.BaseTransport | None = None,
        deadline_s: float = 20.0,
        *,
        pause: Callable[[float], None],
        jitter: Jitter | None = None,
    ) -> None:
        super().__init__(base_url, api_key, transport, deadline_s)
        self._pause = pause
        self._jitter = jitter
        self._reached = False

    def request(
        self, method: str, path: str, *, idempotency_key: str | None = None, **rest: Any
    ) -> Any:
        """As `Http.request`, and repeated where that is safe.

        Raises:
            TelnyxError: the last one, with how often it was tried; but a change of which an
                earlier answer said that it was under way is not said to have never happened.
        """
        with self._watched(method, path) as seen:
            return self._patiently(seen, method, path, idempotency_key=idempotency_key, **rest)

    def _patiently(
        self, seen: Effect, method: str, path: str, *, idempotency_key: str | None, **rest: Any
    ) -> Any:
        heard: list[TelnyxError] = []

        def once() -> Any:
            seen.tries = len(heard) + 1
            try:
                answer = self._exchange(method, path, idempotency_key=idempotency_key, **rest)
            except TelnyxError as problem:
                heard.append(problem)
                self._reached |= not isinstance(problem, NotReached)
                raise
            self._reached = True
            return answer

        def again(problem: BaseException) -> bool:
            return is_safe_again(problem, method, keyed=idempotency_key is not None)

        try:
            return once()
        except TelnyxError as problem:
            if not again(problem) or self._is_enough(heard):
                raise _told(heard) from None
        try:
            self._pause(self._wait_s(heard))
            return self._repeated(once, again, heard)
        except TelnyxError:  # the last that was heard, or that of a clock that cannot be asked
            raise _told(heard) from None

    def _repeated(
        self,
        once: Callable[[], Any],
        again: Callable[[BaseException], bool],
        heard: list[TelnyxError],
    ) -> Any:
        from tenacity import Retrying, retry_if_exception  # noqa: PLC0415 - seldom needed

        patiently = Retrying(
            retry=retry_if_exception(again),
            stop=lambda _: self._is_enough(heard),
            wait=lambda _: self._wait_s(heard),
            sleep=self._pause,
            reraise=True,
        )
        return patiently(once)

    def _is_enough(self, heard: list[TelnyxError]) -> bool:
        most = REPEATS if self._reached else FIRST_REPEATS
        return len(heard) > most or _asked_s(heard[-1]) > LONGEST_PAUSE_S

    def _wait_s(self, heard: list[TelnyxError]) -> float:
        shorter = SPREAD * self._jitter.random() if self._jitter else 0.0
        return max(FIRST_PAUSE_S * 2 ** (len(heard) - 1) * (1 - shorter), _asked_s(heard[-1]))


def is_safe_again(problem: BaseException, method: str, *, keyed: bool) -> bool:
    """Whether a request that ended so may be sent again by itself.

    Args:
        problem: How it ended.
        method: HTTP verb.
        keyed: Whether it carried an Idempotency-Key.
    """
    if _did_not_happen(problem):
        return True
    if not isinstance(problem, ErrorResponse):
        return method == _LOOK and isinstance(problem, NoResponse)
    if method == _LOOK:
        return problem.status == _TIMEOUT or problem.status >= _SERVER_ERROR
    return keyed and (problem.status, problem.telnyx_code) == (_CONFLICT, _IN_FLIGHT)


def _did_not_happen(problem: BaseException) -> bool:
    refused = isinstance(problem, ErrorResponse) and problem.status == _TOO_MANY
    return refused or isinstance(problem, NotReached)


def _asked_s(problem: TelnyxError) -> float:
    return (problem.retry_after_s or 0.0) if isinstance(problem, ErrorResponse) else 0.0


def _told(heard: list[TelnyxError]) -> TelnyxError:
    """The error to raise after all of these, saying how often and what Telnyx asked for."""
    problem, text = heard[-1], ""
    if _did_not_happen(problem):  # of this try: one before it may have been under way
        busy = [p for p in heard if isinstance(p, ErrorResponse) and p.status == _CONFLICT]
        problem = busy[-1] if busy else problem
    if len(heard) > 1:
        text = f" (after {len(heard)} tries)"
    if problem.transient and _asked_s(problem) > LONGEST_PAUSE_S:
        text += f"; Telnyx says: try again in {ceil(_asked_s(problem))} s"
    if text:
        problem.message = f"{problem.message.removesuffix('.')}{text}."
        problem.args = (problem.message,)
    return problem

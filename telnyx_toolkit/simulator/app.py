"""The sandbox: one WSGI callable over one world, strict about everything it is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from threading import RLock
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from telnyx_toolkit.clock import Clock, ManualClock
from telnyx_toolkit.simulator import (
    routes_account,
    routes_assistants,
    routes_conversations,
    routes_events,
    routes_insights,
    routes_missions,
    routes_numbers,
    routes_plan,
    routes_recordings,
    routes_records,
    routes_runs,
)
from telnyx_toolkit.simulator.account import Account, load_account
from telnyx_toolkit.simulator.asked import Asked
from telnyx_toolkit.simulator.callees import Callees, load_callees
from telnyx_toolkit.simulator.calls import settle
from telnyx_toolkit.simulator.control import CONTROL, Control
from telnyx_toolkit.simulator.faults import Fault, plan
from telnyx_toolkit.simulator.idempotency import Keys
from telnyx_toolkit.simulator.router import Route, routes_on
from telnyx_toolkit.simulator.wire import (
    Ask,
    Refusal,
    Reply,
    Request,
    Sent,
    bad_request,
    encode,
    flawed,
    refusal,
)
from telnyx_toolkit.simulator.world import World, stamp

# Fixed paths stand before those with an id in the same place.
ROUTES: tuple[Route, ...] = (
    *routes_runs.ROUTES,
    *routes_plan.ROUTES,
    *routes_missions.ROUTES,
    *routes_assistants.ROUTES,
    *routes_events.ROUTES,
    *routes_insights.ROUTES,
    *routes_conversations.ROUTES,
    *routes_numbers.ROUTES,
    *routes_account.ROUTES,
    *routes_recordings.ROUTES,
    *routes_records.ROUTES,
)


class Sandbox:
    """A Telnyx account in memory, with people to call, behind Telnyx's HTTP API.

    Time passes only as `clock` moves. The same requests at the same times with the same `seed`
    get the same bytes.

    Attributes:
        requests: Every request so far, in order, those below `/_sandbox` left out.
        problems: What was asked that Telnyx does not document, each beginning with `SIM: `.
        world: What the account holds.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        callees: Path | Callees,
        account: Path | Account,
        faults: Sequence[Mapping[str, Any]] = (),
        seed: int = 0,
    ) -> None:
        owned = load_account(account) if isinstance(account, Path) else account
        people = load_callees(callees) if isinstance(callees, Path) else callees
        self.world = World(clock, owned, people, seed)
        self.problems: list[str] = self.world.problems
        self.requests: list[Request] = []
        self._faults: list[Fault] = plan(faults)
        self._keys = Keys()
        self._lock = RLock()
        self._control = Control(self.world, self.requests, self._faults)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI has it.

        Raises:
            ConnectionResetError: a fault closes the connection without an answer.
        """
        length = int(environ.get("CONTENT_LENGTH") or 0)
        sent = self.exchange(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"].encode("latin-1", "replace").decode("utf-8", "replace"),
            environ.get("QUERY_STRING", ""),
            {
                "authorization": environ.get("HTTP_AUTHORIZATION", ""),
                "content-type": environ.get("CONTENT_TYPE", ""),
                "idempotency-key": environ.get("HTTP_IDEMPOTENCY_KEY", ""),
            },
            environ["wsgi.input"].read(length) if length else b"",
        )
        start_response(
            f"{sent.status} {HTTPStatus(sent.status).phrase}", list(sent.headers.items())
        )
        return [sent.payload]

    def exchange(
        self, method: str, path: str, query: str, headers: Mapping[str, str], raw_body: bytes
    ) -> Sent:
        """Answer one request; `path` is decoded, header names are in small letters.

        Raises:
            ConnectionResetError: a fault closes the connection without an answer.
        """
        asked = Asked(method, path, query, headers, raw_body)
        with self._lock:
            settle(self.world)
            if asked.is_inside and asked.path.startswith(CONTROL):
                return self._timed(encode(self._control.answer(method, asked.path, asked.body)))
            hit = [fault for fault in self._faults if fault.hits(method, asked.path)]
            sent = self._failed(hit[0], asked) if hit else encode(self._reply(asked))
            self.requests.append(asked.logged(sent.status if sent else 0))
            if sent is None:
                raise ConnectionResetError(f"the sandbox drops {asked}, as planned")
            return self._timed(sent)

    def _failed(self, fault: Fault, asked: Asked) -> Sent | None:
        """The answer to a request that a fault hits; None to close the connection without one."""
        sent: Sent | None = None
        if fault.takes_effect:
            sent = encode(fault.age(self._reply(asked), self.world.now()))
        if fault.is_delivered_twice:
            self.requests.append(asked.logged(encode(self._reply(asked)).status))
        if fault.takes_s and isinstance(self.world.clock, ManualClock):
            self.world.clock.advance(fault.takes_s)
            settle(self.world)
        return fault.spoil(sent)

    def _timed(self, sent: Sent) -> Sent:
        """Tell the time, so that a client on another clock can follow this one."""
        clock = self.world.clock
        if not isinstance(clock, ManualClock):
            return sent
        return replace(sent, headers={**sent.headers, "X-Sandbox-Clock": stamp(clock.now())})

    def _reply(self, asked: Asked) -> Reply:
        try:
            asked.authenticate()
            route, params = self._route(asked)
            if not (route.keyed and asked.key):
                return self._answer(route, params, asked)
            return self._keys.once(
                str(asked),
                asked.key,
                asked.raw_body,
                self.world.now(),
                lambda: self._answer(route, params, asked),
            )
        except Refusal as refused:
            return refused.reply

    def _route(self, asked: Asked) -> tuple[Route, dict[str, str]]:
        known = routes_on(asked.path, ROUTES) if asked.is_inside else {}
        if asked.method in known:
            return known[asked.method]
        self.problems.append(f"SIM: {asked} is no request that the sandbox knows")
        if known:
            raise refusal(405, "10005", f"{asked.method} is not a method of {asked.path}")
        raise refusal(404, "10005", f"There is no {asked.path}")

    def _answer(self, route: Route, params: Mapping[str, str], asked: Asked) -> Reply:
        if asked.raw_body and not asked.is_json:
            self.problems.append(f"SIM: {asked} has a body that does not call itself JSON")
            raise refusal(415, "10015", "Content-Type must be application/json")
        if asked.raw_body and asked.body is None:
            raise bad_request("The body is no valid JSON")
        flaws = [*route.flaws(params, asked.query, asked.body), *asked.repeated()]
        self.problems.extend(
            f"SIM: {asked}: unknown {flaw.loc[0]} field {flaw.where}"
            for flaw in flaws
            if flaw.unknown
        )
        if flaws:
            raise flawed(asked.path, flaws)
        ask = Ask(asked.method, asked.path, params, asked.query, asked.body or {}, route.paging)
        return route.answer(self.world, ask)

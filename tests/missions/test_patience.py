"""Every command, not only a run, outlives one passing fault; a change is never made twice by it."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import ErrorResponse, NoResponse
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]
App = Callable[[Any, Any], Any]
WHO = "Lakefront Catering"


def _answer(status: str, *headers: tuple[str, str]) -> App:
    def answer(_environ: Any, start: Any) -> list[bytes]:
        start(status, list(headers))
        return [b""]

    return answer


def _drop(_environ: Any, _start: Any) -> Any:
    raise ConnectionResetError("dropped")


def _refuse(_environ: Any, _start: Any) -> Any:
    raise httpx.ConnectError("nobody listens")


LOOKS_SURVIVE = {
    "429": _answer("429 Too Many Requests"),
    "429 with a time": _answer("429 Too Many Requests", ("Retry-After", "3")),
    "503": _answer("503 Service Unavailable"),
    "dropped": _drop,
    "refused": _refuse,
}
CHANGES_SURVIVE = {name: LOOKS_SURVIVE[name] for name in ("429", "429 with a time", "refused")}


class Shaky:
    """Before the sandbox: each request of these methods fails the first time it is made."""

    def __init__(self, sandbox: App, fail: App, methods: set[str]) -> None:
        self._sandbox, self._fail, self._methods = sandbox, fail, methods
        self.sent: Counter[str] = Counter()

    def __call__(self, environ: Any, start: Any) -> Any:
        method = environ["REQUEST_METHOD"]
        line = f"{method} {environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        self.sent[line] += 1
        first = self.sent[line] == 1 and method in self._methods
        return (self._fail if first else self._sandbox)(environ, start)


def _through(rig: Any, app: App, tool: str, **arguments: Any) -> Doc:
    """Run one tool as another process would, with `app` in place of the network."""
    with closing(rig.another(app)) as toolkit:
        return TOOLS[tool](toolkit, arguments)


def _planned(rig: Any, brief: Doc) -> tuple[str, Doc]:
    return "plan_steps", {"mission_id": rig.call("create_mission", brief=brief)["mission_id"]}


def _rung(rig: Any, brief: Doc) -> tuple[str, Doc]:
    mission = rig.approved(brief)
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target=WHO)
    rig.clock.advance(15 * 60)
    return "poll_call", {"mission_id": mission, "target": WHO}


def _checked(_rig: Any, brief: Doc) -> tuple[str, Doc]:
    return "check_account", {"brief": brief}


def _created(_rig: Any, brief: Doc) -> tuple[str, Doc]:
    return "create_mission", {"brief": brief}


@pytest.mark.parametrize("fault", LOOKS_SURVIVE)
@pytest.mark.parametrize("prepare", [_planned, _rung, _checked, _created])
def test_a_command_outlives_a_fault_at_every_look(
    rig: Any, catering: Doc, prepare: Callable[[Any, Doc], tuple[str, Doc]], fault: str
) -> None:
    tool, arguments = prepare(rig, catering)
    shaky = Shaky(rig.sandbox, LOOKS_SURVIVE[fault], {"GET"})

    done = _through(rig, shaky, tool, **arguments)

    looks = {line: times for line, times in shaky.sent.items() if line.startswith("GET")}
    assert all(times >= 2 for times in looks.values())
    assert looks or tool == "create_mission"
    assert done.get("ok", True)
    if tool == "poll_call":
        assert done["attempt"]["phase"] == "collected"
    changes = {line: n for line, n in shaky.sent.items() if line not in looks}
    assert all(times == 1 for line, times in changes.items() if not line.endswith("/events?"))


@pytest.mark.parametrize("fault", CHANGES_SURVIVE)
@pytest.mark.parametrize("prepare", [_planned, _rung, _created])
def test_a_command_outlives_every_change_that_did_not_happen_at_first(
    rig: Any, catering: Doc, prepare: Callable[[Any, Doc], tuple[str, Doc]], fault: str
) -> None:
    tool, arguments = prepare(rig, catering)
    shaky = Shaky(rig.sandbox, CHANGES_SURVIVE[fault], {"POST", "PUT", "PATCH", "DELETE"})

    _through(rig, shaky, tool, **arguments)

    assert len(rig.ask("GET", "/ai/missions")["data"]) == 1
    keys = [line["idempotency_key"] for line in rig.log_at_telnyx(rig.events[0].mission_id)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("do", ["drop_after", "drop_before", "500_after", "truncated"])
def test_a_mission_whose_answer_was_lost_is_not_asked_for_twice_by_one_command(
    make_rig: Any, catering: Doc, do: str
) -> None:
    rig = make_rig(faults=[{"on": "POST /ai/missions", "do": do}])
    with pytest.raises((NoResponse, ErrorResponse)):
        rig.call("create_mission", brief=catering)
    assert [r.path for r in rig.sandbox.requests if r.method == "POST"] == ["/ai/missions"]

    found = _through(rig, Shaky(rig.sandbox, _drop, {"GET"}), "create_mission", brief=catering)

    (there,) = rig.ask("GET", "/ai/missions")["data"]
    assert there["metadata"]["toolkit_mission_id"] == found["mission_id"]
    asked = [r for r in rig.sandbox.requests if (r.method, r.path) == ("POST", "/ai/missions")]
    assert len(asked) == (2 if do == "drop_before" else 1)


def test_pauses_go_by_the_mission_s_clock(rig: Any) -> None:
    before = rig.clock.now()

    _through(rig, Shaky(rig.sandbox, _drop, {"GET"}), "check_account")

    looks = sum(request.method == "GET" for request in rig.sandbox.requests)
    waited = (rig.clock.now() - before) / timedelta(seconds=1)
    assert 0.375 * looks <= waited <= 0.5 * looks


def _of_its_own(rig: Any, app: App) -> Toolkit:
    """A toolkit that finds out by itself what clock the server keeps."""
    settings = Settings("http://127.0.0.1/v2", rig.home, ApiKey("example"))
    return Toolkit(settings, transport=in_process(app))


def test_a_sandbox_s_virtual_time_passes_in_a_pause(rig: Any) -> None:
    before = rig.clock.now()
    shaky = Shaky(rig.sandbox, _answer("429 No", ("Retry-After", "29")), {"GET"})

    def but_the_clock(environ: Any, start: Any) -> Any:
        app = rig.sandbox if "_sandbox" in environ["PATH_INFO"] else shaky
        return app(environ, start)

    with closing(_of_its_own(rig, but_the_clock)) as toolkit:
        TOOLS["check_account"](toolkit, {})

    looks = sum(request.method == "GET" for request in rig.sandbox.requests)
    assert rig.clock.now() - before == timedelta(seconds=29 * looks)


def test_a_sandbox_that_is_gone_meanwhile_leaves_the_first_error_as_it_was(rig: Any) -> None:
    asked: list[str] = []

    def dying(environ: Any, start: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        if "/balance" in environ["PATH_INFO"]:
            return _answer("503 Service Unavailable")(environ, start)
        if "/v2/balance" in asked:
            return _refuse(environ, start)
        return rig.sandbox(environ, start)

    with closing(_of_its_own(rig, dying)) as toolkit, pytest.raises(ErrorResponse) as caught:
        TOOLS["check_account"](toolkit, {})

    assert caught.value.status == 503
    assert asked[-2:] == ["/v2/balance", "/v2/_sandbox/clock"]


def test_a_long_wait_that_telnyx_asks_for_is_told_to_the_person(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": "GET /balance", "do": "429", "retry_after": 120}])
    before = rig.clock.now()

    with pytest.raises(ErrorResponse, match="try again in 120 s"):
        rig.call("check_account", brief=catering)

    assert rig.clock.now() == before
    assert rig.call("check_account", brief=catering)["ok"]

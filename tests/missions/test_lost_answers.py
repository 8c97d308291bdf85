"""One intent, one call: through lost answers, faults and refusals of the one request that dials."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.errors import ErrorResponse, NoResponse, NotReached, PolicyDenied, ToolkitBug
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.run_log import facts
from tests.sampling import some

Doc = dict[str, Any]
DIAL = "POST /ai/assistants/*/scheduled_events"
WITHDRAW = "DELETE /ai/assistants/*/scheduled_events/*"
App = Callable[[Any, Any], Any]
ALL_THREE = ["+13125550101", "+13125550102", "+13125550103"]
LAKEFRONT = "Lakefront Catering"


@pytest.mark.parametrize(
    "nth", [2, pytest.param(1, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "do",
    [
        "drop_before",
        "drop_after",
        "500_before",
        "500_after",
        "502_html",
        "html_200",
        "truncated",
        "429",
    ],
)
def test_each_caterer_is_called_once_whatever_happens_to_the_answer(
    make_rig: Any, catering: Doc, do: str, nth: int
) -> None:
    rig = make_rig(faults=[{"on": DIAL, "nth": nth, "do": do}])

    summary = rig.ran(catering)

    assert [call["to"] for call in rig.rang()] == ["+13125550101", "+13125550102", "+13125550103"]
    assert summary["result_payload"]["recommendation"]["saving"] == 150


def test_a_request_is_never_sent_twice_for_one_attempt(make_rig: Any, catering: Doc) -> None:
    faults = [{"on": DIAL, "nth": n, "do": "drop_before"} for n in (1, 2)]
    rig = make_rig(faults=faults)

    rig.ran(catering)

    dials = [r for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]
    keys = [r.idempotency_key for r in dials if r.method == "POST"]
    assert len(keys) == len(set(keys)) == 5
    for dial in dials:
        if dial.method == "POST":
            assert dial.body["conversation_metadata"]["attempt_id"] == dial.idempotency_key


def test_an_unheard_request_shows_as_unknown_until_it_is_found(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": DIAL, "do": "drop_after"}])
    mission = rig.approved(catering)

    rig.call("run_mission", mission_id=mission, wait="45m")

    kinds = [e.kind for e in rig.events if e.kind.startswith("attempt.")]
    assert kinds[:4] == [
        "attempt.requested",
        "attempt.sent",
        "attempt.unknown",
        "attempt.scheduled",
    ]


def test_without_a_network_a_run_ends_at_once_and_says_so(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    before = rig.clock.now()

    def unplugged(_environ: Any, _start: Any) -> Any:
        raise httpx.ConnectError("nobody listens")

    offline = rig.another(unplugged)
    with pytest.raises(NotReached) as caught:
        TOOLS["run_mission"](offline, {"mission_id": mission})
    offline.close()

    assert caught.value.exit_code == 6
    assert rig.clock.now() - before < timedelta(seconds=1)
    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"


def test_a_network_that_goes_away_meanwhile_is_waited_for(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    asked: list[str] = []

    def flaky(environ: Any, start: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        if 40 < len(asked) < 44:
            raise httpx.ConnectError("gone for a moment")
        return rig.sandbox(environ, start)

    patient = rig.another(flaky)
    assert TOOLS["run_mission"](patient, {"mission_id": mission})["state"] == "succeeded"
    patient.close()
    assert len(rig.rang()) == 3


def test_a_refused_call_stops_the_run_with_the_reason_and_goes_on_when_mended(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": DIAL, "nth": 2, "do": "403"}])
    mission = rig.approved(catering)

    with pytest.raises(ErrorResponse):
        rig.call("run_mission", mission_id=mission)

    assert len(rig.rang()) == 1
    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"
    assert len(rig.rang()) == 3


def _is_dial(environ: Any) -> bool:
    return environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith(
        "/scheduled_events"
    )


def _phases(rig: Any, mission: str) -> list[str]:
    return [attempt.phase for attempt in rig.state(mission).attempts]


def test_a_request_of_a_machine_that_slept_does_not_leave(rig: Any, catering: Doc) -> None:
    slept: list[str] = []

    def sleeps_once(event: Any, _state: Any) -> None:
        if event.kind == "attempt.sent" and not slept:
            slept.append(event.data["attempt_id"])
            rig.clock.advance(600)

    mission = rig.approved(catering)
    with closing(rig.another(observe=sleeps_once)) as sleepy:
        status = TOOLS["run_mission"](sleepy, {"mission_id": mission})

    assert status["state"] == "succeeded"
    assert _phases(rig, mission) == ["abandoned", *["collected"] * 3]
    assert [call["to"] for call in rig.rang()] == ALL_THREE
    dials = [r for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]
    assert slept[0] not in [dial.idempotency_key for dial in dials]


def test_a_machine_that_goes_on_standing_still_places_no_call(rig: Any, catering: Doc) -> None:
    def sleeps(event: Any, _state: Any) -> None:
        if event.kind == "attempt.sent":
            rig.clock.advance(11)

    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)
    with closing(rig.another(observe=sleeps)) as sleepy, pytest.raises(PolicyDenied) as caught:
        TOOLS["schedule_call"](sleepy, {"mission_id": mission, "target": LAKEFRONT})

    assert caught.value.code == "stood_still"
    assert _phases(rig, mission) == ["abandoned", "abandoned"]
    assert not [r for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]


def test_a_key_that_stands_for_another_request_is_a_bug_and_never_tried_anew(
    rig: Any, catering: Doc
) -> None:
    refusal = {"errors": [{"code": "10027", "detail": "Idempotency-Key used with another body"}]}
    refused: list[str] = []

    def misused_once(environ: Any, start: Any) -> Any:
        if not _is_dial(environ) or refused:
            return rig.sandbox(environ, start)
        refused.append(environ["HTTP_IDEMPOTENCY_KEY"])
        start("422 Unprocessable Entity", [("Content-Type", "application/json")])
        return [json.dumps(refusal).encode()]

    mission = rig.approved(catering)
    with closing(rig.another(misused_once)) as ours:
        with pytest.raises(ToolkitBug, match=r"another request under the key.*calls this target"):
            TOOLS["run_mission"](ours, {"mission_id": mission})
        assert _phases(rig, mission) == ["unknown"]
        TOOLS["run_mission"](ours, {"mission_id": mission})

    assert _phases(rig, mission)[0] == "unresolved"
    assert [call["to"] for call in rig.rang()] == ALL_THREE[1:]


def _unheard(_status: str, _headers: Any) -> None:
    pass


class Twins:
    """A network that delivers a dial twice, to a Telnyx that accepts both and answers 500."""

    def __init__(self, sandbox: App) -> None:
        self._sandbox = sandbox

    def __call__(self, environ: Any, start: Any) -> Any:
        if not _is_dial(environ):
            return self._sandbox(environ, start)
        body = environ["wsgi.input"].read()
        for _ in range(2):
            environ["wsgi.input"] = BytesIO(body)
            environ["HTTP_IDEMPOTENCY_KEY"] = str(uuid4())  # nothing is replayed after a 500
            list(self._sandbox(environ, _unheard))
        start("500 Internal Server Error", [])
        return [b""]


@pytest.mark.parametrize("do", some(["", "drop_before", "drop_after", "500_after"], 3))
def test_of_a_call_that_telnyx_has_twice_one_rings(make_rig: Any, catering: Doc, do: str) -> None:
    rig = make_rig(faults=[{"on": WITHDRAW, "do": do}] if do else [])
    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)
    with closing(rig.another(Twins(rig.sandbox))) as ours:
        call = {"mission_id": mission, "target": LAKEFRONT}
        TOOLS["schedule_call"](ours, call)
        rig.clock.advance(60)
        if do:
            with pytest.raises((NoResponse, ErrorResponse)):
                TOOLS["poll_call"](ours, call)
        TOOLS["poll_call"](ours, call)

    attempt = rig.state(mission).attempts[0]
    assert attempt.phase == "scheduled"
    assert len(attempt.surplus) == 1
    assert attempt.scheduled_event_id not in attempt.surplus
    rig.call("run_mission", mission_id=mission)
    assert [call["to"] for call in rig.rang()] == ALL_THREE
    told = [fact["summary"] for fact in facts(rig.log_at_telnyx(mission))]
    assert (
        Counter(told)[f"Telnyx had the call to {LAKEFRONT} more than once: the surplus is deleted"]
        == 1
    )


def test_a_strict_brief_leaves_a_lost_call_to_a_person(make_rig: Any, catering: Doc) -> None:
    rig = make_rig(faults=[{"on": DIAL, "do": "drop_before", "nth": 2}])

    summary = rig.ran(catering | {"strict": True})

    assert [call["to"] for call in rig.rang()] == ["+13125550101", "+13125550103"]
    row = summary["result_payload"]["targets"][1]
    assert (row["outcome"], row["headline"], row["attempts"]) == ("unresolved", "unresolved", 1)
    assert any("check in the Telnyx portal" in note for note in row["notes"])
    assert "check in the Telnyx portal" in summary["result_summary"]


def test_a_strict_brief_changes_nothing_for_a_call_that_is_found(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": DIAL, "do": "drop_after", "nth": 2}])

    rig.ran(catering | {"strict": True})

    assert [call["to"] for call in rig.rang()] == ALL_THREE


def test_a_withdrawal_waits_while_the_clock_stands_before_its_own_facts(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target=LAKEFRONT)
    scheduled = rig.state(mission).attempts[0]
    behind = Toolkit(
        Settings("http://127.0.0.1/v2", rig.home, ApiKey("example"), database=rig.database),
        clock=ManualClock(rig.clock.now() - timedelta(hours=1)),
        transport=in_process(rig.sandbox),
    )

    with closing(behind):
        status = TOOLS["cancel_mission"](behind, {"mission_id": mission, "reason": "changed"})

    assert status["state"] != "cancelled"
    assert rig.state(mission).attempts[0] == scheduled
    assert rig.call("cancel_mission", mission_id=mission, reason="changed")["state"] == "cancelled"
    assert _phases(rig, mission) == ["abandoned"]
    rig.clock.advance(86_400)
    assert rig.rang() == []

"""One intent, one call: through lost answers, faults and refusals of the one request that dials."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import ErrorResponse, NotReached
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]
DIAL = "POST /ai/assistants/*/scheduled_events"


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

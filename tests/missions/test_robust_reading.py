"""Answers that are late, empty, malformed or incomplete: each ends in a state with a name."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from telnyx_toolkit.errors import AccountNotReady
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]
INSIGHTS = "conversations-insights"


class Spoiler:
    """Stands between our client and the sandbox, and changes what one kind of answer says."""

    def __init__(self, sandbox: Any, path: str, spoil: Callable[[Doc], Doc]) -> None:
        self._sandbox, self._path, self._spoil = sandbox, re.compile(f".*{path}"), spoil

    def __call__(self, environ: Any, start_response: Any) -> Any:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if method != "GET" or not self._path.fullmatch(path):
            return self._sandbox(environ, start_response)
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            started.append((status, headers))

        body = b"".join(self._sandbox(environ, start))
        spoilt = json.dumps(self._spoil(json.loads(body))).encode()
        status, headers = started[0]
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, kept)
        return [spoilt]


def _result(text: str) -> Callable[[Doc], Doc]:
    def spoil(answer: Doc) -> Doc:
        for run in answer["data"]:
            for row in run["conversation_insights"]:
                row["result"] = text
        return answer

    return spoil


def _empty(answer: Doc) -> Doc:
    return {**answer, "data": []}


def _failed(answer: Doc) -> Doc:
    for run in answer["data"]:
        run.update(status="failed", conversation_insights=[])
    return answer


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_empty, "no insight came"),
        (_failed, "Telnyx could not work out the insight"),
        (_result(""), "no insight came"),
        (_result("not json"), "the insight is not JSON"),
        (_result("[1, 2]"), "the insight is JSON of the wrong shape"),
        (_result("{}"), ""),
        (_result('{"answers": {"open_until": {"value": {"deep": 1}, "words": 7}}}'), ""),
    ],
)
def test_an_unusable_insight_is_named_and_never_guessed(
    rig: Any, survey: Doc, spoil: Callable[[Doc], Doc], named: str
) -> None:
    mission = rig.approved(survey)
    toolkit = rig.another(Spoiler(rig.sandbox, INSIGHTS, spoil))

    TOOLS["run_mission"](toolkit, {"mission_id": mission})

    summary = TOOLS["summarize"](toolkit, {"mission_id": mission})
    toolkit.close()
    for row in summary["result_payload"]["targets"]:
        assert row["outcome"] == ("result_pending" if named else "incomplete")
        assert (named in row["notes"]) if named else True
        assert row["answers"].get("open_until") is None
    assert rig.run_at_telnyx(mission)["status"] == ("failed" if named else "succeeded")
    assert set(rig.made_at_telnyx().values()) == {0}
    assert len(rig.rang()) == 2


def test_late_insights_are_waited_for(rig: Any, survey: Doc) -> None:
    looks: list[int] = []

    def late(answer: Doc) -> Doc:
        looks.append(1)
        return answer if len(looks) > 20 else _empty(answer)

    mission = rig.approved(survey)
    toolkit = rig.another(Spoiler(rig.sandbox, INSIGHTS, late))

    TOOLS["run_mission"](toolkit, {"mission_id": mission})

    summary = TOOLS["summarize"](toolkit, {"mission_id": mission})
    toolkit.close()
    assert [row["outcome"] for row in summary["result_payload"]["targets"]] == ["answered"] * 2


@pytest.mark.parametrize(
    ("drop", "lost"),
    [
        (("greeting",), "greeting"),
        (("insight_settings", "insight_group_id"), "insight_settings.insight_group_id"),
        (
            ("telephony_settings", "recording_settings"),
            "telephony_settings.recording_settings.enabled",
        ),
    ],
)
def test_an_assistant_that_was_not_kept_as_sent_calls_nobody_and_is_removed(
    rig: Any, catering: Doc, drop: tuple[str, ...], lost: str
) -> None:
    def forget(assistant: Doc) -> Doc:
        place = assistant
        for name in drop[:-1]:
            place = place[name]
        del place[drop[-1]]
        return assistant

    before = rig.connections()
    mission = rig.approved(catering)
    toolkit = rig.another(Spoiler(rig.sandbox, r"/ai/assistants/assistant-[^/]+", forget))
    with pytest.raises(AccountNotReady) as caught:
        TOOLS["run_mission"](toolkit, {"mission_id": mission})
    toolkit.close()

    assert caught.value.code == "assistant_incomplete"
    assert lost in caught.value.message
    assert rig.rang() == []
    assert set(rig.made_at_telnyx().values()) == {0}
    assert rig.connections() == before
    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"


def test_what_was_kept_is_listed_and_can_be_released(rig: Any, catering: Doc) -> None:
    mission = rig.ran({**catering, "keep": True})["mission_id"]
    (row,) = rig.call("list_missions", leftovers=True)["missions"]
    assert "assistant" in row["leftovers"]
    assert "number" not in row["leftovers"]

    rig.call("release_mission", mission_id=mission)

    assert rig.call("list_missions", leftovers=True)["missions"] == []
    assert set(rig.made_at_telnyx().values()) == {0}


def test_telnyx_is_given_the_time_it_asks_for(make_rig: Any, catering: Doc) -> None:
    fault = {"on": "GET /ai/assistants/*/scheduled_events/*", "do": "429", "retry_after": 120}
    rig = make_rig(faults=[fault])

    rig.ran(catering)

    first = rig.state(rig.events[0].mission_id).attempts[0]
    assert (first.ended_at - first.scheduled_at).total_seconds() >= 120

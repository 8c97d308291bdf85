"""A whole mission watched: a line and a span for each effect, without a number or a word."""

import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from telnyx_toolkit.effect_watch import effect, watching
from telnyx_toolkit.errors import ToolkitError
from telnyx_toolkit.log_lines import logged
from telnyx_toolkit.spans import spans_by

Doc = dict[str, Any]


def _logged(rig: Any, brief: Doc) -> tuple[list[Doc], str, Doc]:
    stream = io.StringIO()
    with logged("json", stream=stream):
        summary = rig.ran(brief)
    return [json.loads(line) for line in stream.getvalue().splitlines()], stream.getvalue(), summary


def test_every_fact_and_every_request_of_a_mission_is_a_line(rig: Any, catering: Doc) -> None:
    lines, _, summary = _logged(rig, catering)
    mission = summary["mission_id"]

    appended = [line["effect"] for line in lines if line["effect"].startswith("append ")]
    facts = rig.toolkit.ledger.events(mission)
    assert Counter(appended) == Counter(f"append {event.kind}" for event in facts)
    asked = [line for line in lines if line["effect"].split()[0] in {"GET", "POST", "PATCH", "PUT"}]
    assert asked
    assert {line["mission"] for line in lines if "attempt" in line} == {mission}
    calls = [line for line in lines if line["effect"] == "schedule_call"]
    dials = [a for a in asked if a["effect"] == "POST /ai/assistants/*/scheduled_events"]
    ids = [a.attempt_id for a in rig.state(mission).attempts]
    assert [line["attempt"] for line in calls] == [line["attempt"] for line in dials] == ids
    assert sum(line["effect"] == "advance" for line in lines) > len(calls)
    assert {line["outcome"] for line in lines} == {"executed"}


def test_no_number_no_name_no_word_and_no_key_is_in_the_log(rig: Any, catering: Doc) -> None:
    lines, text, summary = _logged(rig, catering)

    for target in catering["targets"]:
        assert target["phone"] not in text
        assert target["name"] not in text
    assert "dessert" in json.dumps(summary)
    for word in ("dessert", "Dana", "Bearer", '"example"', catering["goal"][:20]):
        assert word not in text
    shown = {"at", "level", "mission", "attempt", "effect", "ms", "outcome", "status", "tries"}
    assert {name for line in lines for name in line} <= {*shown, "code"}


def test_an_answer_that_was_lost_is_a_warning_and_a_repeat_is_counted(
    make_rig: Any, survey: Doc
) -> None:
    dial = "POST /ai/assistants/*/scheduled_events"
    rig = make_rig(
        faults=[
            {"on": dial, "do": "drop_after"},
            {"on": "GET /balance", "do": "500_before"},
        ]
    )

    lines, _, _ = _logged(rig, survey)

    warned = [line for line in lines if line["level"] == "warning"]
    lost = [w for w in warned if w["effect"].endswith("/scheduled_events")]
    assert [(w["outcome"], w["code"]) for w in lost] == [("unknown", "no_response")]
    again = [line for line in lines if line.get("tries", 1) > 1]
    assert [(line["effect"], line["tries"], line["outcome"]) for line in again] == [
        ("GET /balance", 2, "executed")
    ]


@pytest.fixture
def spans() -> Iterator[Any]:
    """What OpenTelemetry's own SDK keeps of the spans that are made, and who makes them."""
    # Imported here: once it is loaded, every toolkit of this process makes spans.
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import (  # noqa: PLC0415
        InMemorySpanExporter,
    )

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with watching(spans_by(provider.get_tracer("tests"))):
        yield exporter
    provider.shutdown()


def test_a_round_is_a_span_with_its_effects_below_it_and_no_words(
    rig: Any, survey: Doc, spans: Any
) -> None:
    summary = rig.ran(survey)

    done = spans.get_finished_spans()
    names = {one.context.span_id: one.name for one in done}
    parents = {(one.name, names.get(one.parent.span_id if one.parent else 0)) for one in done}
    assert ("schedule_call", "advance") in parents
    assert ("append attempt.sent", "schedule_call") in parents
    assert ("POST /ai/assistants/*/scheduled_events", "schedule_call") in parents
    calls = [one for one in done if one.name == "schedule_call"]
    assert {one.attributes["telnyx_toolkit.outcome"] for one in calls} == {"executed"}
    assert {one.attributes["telnyx_toolkit.mission"] for one in calls} == {summary["mission_id"]}
    text = "".join(one.to_json() for one in done)
    assert "+1312" not in text
    assert "Hardware" not in text
    assert not any(one.events for one in done)


def test_a_span_says_that_its_effect_failed_and_not_why_in_words(spans: Any) -> None:
    with pytest.raises(ToolkitError), effect("it"):
        raise ToolkitError("Dana said +13125550101.", code="denied")

    (one,) = spans.get_finished_spans()
    assert not one.status.is_ok
    assert "Dana" not in one.to_json()


def test_a_toolkit_makes_spans_once_opentelemetry_is_in_use_and_never_loads_it_itself() -> None:
    probe = """
import sys
from telnyx_toolkit import effect_watch, spans
spans.trace_if_wanted()
assert not effect_watch._watchers and not any(n.startswith("opentelemetry") for n in sys.modules)
import opentelemetry.trace
spans.trace_if_wanted(); spans.trace_if_wanted()
assert len(effect_watch._watchers) == 1
"""
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0

"""A sandbox on a manual clock, a client in the same process, and an account made ready to call."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator import Sandbox

FIXTURES = Path(__file__).parents[2] / "fixtures"
START = datetime(2026, 12, 1, 15, tzinfo=UTC)
FREE_NUMBER, FREE_NUMBER_ID = "+13125550192", "1293384261075731492"
PROFILE_ID = "1293384261075731300"
KEY = {"Authorization": "Bearer example"}
Doc = dict[str, Any]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def make(clock: ManualClock) -> Callable[..., Sandbox]:
    def build(**options: Any) -> Sandbox:
        given: Doc = {
            "callees": FIXTURES / "callees",
            "account": FIXTURES / "accounts" / "default.yaml",
            **options,
        }
        return Sandbox(given.pop("clock", clock), **given)

    return build


@pytest.fixture
def sandbox(make: Callable[..., Sandbox]) -> Sandbox:
    return make()


@pytest.fixture
def quirky(make: Callable[..., Sandbox], tmp_path: Path) -> Callable[[str], Sandbox]:
    """A sandbox whose account has one more quirk."""

    def build(quirk: str) -> Sandbox:
        text = (FIXTURES / "accounts" / "default.yaml").read_text()
        account = tmp_path / "quirky.yaml"
        account.write_text(text.replace("quirks:", f"quirks:\n  {quirk}"))
        return make(account=account)

    return build


@pytest.fixture
def connect() -> Iterator[Callable[[Sandbox], httpx.Client]]:
    clients: list[httpx.Client] = []

    def client(sandbox: Sandbox) -> httpx.Client:
        transport = httpx.WSGITransport(app=sandbox)
        base = "http://sandbox.test/v2"
        clients.append(httpx.Client(transport=transport, base_url=base, headers=KEY))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


@pytest.fixture
def http(sandbox: Sandbox, connect: Callable[[Sandbox], httpx.Client]) -> httpx.Client:
    return connect(sandbox)


def cited(kind: str) -> Doc:
    value = {"type": [kind, "null"]}
    return closed({"value": value, "words": {"type": "string"}})


def closed(properties: Doc) -> Doc:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


@pytest.fixture
def schema() -> Doc:
    fields = closed(
        {
            "price_per_person": cited("number"),
            "includes_dessert": cited("boolean"),
            "service_fee_percent": cited("number"),
            "available": cited("boolean"),
        }
    )
    who = ["person", "voicemail", "phone_tree", "wrong_number", "nobody"]
    return closed(
        {
            "answered_by": {"type": "string", "enum": who},
            "declined": {"type": "boolean"},
            "asked_not_to_be_called_again": {"type": "boolean"},
            "ended": {"type": "string", "enum": ["finished", "hung_up", "cut_off"]},
            "call_back": closed(
                {
                    "wanted": {"type": "boolean"},
                    "who": {"type": "string", "enum": ["us", "them"]},
                    "when_words": {"type": "string"},
                }
            ),
            "opening": fields,
            "answers": fields,
            "notes": {"type": "string"},
        }
    )


@pytest.fixture
def prepare(schema: Doc) -> Callable[[httpx.Client], Doc]:
    """Everything that a call needs: insight, group, assistant, profile on its app, number."""

    def run(http: httpx.Client) -> Doc:
        insights, groups = "/ai/conversations/insights", "/ai/conversations/insight-groups"
        asked = {"name": "Quote", "instructions": "Read the quote.", "json_schema": schema}
        insight = http.post(insights, json=asked).json()["data"]["id"]
        group = http.post(groups, json={"name": "Catering"}).json()["data"]["id"]
        assert http.post(f"{groups}/{group}/insights/{insight}/assign").status_code == 200
        settings: Doc = {
            "name": "Caller",
            "instructions": "Ask for a quote.",
            "greeting": "Hello, I am an AI assistant calling on behalf of {{caller}}.",
            "enabled_features": ["telephony"],
            "insight_settings": {"insight_group_id": group},
            "dynamic_variables": {"best_offer": "", "caller": "Dana Reyes of Northwind Events"},
        }
        assistant = http.post("/ai/assistants", json=settings).json()
        app = assistant["telephony_settings"]["default_texml_app_id"]
        kept = http.get(f"/texml_applications/{app}").json()["data"]
        change = {name: kept[name] for name in ("friendly_name", "voice_url")}
        change["outbound"] = {"outbound_voice_profile_id": PROFILE_ID}
        assert http.patch(f"/texml_applications/{app}", json=change).status_code == 200
        number = {"connection_id": app}
        assert http.patch(f"/phone_numbers/{FREE_NUMBER_ID}", json=number).status_code == 200
        return {"assistant": assistant["id"], "app": app, "group": group, "insight": insight}

    return run


@pytest.fixture
def ready(http: httpx.Client, prepare: Callable[[httpx.Client], Doc]) -> Doc:
    return prepare(http)


@pytest.fixture
def order(clock: ManualClock) -> Callable[..., Doc]:
    """The body of a call a minute from now."""

    def body(to: str, **more: Any) -> Doc:
        return {
            "telnyx_conversation_channel": "phone_call",
            "telnyx_end_user_target": to,
            "telnyx_agent_target": FREE_NUMBER,
            "scheduled_at_fixed_datetime": (clock.now() + timedelta(minutes=1)).isoformat(),
            **more,
        }

    return body


@pytest.fixture
def events(ready: Doc) -> str:
    """The path of the assistant's scheduled events."""
    return f"/ai/assistants/{ready['assistant']}/scheduled_events"


@pytest.fixture
def call(
    http: httpx.Client, clock: ManualClock, events: str, order: Callable[..., Doc]
) -> Callable[..., Doc]:
    """Place a call and come back ten minutes later: event, transcript in order, insight."""

    def run(to: str, **variables: str) -> Doc:
        placed = http.post(events, json=order(to, dynamic_variables=variables))
        assert placed.status_code == 201, placed.text
        clock.advance(600)
        event = http.get(f"{events}/{placed.json()['scheduled_event_id']}").json()
        if not event["conversation_id"]:
            return {"event": event}
        talk = f"/ai/conversations/{event['conversation_id']}"
        lines: list[Doc] = http.get(f"{talk}/messages?page[size]=100").json()["data"]
        (run,) = http.get(f"{talk}/conversations-insights").json()["data"]
        return {
            "event": event,
            "lines": sorted(lines, key=lambda line: line["sent_at"]),
            "insight": run["conversation_insights"][0],
        }

    return run

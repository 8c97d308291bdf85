"""Telnyx's own SDK on a sandbox in this process, and a judge of every reply it reads."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import telnyx
from pydantic import BaseModel, TypeAdapter
from telnyx.pagination import SyncDefaultFlatPagination

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.simulator.server import Server

FIXTURES = Path(__file__).parents[2] / "fixtures"
START = datetime(2026, 12, 1, 15, tzinfo=UTC)
FREE_NUMBER, FREE_NUMBER_ID = "+13125550192", "1293384261075731492"
PROFILE_ID = "1293384261075731300"
CALLEE = "+13125550101"
Doc = dict[str, Any]

#: What live accounts show in the detail records of a call. The SDK has no model of these, and takes
#: each for the one among its own that looks most like it.
OF_A_CALL = """
id assistant_id conversation_id call_control_id call_session_id telnyx_session_id telnyx_leg_id
connection_id created_at started_at answered_at finished_at completed_at call_sec duration_sec
billed_sec rate_measured_in cli cld direction usecase billable
"""
TAKEN_FOR = ("MessageDetailRecord", "ConferenceParticipantDetailRecord")
#: Fields of a reply that the SDK does not declare, each with the reason why it may be there.
UNKNOWN_TO_THE_SDK: dict[str, str] = {
    "DefaultFlatPaginationMeta.page_size": "The SDK models only what it turns pages by",
    "DefaultFlatPaginationMeta.total_results": "The SDK models only what it turns pages by",
    "RecordingResponseData.from": "Declared as from_, and kept under its own name as well",
    **{
        f"{model}.{name}": "The SDK has no model of a call's detail records"
        for model in TAKEN_FOR
        for name in OF_A_CALL.split()
    },
}


def faithful(model: BaseModel, raw: bytes) -> None:
    """Assert that the SDK's model says what the reply said, in the types that it declares."""
    assert set(unknown(model)) <= set(UNKNOWN_TO_THE_SDK)
    said = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert plain(said) == plain(json.loads(raw))
    declared(model, raw)


def declared(model: BaseModel, raw: bytes) -> None:
    """Assert every type and every required field: the SDK itself builds models unchecked."""
    page: Any = model
    if not isinstance(page, SyncDefaultFlatPagination):
        TypeAdapter(type(model)).validate_json(raw, strict=True)
        return
    page = cast("Any", page)
    content: Doc = json.loads(raw)
    for item, given in zip(page.data, content["data"], strict=True):
        declared(item, json.dumps(given).encode())
    assert page.meta is not None
    declared(page.meta, json.dumps(content["meta"]).encode())


def unknown(value: Any, where: str = "") -> Iterator[str]:
    """The paths, with the model's name, of everything that the SDK does not declare."""
    if isinstance(value, BaseModel):
        where = type(value).__name__.partition("[")[0]
        for name in value.model_extra or {}:
            yield f"{where}.{name}"
        for name in value.model_fields_set - set(value.model_extra or {}):
            yield from unknown(getattr(value, name), where)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from unknown(item, where)


def plain(value: Any) -> Any:
    """The value with every instant written in one way: Pydantic leaves out empty milliseconds."""
    match value:
        case dict():
            return {name: plain(one) for name, one in cast("Doc", value).items()}
        case list():
            return [plain(one) for one in cast("list[Any]", value)]
        case str() if value[4:5] == "-" and value[10:11] == "T":
            return datetime.fromisoformat(value).isoformat()
        case _:
            return value


class Witness:
    """The SDK, and a judgement of each reply before its caller gets to see it."""

    def __init__(self, sandbox: Sandbox, http: httpx.Client, base_url: str) -> None:
        self.sandbox = sandbox
        self.replies: list[httpx.Response] = []
        http.event_hooks = {"response": [self._keep]}
        self.sdk = telnyx.Telnyx(
            api_key="example", base_url=base_url, max_retries=0, http_client=http
        )

    def _keep(self, reply: httpx.Response) -> None:
        reply.read()
        self.replies.append(reply)

    def __call__(self, method: Callable[..., Any], *args: Any, **params: Any) -> Any:
        """What one method of the SDK returns; its reply was represented in full."""
        got = method(*args, **params)
        raw = self.replies[-1].content
        if got is None:
            assert raw == b""
        else:
            faithful(got, raw)
        return got

    @property
    def status(self) -> int:
        """The status of the last reply."""
        return self.replies[-1].status_code


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def _sandbox(clock: ManualClock, **options: Any) -> Sandbox:
    given: Doc = {"account": FIXTURES / "accounts" / "default.yaml", **options}
    return Sandbox(clock, callees=FIXTURES / "callees", **given)


@pytest.fixture
def make(clock: ManualClock) -> Iterator[Callable[..., Witness]]:
    clients: list[httpx.Client] = []

    def build(**options: Any) -> Witness:
        sandbox = _sandbox(clock, **options)
        clients.append(httpx.Client(transport=httpx.WSGITransport(app=sandbox)))
        return Witness(sandbox, clients[-1], "http://sandbox.test/v2")

    yield build
    for client in clients:
        client.close()


@pytest.fixture
def ask(make: Callable[..., Witness]) -> Iterator[Witness]:
    """A witness whose requests are all ones that the sandbox knows."""
    witness = make()
    yield witness
    assert witness.sandbox.problems == []


@pytest.fixture
def ask_over_a_socket(clock: ManualClock) -> Iterator[Witness]:
    """The same, with a server between the SDK and the sandbox."""
    sandbox = _sandbox(clock)
    with Server(sandbox, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            with httpx.Client(trust_env=False) as http:
                yield Witness(sandbox, http, server.url)
        finally:
            server.shutdown()
            thread.join()
    assert sandbox.problems == []


@pytest.fixture
def sdk(ask: Witness) -> telnyx.Telnyx:
    return ask.sdk


def closed(**properties: Doc) -> Doc:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _prepare(ask: Witness) -> Doc:
    """Everything that a call and a text need, made by the SDK."""
    ai = ask.sdk.ai
    schema = closed(answered_by={"type": "string"}, notes={"type": "string"})
    insight = ask(
        ai.conversations.insights.create,
        name="Quote",
        instructions="Read the quote.",
        json_schema=schema,
    ).data.id
    group = ask(ai.conversations.insight_groups.insight_groups, name="Catering").data.id
    ask(ai.conversations.insight_groups.insights.assign, insight, group_id=group)
    assistant = ask(
        ai.assistants.create,
        name="Caller",
        instructions="Ask for a quote.",
        greeting="Hello, I am an AI assistant calling on behalf of {{caller}}.",
        enabled_features=["telephony", "messaging"],
        insight_settings={"insight_group_id": group},
        dynamic_variables={"best_offer": "", "caller": "Dana Reyes"},
    )
    app_id = assistant.telephony_settings.default_texml_app_id
    app = ask(ask.sdk.texml_applications.retrieve, app_id).data
    ask(
        ask.sdk.texml_applications.update,
        app_id,
        friendly_name=app.friendly_name,
        voice_url=app.voice_url,
        outbound={"outbound_voice_profile_id": PROFILE_ID},
    )
    ask(ask.sdk.phone_numbers.update, FREE_NUMBER_ID, connection_id=app_id)
    ask(
        ask.sdk.phone_numbers.messaging.update,
        FREE_NUMBER_ID,
        messaging_profile_id=assistant.messaging_settings.default_messaging_profile_id,
    )
    return {"assistant": assistant.id, "app": app_id, "group": group, "insight": insight}


@pytest.fixture
def ready(ask: Witness) -> Doc:
    return _prepare(ask)


@pytest.fixture
def prepare() -> Callable[[Witness], Doc]:
    return _prepare


@pytest.fixture
def judge() -> Callable[[BaseModel, bytes], None]:
    return faithful


@pytest.fixture
def order_of(clock: ManualClock) -> Callable[[Doc], Doc]:
    """The parameters of a call a minute from now, by an assistant made ready."""

    def body(ready: Doc) -> Doc:
        return {
            "assistant_id": ready["assistant"],
            "telnyx_conversation_channel": "phone_call",
            "telnyx_end_user_target": CALLEE,
            "telnyx_agent_target": FREE_NUMBER,
            "scheduled_at_fixed_datetime": clock.now() + timedelta(minutes=1),
        }

    return body


@pytest.fixture
def order(order_of: Callable[[Doc], Doc], ready: Doc) -> Doc:
    return order_of(ready)

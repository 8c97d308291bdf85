"""What Telnyx may replace whole is read first, so that nothing is lost."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import AccountNotReady
from telnyx_toolkit.settings import TELNYX_URL, ApiKey
from telnyx_toolkit.telnyx import TelnyxClient, TexmlApplication


def requests_of(ask: Callable[[TelnyxClient], object], answer: Any) -> list[httpx.Request]:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=answer)

    ask(TelnyxClient(TELNYX_URL, ApiKey("example"), httpx.MockTransport(handler)))
    return seen


def test_metadata_of_a_conversation_is_added_to_what_is_there():
    present = {"data": {"id": "c", "metadata": {"a": "1", "b": "1"}}}

    seen = requests_of(
        lambda t: t.conversations.update_metadata("c", {"b": "2", "c": "3"}), present
    )

    assert [request.method for request in seen] == ["GET", "PUT"]
    assert {request.url.path for request in seen} == {"/v2/ai/conversations/c"}
    assert json.loads(seen[1].content) == {"metadata": {"a": "1", "b": "2", "c": "3"}}


def application(**fields: Any) -> TexmlApplication:
    known = {"id": "9", "friendly_name": "f", "voice_url": "https://example.com/"}
    return TexmlApplication.model_validate({**known, **fields})


@pytest.mark.parametrize(
    ("outbound", "sent"),
    [
        (None, {"outbound_voice_profile_id": "p"}),
        ({"outbound_voice_profile_id": "old"}, {"outbound_voice_profile_id": "p"}),
        ({"channel_limit": None}, {"outbound_voice_profile_id": "p"}),
        ({"channel_limit": 5}, {"outbound_voice_profile_id": "p", "channel_limit": 5}),
    ],
)
def test_an_application_keeps_what_it_had_when_its_profile_is_set(outbound: Any, sent: Any):
    app = application(outbound=outbound)

    [request] = requests_of(
        lambda t: t.account.update_texml_application(app, outbound_voice_profile_id="p"),
        {"data": {"id": "9"}},
    )

    assert request.method == "PATCH"
    assert request.url.path == "/v2/texml_applications/9"
    assert json.loads(request.content) == {
        "friendly_name": "f",
        "voice_url": "https://example.com/",
        "outbound": sent,
    }


def test_an_application_that_cannot_be_written_back_is_left_alone():
    with pytest.raises(AccountNotReady, match="TeXML application 9"):
        requests_of(
            lambda t: t.account.update_texml_application(
                application(voice_url=None), outbound_voice_profile_id="p"
            ),
            {},
        )

"""A webhook gets each notice as JSON, once per key, and its address is not shown."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from telnyx_toolkit.notices import KINDS
from telnyx_toolkit.notify import Delivered, Refused, ways
from telnyx_toolkit.notify.webhook import Webhook
from telnyx_toolkit.settings import Settings
from tests.notify.stage import HOSTILE, MISSION, PLAN, ROUTE, Server, notice


def refused(outcome: Delivered | Refused) -> Refused:
    assert isinstance(outcome, Refused)
    assert outcome.via == "webhook"
    assert outcome.fix
    assert outcome.reason.isprintable()
    return outcome


def test_a_notice_is_posted_as_it_is(server: Server) -> None:
    url = f"{server.url}/notices?sig=example"
    waiting = notice("approval_needed", HOSTILE, plan_hash=PLAN, line="+1 312 555 0123")

    assert Webhook(url).send(waiting, ROUTE) == Delivered("webhook")

    [(path, headers, _)] = server.requests
    assert path == "/notices?sig=example"
    assert headers["Idempotency-Key"] == f"{MISSION}-17"
    assert "Authorization" not in headers
    assert server.body == {
        "id": f"{MISSION}-17",
        "kind": "approval_needed",
        "mission_id": MISSION,
        "at": "2026-11-23T15:00:00+00:00",
        "text": HOSTILE,
        "data": {"plan_hash": PLAN, "line": "+1•••••0123"},
    }
    assert datetime.fromisoformat(server.body["at"]).utcoffset() is not None


def test_a_number_in_a_text_leaves_masked(server: Server) -> None:
    Webhook(server.url).send(notice(text="Called (312) 555-0123 twice"), None)

    assert server.body["text"] == "Called •••••0123 twice"


def test_every_notice_is_for_it() -> None:
    assert all(Webhook("https://example.com").takes(notice(kind), None) for kind in KINDS)


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, True) for status in (408, 409, 425, 429, 500, 503)),
        *((status, False) for status in (301, 308, 400, 401, 404, 410)),
    ],
)
def test_a_refusal_says_whether_the_same_may_work_later(
    server: Server, status: int, again: bool
) -> None:
    server.status, server.said = status, b"no"

    outcome = refused(Webhook(server.url).send(notice(), None))

    assert outcome.again is again
    assert outcome.reason == f"the webhook answered {status}: no"
    assert "Idempotency-Key" in outcome.fix or "TELNYX_TOOLKIT_WEBHOOK_URL" in outcome.fix


@pytest.mark.parametrize("status", [200, 202, 204])
def test_two_hundred_is_delivered(server: Server, status: int) -> None:
    server.status, server.said = status, b""

    assert Webhook(server.url).send(notice(), None) == Delivered("webhook")


def test_a_redirect_is_not_followed(make_server: Callable[[], Server]) -> None:
    first, second = make_server(), make_server()
    first.status, first.headers = 302, {"Location": second.url}

    assert "redirects are not followed" in refused(Webhook(first.url).send(notice(), None)).fix
    assert second.requests == []


def test_the_secret_within_an_address_is_not_shown(server: Server) -> None:
    server.status, server.said = 404, b"no service T0/secretword?sig=othersecret here"
    url = f"{server.url}/T0/secretword?sig=othersecret"

    told = repr(refused(Webhook(url).send(notice(), None)))
    server.close()
    told += repr(refused(Webhook(url).send(notice(), None)))

    assert "secretword" not in told
    assert "othersecret" not in told


@pytest.mark.parametrize("url", ["https://127.0.0.1:{port}/x", "http://[::1]:{port}/x"])
def test_who_does_not_speak_http_is_tried_again(server: Server, url: str) -> None:
    port = server.url.rpartition(":")[2]

    outcome = refused(Webhook(url.format(port=port)).send(notice(), None))

    assert outcome.again
    assert "did not answer" in outcome.reason


def test_the_ways_are_those_that_are_configured(tmp_path: Path) -> None:
    def names(**env: str) -> list[str]:
        given = {f"TELNYX_TOOLKIT_{name}": value for name, value in env.items()}
        return [way.name for way in ways(Settings.from_environment(given))]

    hook = {"HOOK_URL": "http://localhost:18789/hooks/agent", "HOOK_TOKEN_FILE": str(tmp_path)}
    webhook = {"WEBHOOK_URL": "https://example.com/x"}
    assert names() == ["openclaw-message"]
    assert names(**hook) == ["openclaw-message", "gateway-hook"]
    assert names(**webhook) == ["openclaw-message", "webhook"]
    assert names(**hook, **webhook) == ["openclaw-message", "gateway-hook", "webhook"]

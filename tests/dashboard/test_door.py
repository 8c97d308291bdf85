"""Who gets in, and whose forms are taken."""

import secrets

import pytest

from telnyx_toolkit.dashboard.door import Door
from telnyx_toolkit.dashboard.names import is_own_origin, names_for
from tests.conftest import Doc, Rig
from tests.dashboard.conftest import Browser, Serve, planned

HEADERS = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}
EVERYWHERE = ["/", "/live.js", "/missions/m_0123456789ab", "/missions/x/plan", "/nowhere"]


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(
    serve_rig: Serve, rig: Rig
) -> None:
    browser = serve_rig(rig).browser(enters=False)

    answer = browser.enter()

    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert browser.server_token not in cookie
    assert browser.get("/live.js").status_code == 200


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_is_shown_without_the_cookie(serve_rig: Serve, rig: Rig, path: str) -> None:
    browser = serve_rig(rig).browser(enters=False)

    answer = browser.get(path)

    assert answer.status_code == 403
    assert "telnyx-toolkit serve" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 43])
def test_a_wrong_token_opens_nothing(serve_rig: Serve, rig: Rig, token: str) -> None:
    browser = serve_rig(rig).browser(enters=False)

    answer = browser.client.get("/", params={"token": token})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_cookie_that_was_made_up_opens_nothing(serve_rig: Serve, rig: Rig) -> None:
    browser = serve_rig(rig).browser()
    (name,) = browser.client.cookies
    session, _, seal = browser.client.cookies[name].rpartition(".")

    for forged in ("x", ".", f"x.{seal}", f"{session}.{'0' * 64}", Door().new_cookie()):
        assert browser.get("/", Cookie=f"{name}={forged}").status_code == 403


def test_who_comes_by_a_link_of_another_page_can_go_on_from_here(browser: Browser) -> None:
    """A strict cookie is not sent then; from a page of ours it is."""
    answer = browser.get("/missions/m_0123456789ab", Cookie="none=of ours")

    assert answer.status_code == 403
    assert '<a href="/missions/m_0123456789ab">Go on</a>' in answer.text


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("//example.com/x", "/example.com/x"),
        ("/%5Cexample.com", "/%5Cexample.com"),
        ("/a%0D%0AX-Y: z", "/a%0D%0AX-Y%3A%20z"),
        ("/missions/m_0123456789ab", "/missions/m_0123456789ab"),
    ],
)
def test_the_exchange_leads_to_no_other_server(
    serve_rig: Serve, rig: Rig, path: str, leads_to: str
) -> None:
    browser = serve_rig(rig).browser(enters=False)
    token = browser.url.partition("/?")[2]

    answer = browser.client.get(f"{browser.origin}{path}?{token}")

    assert answer.headers["location"] == leads_to


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "a@127.0.0.1", "[", ""])
def test_another_name_for_this_machine_is_refused_even_with_the_cookie(
    browser: Browser, host: str
) -> None:
    answer = browser.get("/", Host=host)

    assert answer.status_code in {400, 403}
    assert "Missions" not in answer.text


def test_through_a_tunnel_it_is_localhost_with_another_port(browser: Browser) -> None:
    assert browser.get("/live.js", Host="localhost:9999").status_code == 200


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({"Origin": "http://example.com"}, {}),
        ({"Origin": "http://127.0.0.1:1"}, {}),
        ({"Origin": "null"}, {}),
        ({"Origin": ""}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Sec-Fetch-Site": "same-site"}, {}),
        ({}, {"form": ""}),
        ({}, {"form": "x" * 64}),
        ({}, {"form": None}),
    ],
)
def test_a_form_of_another_page_changes_nothing(
    browser: Browser, rig: Rig, catering: Doc, headers: dict[str, str], form: Doc
) -> None:
    mission = planned(rig, catering)
    sent = {
        **browser.fields(f"/missions/{mission}/confirm/approve"),
        "approved_by": "Mallory",
        "words": "Yes",
        **form,
    }
    before = rig.state(mission)

    answer = browser.post(
        f"/missions/{mission}/approve", {k: v for k, v in sent.items() if v is not None}, headers
    )

    assert answer.status_code == 403
    assert "Nothing was done" in answer.text
    assert rig.state(mission) == before


def test_the_secret_of_one_session_is_no_use_in_another(
    serve_rig: Serve, rig: Rig, catering: Doc
) -> None:
    served = serve_rig(rig)
    mission = planned(rig, catering)
    path = f"/missions/{mission}/confirm/cancel"
    theirs = served.browser().fields(path)

    answer = served.browser().post(f"/missions/{mission}/cancel", {**theirs, "reason": "x"})

    assert answer.status_code == 403
    assert rig.state(mission).cancel_reason is None


@pytest.mark.parametrize("action", ["approve", "cancel", "pause", "resume"])
def test_looking_at_an_action_does_not_do_it(
    browser: Browser, rig: Rig, catering: Doc, action: str
) -> None:
    mission = planned(rig, catering)
    before = rig.state(mission)

    answer = browser.get(f"/missions/{mission}/{action}")

    assert answer.status_code == 405
    assert rig.state(mission) == before


def test_every_answer_carries_the_headers_errors_too(browser: Browser) -> None:
    answers = [browser.get(path) for path in EVERYWHERE]
    answers += [browser.enter(), browser.client.get("/", params={"token": "x"})]
    answers += [browser.get("/", Host="example.com"), browser.post("/", {})]
    answers += [browser.post("/missions/x/cancel", {"reason": "x" * 40_000})]
    answers += [browser.get("/missions/x/cancel")]

    assert {a.status_code for a in answers} >= {200, 303, 403, 404, 405, 413, 503}
    for answer in answers:
        assert HEADERS.items() <= dict(answer.headers).items()
        policy = answer.headers["content-security-policy"]
        for part in (
            "default-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ):
            assert part in policy.split("; ")
        assert "unsafe" not in policy
        assert "server" not in answer.headers


def test_no_answer_tells_the_token(browser: Browser) -> None:
    for path in EVERYWHERE:
        answer = browser.get(path)
        assert browser.server_token not in answer.text
        assert browser.server_token not in str(answer.headers)


def test_a_ticket_lets_one_browser_in_and_no_second_one(serve_rig: Serve, rig: Rig) -> None:
    served = serve_rig(rig)
    url = served.server.url_for_once()
    first, second = served.browser(enters=False), served.browser(enters=False)

    assert first.client.get(url).status_code == 303
    assert first.get("/missions/x").status_code == 503  # there is no ledger yet
    assert second.client.get(url).status_code == 403


def test_every_run_has_secrets_of_its_own() -> None:
    door = Door(secrets.token_urlsafe)

    assert door.token != Door().token
    assert not Door().admits(door.token)
    assert not Door().session_of(door.new_cookie())


def test_the_names_of_a_server() -> None:
    local, box, all_ = (
        names_for("127.0.0.1"),
        names_for("box.lan"),
        names_for("0.0.0.0", ["Box"]),  # noqa: S104 - what it means is the test
    )

    assert all(local.have(host) for host in ("127.0.0.1", "LOCALHOST:1", "[::1]:8788"))
    assert not any(local.have(host) for host in ("192.0.2.1", "box", "localhost.evil.example"))
    assert not local.have("localhost:port")
    assert box.have("box.lan:8788")
    assert not box.have("localhost")
    assert all(all_.have(host) for host in ("192.0.2.1:80", "box:8788", "localhost"))
    assert not all_.have("evil.example")


def test_an_origin_is_ours_with_its_port_and_scheme_only() -> None:
    assert is_own_origin("http://127.0.0.1:8788", "127.0.0.1:8788")
    for origin in ("http://127.0.0.1:1", "https://127.0.0.1:8788", "null", "", "http://"):
        assert not is_own_origin(origin, "127.0.0.1:8788")
    assert not is_own_origin("http://", "")

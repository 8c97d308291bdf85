"""The dashboard over real HTTP on this machine, and a browser's manners."""

import re
import threading
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import Clock
from telnyx_toolkit.dashboard.server import Server
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.toolkit import Toolkit
from tests.command.conftest import make_shell, sandbox_url, shell
from tests.conftest import Rig

__all__ = ["make_shell", "sandbox_url", "shell"]
Doc = dict[str, Any]
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Browser:
    """Keeps cookies, follows no redirect by itself, and says where its forms come from."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.origin, _, query = url.partition("/?")
        self.server_token = query.partition("=")[2]
        self.client = httpx.Client(base_url=self.origin, timeout=30)

    def enter(self) -> httpx.Response:
        """Open the address that was printed."""
        return self.client.get(self.url)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def see(self, path: str) -> str:
        """The text of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def fields(self, path: str) -> Doc:
        """What a page's form sends by itself."""
        return dict(_HIDDEN.findall(self.see(path)))

    def post(self, path: str, form: Doc, headers: dict[str, str] | None = None) -> httpx.Response:
        """Send a form as a browser does from a page of the same server."""
        usual = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value}
        return self.client.post(path, data=form, headers=sent)

    def ask_for(self, action: str, mission: str, **typed: str) -> httpx.Response:
        """Confirm an action on its page."""
        form = {**self.fields(f"/missions/{mission}/confirm/{action}"), **typed}
        return self.post(f"/missions/{mission}/{action}", form)

    def text(self, path: str) -> str:
        """A page's words without its markup."""
        return words_of(self.see(path))


def words_of(html: str) -> str:
    """The words of a page, without styles and markup, on one line."""
    body = html.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


class Served:
    """A dashboard of one home in a thread of this process."""

    def __init__(
        self, settings: Settings, open_toolkit: Callable[[], Toolkit], clock: Clock
    ) -> None:
        self.server = Server(settings, "127.0.0.1", 0, open_toolkit=open_toolkit, clock=clock)
        self._thread = threading.Thread(target=self.server.run)
        self._thread.start()
        self._browsers: list[Browser] = []

    def browser(self, *, enters: bool = True) -> Browser:
        browser = Browser(self.server.url)
        self._browsers.append(browser)
        if enters:
            browser.enter()
        return browser

    def close(self) -> None:
        for browser in self._browsers:
            browser.client.close()
        self.server.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()


Serve = Callable[..., Served]


def planned(rig: Rig, brief: Doc) -> str:
    """A mission that waits for a yes."""
    return rig.call("plan_steps", brief=brief)["mission_id"]


def until(rig: Rig, mission: str, reached: Callable[[MissionState], object]) -> None:
    """Let a mission run until then, a round a minute."""
    while not reached(rig.state(mission)):
        rig.toolkit.engine.advance(mission)
        rig.clock.advance(60)


@pytest.fixture
def serve_rig() -> Iterator[Serve]:
    """Serves the missions of a rig; what is asked for is done on the rig's sandbox."""
    served: list[Served] = []

    def make(rig: Rig, clock: Clock | None = None, **seams: Any) -> Served:
        settings = Settings("http://127.0.0.1/v2", rig.home, ApiKey("example"))
        served.append(Served(settings, lambda: rig.another(**seams), clock or rig.clock))
        return served[-1]

    yield make
    for one in served:
        one.close()


@pytest.fixture
def browser(rig: Rig, serve_rig: Serve) -> Browser:
    return serve_rig(rig).browser()

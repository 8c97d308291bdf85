"""Chromium with a page in it, and what that page did: its requests, its messages, its pictures."""

import base64
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import installed

Doc = dict[str, Any]
_SECONDS = 10.0
#: It asks nobody for anything by itself, and nothing but this machine can be asked.
_FLAGS = (
    *("--headless=new", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"),
    *("--no-first-run", "--no-default-browser-check", "--disable-sync", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-default-apps"),
    *("--disable-domain-reliability", "--disable-client-side-phishing-detection", "--no-pings"),
    *("--disable-features=Translate,OptimizationHints,MediaRouter,NetworkTimeServiceQuerying",),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
#: The same letters everywhere, where Debian's fonts are installed.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family" qual="any"><string>system-ui</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
<match target="pattern"><test name="family" qual="any"><string>sans-serif</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
</fontconfig>
"""


@dataclass(frozen=True)
class Window:
    """How a page is looked at.

    Attributes:
        width: In CSS pixels, as the height.
        is_dark: Which theme is wanted.
        is_phone: A phone's window, which takes the page's word for its width.
        scale: Pixels of a picture for each CSS pixel.
        scripts: Whether the page's own scripts may run.
        media: `screen` or `print`.
    """

    width: int = 1280
    height: int = 800
    is_dark: bool = False
    is_phone: bool = False
    scale: float = 1
    scripts: bool = True
    media: str = "screen"


DESKTOP = Window()
PHONE = Window(390, 844, is_phone=True)
SMALL_PHONE = Window(360, 740, is_phone=True)


class Browser:
    """One Chromium; each page that is opened starts a new record of what it does."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        fonts = Path(self._home.name) / "fonts.conf"
        fonts.write_text(_FONTS, encoding="utf-8")
        options = ChromeOptions()
        options.binary_location = installed.chromium()
        for flag in (*_FLAGS, f"--user-data-dir={self._home.name}/profile"):
            options.add_argument(flag)
        if os.name != "nt" and os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        env = {**os.environ, "FONTCONFIG_FILE": str(fonts), "SE_OFFLINE": "true"}
        service = Service(installed.driver(), env=env)
        self.driver = Chrome(options=options, service=service)
        self._messages: list[str] = []
        self._requests: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.driver.quit()
        self._home.cleanup()

    def open(self, url: str, window: Window = DESKTOP) -> None:
        """Open a page of this machine; what earlier pages did is forgotten."""
        assert url.startswith(("file://", "http://127.0.0.1:", "about:")), url
        self.driver.get("about:blank")
        self.look(window)
        self._read_logs()
        self._messages.clear()
        self._requests.clear()
        self.driver.get(url)

    def look(self, window: Window) -> None:
        """Look at the page, and at those to come, in another window."""
        self._do(
            "Emulation.setDeviceMetricsOverride",
            width=window.width,
            height=window.height,
            deviceScaleFactor=window.scale,
            mobile=window.is_phone,
        )
        theme = {"name": "prefers-color-scheme", "value": "dark" if window.is_dark else "light"}
        self._do("Emulation.setEmulatedMedia", media=window.media, features=[theme])
        self._do("Emulation.setScriptExecutionDisabled", value=not window.scripts)

    def run(self, script: str, *args: Any) -> Any:
        """What a script answers that is run in the page from outside."""
        return self.driver.execute_script(script, *args)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def all(self, selector: str) -> Sequence[WebElement]:
        """The elements that a CSS selector finds, in the page's order."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The only element that a CSS selector finds."""
        found = self.all(selector)
        assert len(found) == 1, f"{selector}: {len(found)} elements"
        return found[0]

    def text(self, selector: str = "body") -> str:
        """What of an element a person can read, with single spaces."""
        return " ".join(self.one(selector).text.split())

    def wait(self, until: Any, seconds: float = _SECONDS) -> None:
        """Wait until a script answers something true, or a function of no arguments does."""
        wanted = until if callable(until) else lambda: self.run(f"return ({until})")
        WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: wanted())

    def messages(self) -> list[str]:
        """What the page wrote to the console, and what the browser had against it."""
        self._read_logs()
        return list(self._messages)

    def requests(self) -> list[str]:
        """The URL of everything that was asked for since the page was opened, itself included."""
        self._read_logs()
        return list(self._requests)

    def click(self, element: WebElement) -> None:
        """Click an element, in the middle of the window."""
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def follow(self, element: WebElement) -> None:
        """Click what leads to another page, and wait for that page."""
        self.click(element)
        WebDriverWait(self.driver, _SECONDS, poll_frequency=0.05).until(staleness_of(element))
        self.wait("document.readyState === 'complete'")

    def tab(self) -> None:
        """Press the tab key."""
        self.press(Keys.TAB)

    def press(self, key: str) -> None:
        """Press a key."""
        ActionChains(self.driver, duration=0).send_keys(key).perform()

    def opens_all(self) -> None:
        """Open every part of the page that can be opened."""
        self.run("document.querySelectorAll('details').forEach(part => { part.open = true; })")

    def picture(self, path: Path, *, whole: bool = False) -> Path:
        """A PNG of what is in the window, or of the whole page."""
        shot = self._do("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **(
            {"clip": {**self.run(_WHOLE), "scale": 1}} if whole else {}
        ))  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(shot["data"]))
        return path

    def printed(self) -> bytes:
        """The page as PDF, as a person would print it on A4."""
        self._do("Emulation.setEmulatedMedia", media="", features=[])
        made = self._do("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)
        return base64.b64decode(made["data"])

    def accessibility(self) -> list[str]:
        """What WCAG 2.1 A and AA have against the page, by axe; one violation a line."""
        self.run(installed.axe())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
        wanted: Doc = {"type": "tag", "values": tags}
        answer: Doc = self.driver.execute_async_script(_AXE, {"runOnly": wanted})  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        assert "error" not in answer, answer["error"]
        return [_told(found) for found in answer["violations"]]

    def _do(self, command: str, **arguments: Any) -> Doc:
        return self.driver.execute_cdp_cmd(command, arguments)  # pyright: ignore[reportUnknownMemberType]

    def _read_logs(self) -> None:
        logged = self.driver.get_log  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        self._messages += [f"{e['level']}: {e['message']}" for e in logged("browser")]
        for entry in logged("performance"):
            message: Doc = json.loads(entry["message"])["message"]
            if url := _asked(message["method"], message.get("params", {})):
                self._requests.append(url)


_WHOLE = """
const page = document.documentElement;
return {x: 0, y: 0, width: page.clientWidth, height: page.scrollHeight};
"""
_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {...arguments[0], resultTypes: ['violations']})
  .then(found => done({violations: found.violations}), problem => done({error: String(problem)}));
"""


def _asked(method: str, params: Mapping[str, Any]) -> str:
    if method == "Network.requestWillBeSent":
        url = str(params["request"]["url"])
        return "" if url == "about:blank" else url
    return str(params["url"]) if method == "Network.webSocketCreated" else ""


def _told(violation: Doc) -> str:
    nodes: list[Doc] = violation["nodes"]
    where = "; ".join(f"{node['target']}: {node['failureSummary']}" for node in nodes[:5])
    return f"{violation['id']} ({violation['impact']}), {len(nodes)} times: {where}"

"""The dashboard in Chromium, with a mission that another process runs on a sandbox."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.browser import checks
from tests.browser.chromium import DESKTOP, PHONE, SMALL_PHONE, Browser, Window
from tests.browser.conftest import PICTURES
from tests.browser.reports import MISSIONS
from tests.command.conftest import CATERING, Shell

pytestmark = pytest.mark.browser
THEMES = {
    "light": (DESKTOP, PHONE),
    "dark": (replace(DESKTOP, is_dark=True), replace(PHONE, is_dark=True)),
}


class Served:
    """A dashboard, its missions, and the browser it is looked at with."""

    def __init__(self, shell: Shell, browser: Browser, url: str) -> None:
        self.shell, self.browser, self.url = shell, browser, url
        self.root = "/".join(url.split("/")[:3])

    def enter(self, window: Window = DESKTOP) -> Browser:
        """Open the address that was printed."""
        self.browser.open(self.url, window)
        return self.browser

    def open(self, path: str, window: Window = DESKTOP) -> Browser:
        """Open a page as somebody who has been let in."""
        self.enter(window)
        self.browser.driver.get(f"{self.root}{path}")
        return self.browser

    def planned(self, brief: Path = CATERING) -> str:
        """A mission with a plan that nobody has approved."""
        mission = self.shell.json("create-mission", "--brief", str(brief))["mission_id"]
        self.shell.json("plan-steps", mission)
        return mission

    def state(self, mission: str) -> str:
        """Where a mission stands, by the command line."""
        return self.shell.json("mission-status", mission)["state"]

    def one_call_made(self, mission: str) -> None:
        """Run an approved mission until one of its calls is over, and no further."""
        for _ in range(30):
            self.shell.here("tick")
            status = self.shell.json("mission-status", mission)
            if any(attempt["phase"] == "collected" for attempt in status["attempts"]):
                return
            self.shell.post("/_sandbox/clock", {"advance_to": status["next_due_at"]})
        pytest.fail("there was no call")


@pytest.fixture
def served(chromium: Browser, tmp_path: Path, sandbox_url: Callable[..., str]) -> Iterator[Served]:
    """Nothing may ask anybody else for anything, or make the browser complain."""
    shell = Shell(tmp_path / "home", sandbox_url())
    process = shell.start("serve", "--port", "0", "--json")
    assert process.stdout
    one = Served(shell, chromium, json.loads(process.stdout.readline())["url"])
    chromium.open("about:blank")
    yield one
    strayed, messages = checks.strayed(chromium, f"{one.root}/", "data:,"), chromium.messages()
    chromium.open("about:blank")
    process.terminate()
    process.communicate(timeout=10)
    assert strayed == []
    assert messages == []


def test_the_address_that_was_printed_opens_the_list_of_missions(served: Served) -> None:
    mission = served.planned()

    browser = served.enter()

    assert browser.text("h1") == "Missions"
    assert mission in browser.text("#live")
    assert "token" not in browser.driver.current_url


def test_without_the_address_nobody_gets_in(served: Served) -> None:
    mission = served.planned()
    served.browser.driver.delete_all_cookies()

    served.browser.open(f"{served.root}/missions/{mission}")

    assert mission not in served.browser.text()
    assert len(served.browser.messages()) == 1  # the browser's own, of the 403
    served.enter()


def test_figures_change_while_another_process_runs_the_mission(served: Served) -> None:
    mission = served.shell.approved()
    browser = served.open(f"/missions/{mission}")
    assert "Targets done 0 of 3" in browser.text("#live")
    browser.run("window.isTheSamePage = true")

    served.one_call_made(mission)
    browser.wait(lambda: "Targets done 1 of 3" in browser.text("#live"))

    assert "it is $65 per person" in browser.text("#targets-head ~ table")
    assert browser.run("return window.isTheSamePage")
    served.shell.json("run-mission", mission)
    browser.wait("document.querySelector('#recommendation') !== null")
    assert browser.text("#recommendation h2") == "Recommended: Chicago Grill Co"


def test_the_list_changes_while_another_process_runs_a_mission(served: Served) -> None:
    mission = served.shell.approved()
    browser = served.enter()
    browser.run("window.isTheSamePage = true")
    assert "approved" in browser.text("#live")

    served.shell.json("run-mission", mission)
    browser.wait(lambda: "succeeded" in browser.text("#live"))

    assert browser.run("return window.isTheSamePage")


def test_a_yes_is_given_with_name_and_words_and_only_on_the_page_that_says_what_it_means(
    served: Served,
) -> None:
    mission = served.planned()
    browser = served.open(f"/missions/{mission}")
    browser.follow(browser.one("a[href$='/plan'].button:not(.buttons a)"))
    assert "call Lakefront Catering" in browser.text(".plan")
    browser.follow(browser.one("a[href$='/confirm/approve']"))
    assert "Only mon-fri 09:00-17:00" in browser.text(".plan")

    browser.click(browser.one("form button"))
    assert served.state(mission) == "planned"
    browser.one("#approved_by").send_keys("Dana Reyes")
    browser.one("#words").send_keys("Yes, go ahead")
    browser.follow(browser.one("form button"))

    _assert_done(browser, "Your yes is on record")
    browser.wait(lambda: served.state(mission) == "approved")
    browser.wait(lambda: "Approved by Dana Reyes" in browser.text("#live"))
    assert served.shell.rang() == []


def test_a_mission_is_cancelled_with_a_reason(served: Served) -> None:
    mission = served.shell.approved()
    browser = served.open(f"/missions/{mission}")

    browser.follow(browser.one("a[href$='/confirm/cancel']"))
    browser.one("#reason").send_keys("Lunch was called off")
    browser.follow(browser.one("form button"))

    _assert_done(browser, "It is cancelled")
    browser.wait(lambda: served.state(mission) == "cancelled")


def _assert_done(browser: Browser, told: str) -> None:
    """What was asked for is said to be done, or on a slow machine to be under way."""
    shown = browser.text("main > p.done")
    assert shown.startswith((told, "That was asked for, and takes its time."))


@pytest.mark.parametrize("theme", THEMES)
def test_its_pages_can_be_read_by_everybody_in_both_themes_and_on_phones(
    served: Served, theme: str
) -> None:
    waits, going = served.planned(), served.shell.approved(MISSIONS / "screen.yaml")
    done = served.shell.approved(MISSIONS / "sweep.yaml")
    served.shell.json("run-mission", done)
    served.one_call_made(going)
    pages = {
        "missions": "/",
        "waiting": f"/missions/{waits}",
        "plan": f"/missions/{waits}/plan",
        "approve": f"/missions/{waits}/confirm/approve",
        "cancel": f"/missions/{waits}/confirm/cancel",
        "running": f"/missions/{going}",
        "over": f"/missions/{done}",
        "problem": "/missions/m_000000000000",
    }
    faults: dict[str, Any] = {}
    desktop, phone = THEMES[theme]
    for name, path in pages.items():
        browser = served.open(path, desktop)
        browser.picture(PICTURES / "dashboard" / f"{name}-{theme}.png")
        browser.look(phone)
        browser.picture(PICTURES / "dashboard" / f"{name}-{theme}-phone.png")
        browser.opens_all()
        faults[name] = browser.accessibility() + checks.too_wide(browser)
        browser.look(SMALL_PHONE)
        faults[name] += checks.too_wide(browser)
        browser.look(desktop)
        faults[name] += browser.accessibility() + checks.too_wide(browser)
        messages = browser.messages()
        assert len(messages) == (name == "problem"), messages  # the browser's own, of the 404

    assert faults == {name: [] for name in pages}
    served.enter()


def test_it_is_read_and_used_without_scripts(served: Served) -> None:
    mission = served.shell.approved()
    served.one_call_made(mission)
    browser = served.open(f"/missions/{mission}", Window(scripts=False))

    assert "Targets done 1 of 3" in browser.text("#live")
    browser.follow(browser.one("a[href$='/confirm/pause']"))
    browser.one("#reason").send_keys("Not today")
    browser.follow(browser.one("form button"))

    browser.wait(lambda: served.state(mission) == "paused")


def test_the_tab_key_goes_down_each_page(served: Served) -> None:
    mission = served.planned()
    paths = ("/", f"/missions/{mission}", f"/missions/{mission}/confirm/approve")

    found = {path: checks.focused_out_of_order(served.open(path)) for path in paths}

    assert found == {path: [] for path in paths}

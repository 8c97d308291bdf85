"""The worst that strangers and a spoilt ledger can hold is shown as words, and as nothing else."""

import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.ledger.ledger import as_text
from telnyx_toolkit.simulator import Sandbox
from tests.conftest import FIXTURES, Rig
from tests.dashboard.conftest import Browser, Serve, until
from tests.report.made import FORMULA, NASTY, hostile_brief, hostile_callees, poisoned
from tests.report.page import read

MOST_BYTES = 400_000


@pytest.fixture
def hostile_rig(make_rig: Callable[..., Rig], tmp_path: Path) -> Rig:
    """Its callees mean ill, and one of them talks for a megabyte."""
    rig = make_rig()
    rig.toolkit.close()
    account = FIXTURES / "accounts" / "default.yaml"
    rig.sandbox = Sandbox(rig.clock, account=account, callees=hostile_callees(tmp_path / "people"))
    rig.toolkit = rig.another()
    return rig


def stands(browser: Browser, path: str) -> None:
    """The page has no script, handler, link or picture but ours, and nothing that steers."""
    html = browser.see(path)
    elements = read(html).walk()
    scripts = [one.attributes.get("src", "") for one in elements if one.tag == "script"]
    links = [one.attributes.get("href", "#") for one in elements if one.tag == "a"]

    assert set(scripts) <= {"/live.js"}
    assert all(link.startswith(("#", "/")) and not link.startswith("//") for link in links)
    assert not [one for one in elements if one.tag in {"img", "iframe", "object", "embed"}]
    assert not [a for one in elements for a in one.attributes if a.startswith("on") or a == "style"]
    assert not [
        c for c in html if c not in "\n\t" and unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs"}
    ]
    assert len(html.encode()) < MOST_BYTES


def pages_of(mission: str) -> list[str]:
    return ["/", *(f"/missions/{mission}{page}" for page in ("", "/plan", "/report"))]


def test_a_mission_of_hostile_callees_stays_words_while_it_runs_and_when_it_is_over(
    hostile_rig: Rig, serve_rig: Serve
) -> None:
    mission = hostile_rig.approved(hostile_brief())
    browser = serve_rig(hostile_rig).browser()

    until(hostile_rig, mission, lambda state: len(state.attempts) > 2)
    for path in pages_of(mission):
        stands(browser, path)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browser.see(f"/missions/{mission}/report")

    hostile_rig.call("run_mission", mission_id=mission)
    stands(browser, "/")
    stands(browser, f"/missions/{mission}")
    assert "Page Breakers" in browser.text(f"/missions/{mission}")


@pytest.mark.parametrize("is_over", [False, True], ids=["under way", "over"])
def test_a_ledger_with_hostile_words_in_every_field_is_shown_as_words(
    is_over: bool, rig: Rig, serve_rig: Serve, catering: dict[str, Any]
) -> None:
    mission = rig.approved(catering)
    until(rig, mission, lambda state: state.is_finished if is_over else len(state.attempts) > 2)
    spoilt = poisoned(rig.toolkit.ledger.events(mission), f" {FORMULA} {NASTY}")
    with closing(sqlite3.connect(rig.toolkit.ledger.path)) as db, db:
        for event in spoilt:
            where = (as_text(event.data), mission, event.seq)
            db.execute("UPDATE events SET data = ? WHERE mission_id = ? AND seq = ?", where)

    browser = serve_rig(rig).browser()

    for path in ("/", f"/missions/{mission}", f"/missions/{mission}/plan"):
        stands(browser, path)

"""What the pages show, and what a person's yes and no in them do."""

import re
import resource
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.dashboard.acting import Acting
from telnyx_toolkit.errors import NotReached
from telnyx_toolkit.toolkit import Toolkit
from tests.conftest import Doc, Rig
from tests.dashboard.conftest import Browser, Serve, planned, until, words_of
from tests.unit.ledgers import held

YES = {"approved_by": "Dana Reyes", "words": "Yes, up to $62"}
HOSTILE = {"name": "<b>Hostile</b>", "phone": "+13125550150", "timezone": "America/Chicago"}


def test_what_waits_for_a_yes_comes_first(browser: Browser, rig: Rig, catering: Doc) -> None:
    waiting = planned(rig, {**catering, "name": "Waiting one"})
    over = rig.ran({**catering, "name": "Finished one"})["mission_id"]
    begun = rig.approved({**catering, "name": "Begun one"})

    page = browser.see("/")

    places = [page.index(name) for name in ("Waiting one", "Begun one", "Finished one")]
    assert places == sorted(places)
    text = words_of(page)
    assert "Waiting for you (1)" in text
    for mission in (waiting, over, begun):
        assert f'href="/missions/{mission}"' in page
    assert "3 of 3" in text
    assert re.search(r"\$0\.\d+ of \$5", text)


def test_a_mission_page_says_where_it_stands_in_both_zones(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    mission = rig.approved(catering)
    until(rig, mission, lambda state: state.attempts)

    text = browser.text(f"/missions/{mission}")

    assert "Call Lakefront Catering" in text
    assert re.search(r"rings Mon 09:0\d CST", text)
    assert re.search(r"call Mon 23 Nov 09:0\d CST \(Mon 23 Nov 15:0\d UTC\) : scheduled", text)
    assert "Approved by Dana" in text
    assert "Yes, go ahead" in text
    assert "+1312" not in text


def test_what_was_told_and_said_stands_in_a_mission_under_way(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    mission = rig.approved(catering)
    until(rig, mission, lambda state: len(state.attempts) > 1)

    page = browser.see(f"/missions/{mission}")

    assert '<q class="stranger">' in page
    assert re.search(r"is told of <bdi>\$\d+", page)
    assert "What happened" in page
    report = browser.text(f"/missions/{mission}/report")
    assert "not finished" in report


def test_a_finished_mission_shows_its_report(browser: Browser, rig: Rig, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]

    page = browser.see(f"/missions/{mission}")

    assert 'data-whole="report"' in page
    assert 'id="recommendation"' in page
    assert "Chicago Grill Co" in page
    assert "<script" not in page


def test_the_plan_is_shown_line_by_line_as_it_is(browser: Browser, rig: Rig, catering: Doc) -> None:
    plan = rig.call("plan_steps", brief=catering)

    text = browser.text(f"/missions/{plan['mission_id']}/plan")

    for line in plan["summary"]:
        assert " ".join(line.split()) in text


def test_a_yes_is_on_record_once_and_shows_in_mission_status(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    mission = planned(rig, catering)
    form = {**browser.fields(f"/missions/{mission}/confirm/approve"), **YES}

    answers = [browser.post(f"/missions/{mission}/approve", form) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {303}
    kinds = [event.kind for event in rig.toolkit.ledger.events(mission)]
    assert kinds.count("plan.approved") == 1
    assert rig.call("mission_status", mission_id=mission)["state"] == "approved"
    approval = rig.state(mission).approval
    assert approval
    assert (approval.approved_by, approval.words) == ("Dana Reyes", "Yes, up to $62")
    told = browser.text(answers[0].headers["location"])
    assert f"telnyx-toolkit run-mission {mission}" in told
    assert rig.rang() == []


def test_a_yes_to_an_earlier_plan_is_refused(browser: Browser, rig: Rig, catering: Doc) -> None:
    mission = planned(rig, catering)
    form = {**browser.fields(f"/missions/{mission}/confirm/approve"), **YES}
    limits = {**catering["limits"], "spend_usd": 500}
    rig.call("plan_steps", mission_id=mission, brief={**catering, "limits": limits})

    answer = browser.post(f"/missions/{mission}/approve", form)

    assert answer.status_code == 409
    assert "The plan has changed" in answer.text
    assert f'href="/missions/{mission}/plan"' in answer.text
    assert rig.state(mission).approval is None


@pytest.mark.parametrize("action", ["cancel", "approve"])
def test_a_form_without_the_hash_of_the_plan_does_nothing(
    browser: Browser, rig: Rig, catering: Doc, action: str
) -> None:
    mission = planned(rig, catering)
    fields = {**browser.fields(f"/missions/{mission}/confirm/{action}"), **YES, "reason": "x"}

    answer = browser.post(f"/missions/{mission}/{action}", {**fields, "plan_hash": ""})

    assert answer.status_code == 409
    assert rig.state(mission).phase == "planned"


@pytest.mark.parametrize("missing", ["approved_by", "words"])
def test_a_yes_without_a_name_or_words_is_asked_for_again(
    browser: Browser, rig: Rig, catering: Doc, missing: str
) -> None:
    mission = planned(rig, catering)

    answer = browser.ask_for("approve", mission, **{**YES, missing: "  "})

    assert answer.status_code == 400
    assert "Nothing was done" in answer.text
    kept = next(value for name, value in YES.items() if name != missing)
    assert f'value="{kept}"' in answer.text
    assert rig.state(mission).approval is None


def test_where_codes_are_sent_a_yes_needs_the_code(
    rig: Rig, serve_rig: Serve, catering: Doc
) -> None:
    sent: list[str] = []
    with closing(rig.another(channel=sent.append)) as guarded:
        mission = guarded.engine.create_mission(parse_brief(catering)).mission_id
        guarded.engine.plan_steps(mission)
    code = re.findall(r"this code: (\d{8})\n", sent[-1])[0]
    browser = serve_rig(rig, channel=sent.append).browser()
    assert 'name="code"' in browser.see(f"/missions/{mission}/confirm/approve")

    without = browser.ask_for("approve", mission, **YES)
    wrong = browser.ask_for("approve", mission, **YES, code="00000000")

    assert (without.status_code, wrong.status_code) == (409, 409)
    assert "not the code" in wrong.text
    assert rig.state(mission).approval is None
    assert browser.ask_for("approve", mission, **YES, code=code).status_code == 303
    assert rig.state(mission).approval
    assert code not in browser.see(f"/missions/{mission}")


def test_cancelling_keeps_the_reason_and_nobody_is_called(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    mission = rig.approved(catering)

    answer = browser.ask_for("cancel", mission, reason="Lunch is off")

    assert answer.status_code == 303
    assert rig.state(mission).phase == "cancelled"
    assert rig.state(mission).cancel_reason == "Lunch is off"
    assert rig.rang() == []
    assert "It is cancelled" in browser.text(answer.headers["location"])


def test_a_mission_is_paused_and_resumed(browser: Browser, rig: Rig, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="1m")

    paused = browser.ask_for("pause", mission, reason="Fire alarm")
    assert "nobody is called until" in browser.text(paused.headers["location"])
    assert rig.state(mission).phase == "paused"
    assert "Fire alarm" in browser.text(f"/missions/{mission}")
    resumed = browser.ask_for("resume", mission)
    assert "goes on with the next tick" in browser.text(resumed.headers["location"])
    assert rig.state(mission).phase == "running"


def test_what_telnyx_refuses_is_told_on_the_form(
    make_rig: Callable[..., Rig], serve_rig: Serve, catering: Doc
) -> None:
    rig = make_rig()
    mission = planned(rig, catering)
    browser = serve_rig(rig, api_key=None).browser()

    answer = browser.ask_for("approve", mission, **YES)

    assert answer.status_code == 503
    assert "Nothing was done" in answer.text
    assert "TELNYX_API_KEY" in answer.text
    assert rig.state(mission).approval is None


def test_what_takes_long_goes_on_and_its_failure_is_told_later() -> None:
    opens = threading.Event()

    def opened() -> Toolkit:
        assert opens.wait(10)
        raise NotReached("Telnyx is far away.")

    acting = Acting(opened, answer_within_s=0.01)

    assert not acting.do("pause", "m_1", {"reason": "Later"})
    assert acting.went_wrong("m_1") is None
    opens.set()
    (work,) = [thread for thread in threading.enumerate() if thread.name == "pause m_1"]
    work.join(10)
    problem = acting.went_wrong("m_1")
    assert problem
    assert problem.message == "Telnyx is far away."


def test_a_number_in_what_they_said_is_masked(browser: Browser, rig: Rig, catering: Doc) -> None:
    mission = rig.approved(catering)
    until(rig, mission, lambda state: any(one.transcript for one in state.attempts))
    with closing(sqlite3.connect(rig.toolkit.ledger.path)) as db, db:
        said = ("it is $65", "it is, ask +13125550177, $65")
        db.execute("UPDATE events SET data = replace(data, ?, ?)", said)

    page = browser.see(f"/missions/{mission}")

    (words,) = re.findall(r'<q class="stranger"><bdi>(.*?)</bdi>', page)
    assert "ask +1•••••0177" in words
    assert "5550177" not in page


def test_hostile_words_stay_words(browser: Browser, rig: Rig, catering: Doc) -> None:
    first, second, _ = catering["targets"]
    mission = rig.approved({**catering, "targets": [HOSTILE, first, second]})
    until(rig, mission, lambda state: len(state.attempts) > 1)

    pages = [browser.see(f"/missions/{mission}"), browser.see("/")]
    rig.call("run_mission", mission_id=mission)
    pages += [browser.see(f"/missions/{mission}"), browser.see(f"/missions/{mission}/plan")]

    assert "&lt;b&gt;Hostile&lt;/b&gt;" in pages[0]
    for page in pages:
        assert "<b>Hostile" not in page
        scripts = re.findall(r"<script[^>]*>", page)
        assert set(scripts) <= {'<script src="/live.js" defer>'}
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page)
        assert not re.search(r'(?:src|href)="(?!/|#|data:,")', page)


def test_without_a_ledger_the_page_says_what_to_do_and_finds_it_later(
    tmp_path: Path, make_rig: Callable[..., Rig], serve_rig: Serve, catering: Doc
) -> None:
    rig = make_rig()
    browser = serve_rig(rig).browser()

    answer = browser.get("/")

    assert answer.status_code == 503
    assert "There is no ledger yet" in answer.text
    assert not (rig.home / "ledger.db").exists()
    planned(rig, catering)
    assert "Waiting for you" in browser.see("/")
    assert tmp_path in rig.home.parents


def test_a_damaged_ledger_gives_a_page_and_is_left_as_it_was(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    planned(rig, catering)
    path = rig.toolkit.ledger.path
    rig.toolkit.close()
    whole = path.read_bytes()
    path.write_bytes(b"This is no database." * 500)

    answer = browser.get("/")

    assert answer.status_code == 503
    assert "telnyx-toolkit ledger check" in answer.text
    assert path.read_bytes() == b"This is no database." * 500
    path.write_bytes(whole)
    assert "Waiting for you" in browser.see("/")


def test_a_mission_that_cannot_be_read_does_not_hide_the_others(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    mission, other = planned(rig, catering), rig.approved({**catering, "name": "The other"})
    path = rig.toolkit.ledger.path
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM events WHERE mission_id = ? AND seq = 2", (mission,))

    text = browser.text("/")

    assert f"event 2 of mission {mission} is missing" in text
    assert "The other" in text
    assert browser.get(f"/missions/{mission}").status_code == 503
    assert browser.get(f"/missions/{other}").status_code == 200


def test_a_ledger_that_is_being_written_gives_a_page_and_then_the_missions(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    mission = planned(rig, catering)

    with held(rig.toolkit.ledger.path, "BEGIN EXCLUSIVE"):
        busy = browser.get(f"/missions/{mission}")

    assert busy.status_code == 503
    assert "The ledger is busy" in busy.text
    assert browser.get(f"/missions/{mission}").status_code == 200


def test_looking_keeps_nobody_from_writing(browser: Browser, rig: Rig, catering: Doc) -> None:
    mission = planned(rig, catering)

    with held(rig.toolkit.ledger.path, "BEGIN IMMEDIATE"):  # one that may write
        assert browser.get("/").status_code == 200
        assert browser.get(f"/missions/{mission}").status_code == 200


def test_an_unknown_mission_names_the_nearest(browser: Browser, rig: Rig, catering: Doc) -> None:
    mission = planned(rig, catering)

    answer = browser.get(f"/missions/{mission[:-1]}")

    assert answer.status_code == 404
    assert mission in answer.text


def test_two_hundred_missions_are_cheap_to_look_at(
    browser: Browser, rig: Rig, catering: Doc
) -> None:
    mission = rig.ran(catering)["mission_id"]
    _copied(rig.toolkit.ledger.path, mission, 199)
    assert browser.see("/").count("<bdi>Corporate catering quotes</bdi>") == 200

    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    for _ in range(5):
        browser.see("/")
    spent = (resource.getrusage(resource.RUSAGE_SELF).ru_utime - before) / 5

    assert spent < 0.2  # seconds; a quarter of it on a machine that does nothing else


def test_something_due_that_nobody_does_is_told(rig: Rig, serve_rig: Serve, catering: Doc) -> None:
    mission = rig.approved(catering)
    path = rig.toolkit.ledger.path
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "UPDATE events SET data = replace(data, ?, ?) WHERE kind = 'mission.drafted'",
            ("http://127.0.0.1/v2", "https://api.telnyx.com/v2"),
        )
    browser = serve_rig(rig, ManualClock(rig.clock.now() + timedelta(minutes=6))).browser()

    text = browser.text(f"/missions/{mission}")

    assert "Something has been due since Mon 23 Nov" in text
    assert "telnyx-toolkit tick" in text


def _copied(path: Path, mission: str, times: int) -> None:
    """So many missions more with the same facts."""
    with closing(sqlite3.connect(path)) as db, db:
        for n in range(times):
            db.execute(
                "INSERT INTO events SELECT ?, seq, kind, at, NULL, data FROM events"
                " WHERE mission_id = ?",
                (f"m_{n:012}", mission),
            )

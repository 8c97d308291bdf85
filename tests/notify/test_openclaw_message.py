"""A message is handed to openclaw whole, with no key, and a failure is told in one line."""

import fcntl
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.notices import KINDS, NoticeKind, Route
from telnyx_toolkit.notify.openclaw_message import OpenClawMessage, argv, buttons_of
from telnyx_toolkit.notify.program import Ended, OpenClaw
from telnyx_toolkit.notify.way import Delivered, Refused
from tests.notify.stage import HOSTILE, MISSION, PLAN, ROUTE, FakeOpenClaw, notice

REPEATABLY = settings(max_examples=100, deadline=None, derandomize=True)
ENV = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", "OPENCLAW_STATE_DIR": "/state"}
TELEGRAM_TAKES = 64  # bytes of a button's value, OpenClaw's mark of twelve included


def way(openclaw: FakeOpenClaw, patience_s: float = 18.0) -> OpenClawMessage:
    return OpenClawMessage(OpenClaw(str(openclaw.path), ENV), patience_s)


def refused(outcome: Delivered | Refused) -> Refused:
    assert isinstance(outcome, Refused)
    assert outcome.via == "openclaw-message"
    assert outcome.fix
    assert outcome.reason.isprintable()
    return outcome


def test_a_message_goes_to_the_route_of_its_mission(openclaw: FakeOpenClaw) -> None:
    outcome = way(openclaw).send(notice(text="Two of three answered."), ROUTE)

    assert outcome == Delivered("openclaw-message")
    assert openclaw.argv == [
        "message",
        "send",
        "--channel=telegram",
        "--target=-1001234",
        "--account=work",
        "--thread-id=7",
        "--message=Two of three answered. [m_0123456789ab-17]",
        "--json",
    ]


def test_a_route_without_account_and_thread_has_neither_option(openclaw: FakeOpenClaw) -> None:
    way(openclaw).send(notice(), Route("slack", "channel:C1"))

    assert not [a for a in openclaw.argv if a.startswith(("--account", "--thread"))]


def test_no_word_of_a_text_becomes_an_option_or_a_command(openclaw: FakeOpenClaw) -> None:
    hostile = HOSTILE.strip()
    route = Route("telegram", "--json", account="-x", thread="; reboot")

    assert isinstance(way(openclaw).send(notice(text=hostile), route), Delivered)

    assert openclaw.argv[2:7] == [
        "--channel=telegram",
        "--target=--json",
        "--account=-x",
        "--thread-id=; reboot",
        f"--message={hostile} [m_0123456789ab-17]",
    ]
    assert not (openclaw.folder / "pwned").exists()


def test_openclaw_gets_its_own_environment_and_nothing_of_telnyx(openclaw: FakeOpenClaw) -> None:
    secrets = {
        "TELNYX_API_KEY": "KEYexample",
        "TELNYX_API_KEY_FILE": "/key",
        "TELNYX_TOOLKIT_WEBHOOK_URL": "https://hooks.example/x",
        "TELNYX_TOOLKIT_HOOK_TOKEN_FILE": "/token",
    }
    given = OpenClaw(str(openclaw.path), {**ENV, **secrets})
    OpenClawMessage(given).send(notice(), ROUTE)

    [run] = openclaw.runs
    assert not [name for name in run["env"] if name.startswith("TELNYX_")]
    assert run["env"]["OPENCLAW_STATE_DIR"] == "/state"
    assert str(openclaw.folder) in run["env"]["PATH"].split(":")  # where its node may be


def test_openclaw_is_found_on_path(openclaw: FakeOpenClaw) -> None:
    found = OpenClaw("", {**ENV, "PATH": f"{openclaw.folder}:/usr/bin:/bin"})

    assert isinstance(OpenClawMessage(found).send(notice(), ROUTE), Delivered)
    assert len(openclaw.runs) == 1


def test_numbers_leave_masked(openclaw: FakeOpenClaw) -> None:
    openclaw.answers(status=1, err="Error: cannot write to +13125550123\n")

    outcome = refused(way(openclaw).send(notice(text="Called +13125550123."), ROUTE))

    assert "--message=Called +1•••••0123. [m_0123456789ab-17]" in openclaw.argv
    assert outcome.reason.endswith("cannot write to +1•••••0123")


def test_a_plan_comes_with_buttons_that_speak_for_the_person(openclaw: FakeOpenClaw) -> None:
    waiting = notice("approval_needed", "The plan waits for your yes.", plan_hash=PLAN)

    way(openclaw).send(waiting, ROUTE)

    [given_json] = [a for a in openclaw.argv if a.startswith("--presentation=")]
    [block] = json.loads(given_json.partition("=")[2])["blocks"]
    assert block["type"] == "buttons"
    said = [(b["label"], b["value"], b["action"]) for b in block["buttons"]]
    approve, decline = f"approve plan {PLAN} of {MISSION}", f"decline plan {PLAN} of {MISSION}"
    assert said == [
        ("Approve", approve, {"type": "callback", "value": approve}),
        ("Decline", decline, {"type": "callback", "value": decline}),
    ]
    assert len(approve.encode()) + 12 <= TELEGRAM_TAKES


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "approval_needed"])
def test_nothing_else_has_buttons(kind: NoticeKind) -> None:
    assert buttons_of(notice(kind, plan_hash=PLAN)) == ""


@pytest.mark.parametrize("plan_hash", ["", "0123", "not a hash", f"{PLAN}\n", '"}]'])
def test_a_plan_without_a_hash_has_no_buttons(plan_hash: str) -> None:
    assert buttons_of(notice("approval_needed", plan_hash=plan_hash)) == ""
    assert buttons_of(notice("approval_needed")) == ""


@pytest.mark.parametrize(
    "complaint",
    [
        "error: unknown option '--presentation'",
        'OpenClaw does not recognize option "--presentation".',
        "This channel takes no presentation",
        "Error: inline buttons are off for this chat",
    ],
)
def test_where_buttons_are_not_taken_the_text_goes_alone(
    openclaw: FakeOpenClaw, complaint: str
) -> None:
    openclaw.answers(status=1, err=f"{complaint}\n", when="--presentation")

    outcome = way(openclaw).send(notice("approval_needed", "A plan.", plan_hash=PLAN), ROUTE)

    assert outcome == Delivered("openclaw-message")
    first, second = (run["argv"] for run in openclaw.runs)
    assert [a for a in first if a not in second][1:] == [
        a for a in first if a.startswith("--presentation")
    ]
    assert (
        f"--message=A plan. [{MISSION}-17]\nAnswer: approve plan {PLAN} of {MISSION},"
        f" or: decline plan {PLAN} of {MISSION}"
    ) in second


def test_any_other_refusal_is_not_tried_a_second_time(openclaw: FakeOpenClaw) -> None:
    openclaw.answers(status=1, err="Gateway not reachable\n")

    refused(way(openclaw).send(notice("approval_needed", plan_hash=PLAN), ROUTE))

    assert len(openclaw.runs) == 1


@pytest.mark.parametrize(
    ("complaint", "again"),
    [
        ("Gateway not reachable at ws://127.0.0.1:18789 (ECONNREFUSED).", True),
        ("fetch failed", True),
        ("429: Too Many Requests: retry after 5", True),
        ('Unknown channel "nosuch". Run `openclaw channels list --all`.', False),
        ('Unknown account "work" for channel telegram.', False),
        ("Telegram bot token missing.", False),
        ("Telegram delivered message 1 to topic unknown | CHANNEL_PARTIAL_DELIVERY", False),
    ],
)
def test_a_refusal_says_why_and_whether_the_same_may_work_later(
    openclaw: FakeOpenClaw, complaint: str, again: bool
) -> None:
    document = {"ok": False, "error": {"type": "cli_error", "message": complaint}}
    openclaw.answers(status=1, out=json.dumps(document), err="[openclaw] Try: openclaw doctor\n")

    outcome = refused(way(openclaw).send(notice(), ROUTE))

    assert outcome.reason == f"openclaw message send ended with status 1: {complaint}"
    assert outcome.again is again
    assert ("--notify" in outcome.fix) is not again


def test_without_json_the_reason_is_the_line_that_tells_it(openclaw: FakeOpenClaw) -> None:
    said = "[openclaw] The CLI command failed.\n[openclaw] Reason: no disk\n[openclaw] Help: x\n"
    openclaw.answers(status=3, err=said)

    assert refused(way(openclaw).send(notice(), ROUTE)).reason.endswith(
        "status 3: [openclaw] Reason: no disk"
    )


@pytest.mark.parametrize("out", ["", "null", "[]", "[" * 9_000, '{"error": {}}', "\x1b[31m\x00"])
def test_whatever_it_prints_a_reason_comes_of_it(openclaw: FakeOpenClaw, out: str) -> None:
    openclaw.answers(status=1, out=out)

    assert len(refused(way(openclaw).send(notice(), ROUTE)).reason) <= 200


def test_a_flood_of_words_is_cut(openclaw: FakeOpenClaw) -> None:
    openclaw.answers(status=1, out="x" * 1_000_000, times=30)

    ended = OpenClaw(str(openclaw.path), ENV).run(["message"], 18.0)

    assert isinstance(ended, Ended)
    assert ended.out == "x" * 16_384


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    outcomes = [
        OpenClawMessage(OpenClaw("", {"PATH": str(tmp_path)})).send(notice(), ROUTE),
        OpenClawMessage(OpenClaw(str(tmp_path / "openclaw"), ENV)).send(notice(), ROUTE),
        OpenClawMessage(OpenClaw(str(tmp_path), ENV)).send(notice(), ROUTE),
    ]

    for outcome in map(refused, outcomes):
        assert "TELNYX_TOOLKIT_OPENCLAW" in outcome.fix
        assert not outcome.again
    assert "openclaw is not on PATH" in refused(outcomes[0]).reason
    assert "No such file" in refused(outcomes[1]).reason


def test_a_batch_file_is_not_given_a_text(tmp_path: Path) -> None:
    program = tmp_path / "openclaw.CMD"
    program.write_text("@echo off")

    outcome = refused(OpenClawMessage(OpenClaw(str(program), ENV)).send(notice(), ROUTE))

    assert "batch file" in outcome.reason


def test_one_that_hangs_is_ended_with_all_it_started(openclaw: FakeOpenClaw) -> None:
    openclaw.answers(hang=True)
    began = time.monotonic()

    outcome = refused(way(openclaw, patience_s=2.0).send(notice(), ROUTE))

    assert outcome.again  # it may have sent it
    assert "took more than 2 s" in outcome.reason
    assert openclaw.lock.with_suffix(".held").exists()
    with openclaw.lock.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # what it started has it for 30 s, unless it was ended
    assert time.monotonic() - began < 10


def test_both_tries_share_one_patience(openclaw: FakeOpenClaw) -> None:
    openclaw.answers(hang=True)
    openclaw.answers(status=1, err="unknown option '--presentation'", when="--presentation")
    began = time.monotonic()

    outcome = way(openclaw, patience_s=1.0).send(notice("approval_needed", plan_hash=PLAN), ROUTE)

    assert refused(outcome).again
    assert time.monotonic() - began < 4


def test_only_a_mission_with_a_route_is_told_by_message(openclaw: FakeOpenClaw) -> None:
    message = way(openclaw)

    assert all(message.takes(notice(kind), ROUTE) for kind in KINDS)
    assert not any(message.takes(notice(kind), None) for kind in KINDS)
    assert "no route" in refused(message.send(notice(), None)).reason
    assert openclaw.runs == []


@pytest.mark.parametrize("target", ["1\x002", "\ud800", "x" * 3_000_000])
def test_what_no_program_takes_is_refused_and_raises_nothing(
    openclaw: FakeOpenClaw, target: str
) -> None:
    refused(way(openclaw).send(notice(), Route("telegram", target)))


@REPEATABLY
@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_one_argument(text: str, target: str, mission_hash: str) -> None:
    waiting = notice("approval_needed", text, plan_hash=mission_hash)
    arguments = argv(Route("telegram", target), text, buttons_of(waiting))

    assert arguments[:2] == ["message", "send"]
    assert arguments[3] == f"--target={target}"
    assert arguments[4] == f"--message={text}"
    assert all(argument.startswith("--") for argument in arguments[2:])

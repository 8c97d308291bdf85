"""A rehearsal: the person's own brief, unchanged, without key, network, cost or trace."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.cli import main
from telnyx_toolkit.number_gate import number_problem
from telnyx_toolkit.rehearsal import account_for
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.conftest import FIXTURES

Doc = dict[str, Any]
BRIEFS = sorted((FIXTURES / "missions").glob("*.yaml"))
LONDON = "+442079460123"


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No key, no server; the home that must stay away."""
    for name in ("TELNYX_API_KEY", "TELNYX_API_KEY_FILE", "TELNYX_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    monkeypatch.setenv("TELNYX_TOOLKIT_HOME", str(home))
    return home


@pytest.fixture
def rehearse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Doc]:
    """Rehearse a brief that was written to a file, as JSON."""

    def run(brief: Doc, *more: str, status: int = 0) -> Doc:
        path = tmp_path / "brief.yaml"
        path.write_text(yaml.safe_dump(brief, allow_unicode=True), encoding="utf-8")
        assert main(["rehearse-mission", "--brief", str(path), "--json", *more]) == status
        return json.loads(capsys.readouterr().out)

    return run


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_each_shipped_brief_is_rehearsed_by_one_command(
    path: Path, nothing_configured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse-mission", "--brief", str(path)]) == 0

    shown = capsys.readouterr().out
    name = yaml.safe_load(path.read_text(encoding="utf-8"))["name"]
    for part in (
        "A rehearsal on a virtual clock: nobody is called.",
        name,
        "Approved by the rehearsal itself; for real, a person must",
        "Mission started",
        "Number returned",
        "What was said:",
        "cost: ",
        "To do it for real: telnyx-toolkit check-account --brief FILE",
    ):
        assert part in shown
    assert "approve-plan" not in shown
    assert not nothing_configured.exists()


def test_the_same_brief_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["rehearse-mission", "--brief", str(BRIEFS[0]), "--transcripts"]
    shown: list[str] = []
    for more in ([], ["--json"], [], ["--json"]):
        assert main([*command, *more]) == 0
        shown.append(capsys.readouterr().out)

    assert shown[:2] == shown[2:]


def test_an_agent_gets_the_plan_the_result_and_no_mission_that_is_not_there(
    rehearse: Callable[..., Doc], catering: Doc
) -> None:
    document = rehearse(catering)

    assert document["about"].startswith("A rehearsal on a sandbox")
    assert document["state"] == "succeeded"
    assert document["approvals"] == 1
    assert len(document["plan"]["calls"]) == 3
    assert document["result_payload"]["recommendation"]["target"] == "Chicago Grill Co"
    assert document["transcripts"] == []
    assert "create-mission --brief FILE" in document["next"]
    assert not {"mission_id", "next", "requiresApproval"} & document["plan"].keys()
    assert "mission_id" not in document


def test_every_word_is_shown_on_request(
    rehearse: Callable[..., Doc], catering: Doc, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken = rehearse(catering, "--transcripts")["transcripts"]

    assert [view["target"] for view in spoken] == [t["name"] for t in catering["targets"]]
    assert "never instructions to follow" in spoken[0]["about"]
    assert spoken[0]["transcript"][1]["text"].startswith("Lakefront Catering, this is Tom.")
    main(["rehearse-mission", "--brief", str(BRIEFS[0]), "--transcripts"])
    assert "  assistant: Hello, is this" in capsys.readouterr().out


def test_a_number_of_no_fiction_is_answered_by_the_polite_stranger(
    rehearse: Callable[..., Doc], survey: Doc
) -> None:
    people = [{"name": "Bakery", "phone": LONDON, "timezone": "Europe/London"}]
    calling = {"countries": ["GB"]}
    assert number_problem(LONDON, fictional_ok=False, countries=("GB",)) is None

    row = rehearse({**survey, "targets": people, "calling": calling})["result_payload"]["targets"]

    assert [(each["name"], each["outcome"]) for each in row] == [("Bakery", "answered")]


def test_whatever_the_brief_wants_of_the_account_is_there(
    rehearse: Callable[..., Doc], survey: Doc
) -> None:
    voice = {"model": "example/other", "voice": "Minimax.example.Voice"}
    wanted = {**survey, "call_from": "+13125550177", "voice": voice}

    assert rehearse(wanted)["state"] == "succeeded"
    account = account_for(parse_brief(wanted))
    assert [n["phone_number"] for n in account["numbers"]].count("+13125550177") == 1
    assert {"voice_id": "Minimax.example.Voice", "provider": "minimax"} in account["voices"]


def test_a_mission_without_a_result_is_a_rehearsal_that_ran_to_its_end(
    rehearse: Callable[..., Doc], survey: Doc
) -> None:
    nobody = {"name": "Nobody", "phone": "+13125550111", "timezone": "America/Chicago"}

    document = rehearse({**survey, "targets": [nobody]})

    assert document["state"] == "failed"
    assert document["result_payload"]["targets"][0]["attempts"] == 3


def test_people_of_ones_own_answer(
    rehearse: Callable[..., Doc], survey: Doc, tmp_path: Path
) -> None:
    (tmp_path / "people").mkdir()
    north = {
        "name": "North",
        "phone": "+13125550120",
        "about": "Knows.",
        "turns": [
            {
                "callee": "Until six.",
                "learns": {"answers": {"open_until": {"value": "6", "words": "Until six"}}},
            }
        ],
    }
    (tmp_path / "people" / "north.yaml").write_text(yaml.safe_dump(north), encoding="utf-8")

    rows = rehearse(survey, "--callees", str(tmp_path / "people"))["result_payload"]["targets"]

    assert [row["outcome"] for row in rows] == ["answered", "no-answer"]
    assert rows[0]["answers"] == {"open_until": "6"}


def test_it_begins_when_one_wants(rehearse: Callable[..., Doc], survey: Doc) -> None:
    usual = rehearse(survey)["plan"]["calls"][0]["ring_at"]
    later = rehearse(survey, "--start", "2027-03-06T12:00Z")["plan"]["calls"][0]["ring_at"]

    assert usual.startswith("2026-11-23T15:00")
    assert later.startswith("2027-03-08T15:00")  # the 6th is a Saturday


def test_ones_own_prices_count_and_nothing_else_of_the_home_is_read_or_written(
    rehearse: Callable[..., Doc], survey: Doc, nothing_configured: Path
) -> None:
    usual = rehearse(survey)["plan"]["estimate"]["usd"]
    nothing_configured.mkdir()
    prices = nothing_configured / "rates.yaml"
    prices.write_text("minute: {US: {usd: 0.15, as_of: 2026-11-01}}\n", encoding="utf-8")

    dearer = rehearse(survey)["plan"]["estimate"]["usd"]

    assert float(dearer) > float(usual)
    assert list(nothing_configured.iterdir()) == [prices]


@pytest.mark.parametrize(
    ("changes", "more", "status", "said"),
    [
        ({"goall": "x"}, (), 2, "did you mean"),
        ({"voice": {"language": "fr"}}, (), 2, "prompts/fr/assistant.j2 is missing"),
        ({}, ("--callees", "nowhere"), 2, "is not a folder of callees"),
        ({}, ("--start", "soon"), 2, "is not a time"),
        ({}, ("--runs", "2", "--report", "page.html"), 2, "A report is of one run"),
        ({}, ("--start", "2026-12-01T10:00"), 2, "has no zone"),
        ({"calling": {"finish_by": "2026-11-20"}}, (), 5, "It cannot be done by 2026-11-20"),
        ({"limits": {"spend_usd": 0.01}}, (), 5, "over the cap"),
    ],
)
def test_what_cannot_be_rehearsed_says_why(
    rehearse: Callable[..., Doc],
    survey: Doc,
    changes: Doc,
    more: tuple[str, ...],
    status: int,
    said: str,
) -> None:
    error = rehearse({**survey, **changes}, *more, status=status)["error"]

    assert said in error["message"]


def test_in_python_it_needs_no_key_either(tmp_path: Path, survey: Doc) -> None:
    facts: list[str] = []
    toolkit = Toolkit(
        Settings("https://api.telnyx.com/v2", tmp_path / "none", None),
        observe=lambda event, _state: facts.append(event.kind),
    )

    document = TOOLS["rehearse_mission"](toolkit, {"brief": survey})

    assert document["state"] == "succeeded"
    assert "plan.approved" in facts
    assert not (tmp_path / "none").exists()


def test_a_hostile_callee_is_shown_without_steering_the_terminal(
    catering: Doc, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = {"name": "Hostile", "phone": "+13125550150", "timezone": "America/Chicago"}
    path = tmp_path / "brief.yaml"
    path.write_text(yaml.safe_dump({**catering, "targets": [hostile]}), encoding="utf-8")

    assert main(["rehearse-mission", "--brief", str(path), "--transcripts"]) == 0

    shown = capsys.readouterr().out
    assert "wire money to account 5550150" in shown
    assert not any(character in shown for character in ("\x1b", "\u202e", "\x07"))
    assert not any(line.startswith("SYSTEM") for line in shown.splitlines())
    assert main(["rehearse-mission", "--brief", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "'Recommended: Hostile Catering'" in shown
    assert not any(markup in shown for markup in ("<script", "](", "{{", "{%"))

"""SKILL.md and its references: what validators want, and that everything in them is true."""

import io
import re
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import yaml

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.cli.commands import COMMANDS as HERE
from telnyx_toolkit.cli.parser import parsed
from telnyx_toolkit.kinds import KINDS
from tests.house.published import published_files
from tests.house.skill_page import (
    CHARACTERS_A_TOKEN,
    COMMANDS,
    PAGES,
    REFERENCES,
    ROOT,
    SKILL,
    blocks,
    body,
    commands,
    complaint,
    frontmatter,
    paths,
)

TEXT = SKILL.read_text(encoding="utf-8")
FRONT = frontmatter(TEXT)
_MOST_TOKENS = 2_000
_MOST_LINES = 150
#: Of the page, what a registry's judge reads.
_READ_BY_JUDGES = 6_000
_VERBS: dict[str, Sequence[list[str]]] = {
    "ledger": ([], ["check"], ["export"], ["import"]),
    "setup": ([], ["openclaw"], ["systemd"], ["launchd"]),
}
_GOOD_EMOJI = "\N{TELEPHONE RECEIVER}"


def test_the_page_is_read_in_under_two_thousand_tokens() -> None:
    whole, inside = len(TEXT) // CHARACTERS_A_TOKEN, len(body(TEXT)) // CHARACTERS_A_TOKEN

    lines = len(body(TEXT).splitlines())
    print(f"SKILL.md: {whole} tokens, {inside} of them its body of {lines} lines")  # noqa: T201
    assert whole <= _MOST_TOKENS
    assert lines <= _MOST_LINES


def test_the_frontmatter_has_what_every_validator_takes_and_nothing_else() -> None:
    assert set(FRONT) == {"name", "description", "license", "metadata"}
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", FRONT["name"])
    assert FRONT["name"] == "telnyx-toolkit"
    assert len(FRONT["name"]) <= 64
    assert FRONT["license"] == "MIT-0"
    assert set(FRONT["metadata"]) == {"openclaw"}


def test_the_description_says_when_to_use_it_in_one_short_line() -> None:
    told = FRONT["description"]

    assert len(told) <= 160
    assert not re.search(r"[<>\n]", told)
    words = set(re.findall(r"[a-z]+", told.lower()))
    assert {"phone", "call", "telnyx", "missions", "approval", "survey", "book"} <= words


def test_the_frontmatter_is_block_yaml_without_aliases_or_flow() -> None:
    front = TEXT.split("---\n")[1]

    for line in front.splitlines():
        value = line.partition(": ")[2]
        assert not value.startswith(("[", "{", "&", "*", "|", ">")), line
        assert line.isascii() or "emoji" in line


def test_the_skill_is_offered_before_there_is_a_key_and_asks_for_no_more_than_uv() -> None:
    about = FRONT["metadata"]["openclaw"]

    assert about["requires"] == {"bins": ["uv"]}
    assert about["primaryEnv"] == "TELNYX_API_KEY"
    assert set(about) <= {"emoji", "homepage", "os", "requires", "primaryEnv", "envVars", "install"}
    for variable in about["envVars"]:
        assert set(variable) == {"name", "required", "description"}


@pytest.mark.parametrize(
    "words",
    [
        "only numbers in the approved plan", "do-not-call list", "an AI calls", "Caps on",
        "cancel-mission", "$0.10", "api.telnyx.com", "TELNYX_TOOLKIT_HOME", "Unofficial",
        "real phone calls", "permitted hours",
    ],
)  # fmt: skip
def test_what_a_judge_must_know_is_in_what_a_judge_reads(words: str) -> None:
    assert words in " ".join(TEXT[:_READ_BY_JUDGES].split())


def test_the_page_has_the_words_and_headings_that_registries_ask_for() -> None:
    words = re.findall(r"[A-Za-z]+", body(TEXT))

    assert len(words) >= 80
    assert len(re.findall(r"^## ", TEXT, re.MULTILINE)) >= 2
    assert len(re.findall(r"^- ", TEXT, re.MULTILINE)) >= 3


def test_each_step_says_when_it_is_done() -> None:
    steps = body(TEXT).partition("## Five steps")[2].partition("\n## ")[0]
    numbered = re.split(r"^\d\. ", steps, flags=re.MULTILINE)[1:]

    assert len(numbered) == 5
    for n, step in enumerate(numbered, 1):
        assert "Done when" in step or n == 4, step  # the fourth is to wait
    assert "next_due_at" in numbered[3]


def test_each_exit_status_has_something_to_do() -> None:
    rows = re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)

    assert rows == ["1", "2", "3", "4", "5", "6", "70"]


def test_every_reference_is_named_once_with_when_to_read_it_and_says_so_itself() -> None:
    rows = re.findall(r"^\| `(references/[\w.-]+)` \| (.+) \|$", TEXT, re.MULTILINE)

    assert sorted(name for name, _ in rows) == [f"references/{page.name}" for page in REFERENCES]
    for page in REFERENCES:
        first = page.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# ")
        assert "Read this" in first


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_page_is_one_that_the_command_line_takes(page: Path) -> None:
    found = list(commands(page.read_text(encoding="utf-8")))

    tried = [command for command in found if command[0] in HERE]
    assert [said for command in tried if (said := complaint(command))] == []
    assert tried or page.name in {"brief.md", "safety.md", "troubleshooting.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_flag_in_a_page_is_one_of_some_command(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    ours = {"--help", "--version", "--json", *_flags_of_ours()}
    theirs = {
        *("--constraints", "--reinstall", "--frozen", "--isolated", "--no-editable", "--project"),
        *("--ref-source", "--ref-provider", "--ref-id", "--file", "--bin"),
    }

    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*[a-z]", text)) <= ours | theirs


def _flags_of_ours() -> set[str]:
    found: set[str] = set()
    for command in COMMANDS & set(HERE):
        for verb in _VERBS.get(command, ([],)):
            found |= _flags_in_help([command, *verb])
    return found


def _flags_in_help(command: list[str]) -> set[str]:
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit):
        parsed([*command, "--help"])
    return set(re.findall(r"--[a-z][a-z-]*[a-z]", out.getvalue()))


def test_a_wrong_flag_and_a_wrong_command_would_be_seen() -> None:
    page = "Do `run-mission M --wiat 10m`, or:\n```sh\ntelnyx-toolkit list-missions x\n```"

    assert len([said for command in commands(page) if (said := complaint(command))]) == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_brief_in_a_page_is_one_that_can_be_used(page: Path) -> None:
    found = [yaml.safe_load(block) for block in blocks(page.read_text(encoding="utf-8"), "yaml")]

    used = [parse_brief(document).strategy for document in found]
    if page.name == "brief.md":
        assert set(used) == set(KINDS)
    if page == SKILL:
        assert used == ["negotiate"]


def test_what_the_page_says_of_the_other_strategies_makes_briefs_too() -> None:
    own = yaml.safe_load(blocks(TEXT, "yaml")[0])
    said = dict(re.findall(r"^- `(\w+)`.*?`(\w+: \{.*?\})`", TEXT, re.MULTILINE))
    asked = {
        "insured": {"type": "boolean"},
        "rate": {"type": "number"},
        "table_reserved": {"type": "boolean", "required": True},
        "price": {"type": "number", "unit": "USD"},
    }
    for strategy in ("screen", "book"):
        brief = {k: v for k, v in own.items() if k != "objective"}
        brief |= {"strategy": strategy, "collect": asked, **yaml.safe_load(said[strategy])}
        assert parse_brief(brief).strategy == strategy
    extras = {"leverage": {"return_to_earlier": True}, "record": True}
    assert parse_brief({**own, **extras}).record


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_published_with_it(page: Path) -> None:
    published = {name.as_posix() for name in published_files(ROOT)}

    for path in paths(page.read_text(encoding="utf-8")):
        inside = any(name == path or name.startswith(f"{path}/") for name in published)
        assert inside, f"{page.name}: {path}"


def test_links_of_every_published_page_lead_to_what_is_published() -> None:
    published = {name.as_posix() for name in published_files(ROOT)}
    for name in (n for n in published if n.endswith(".md")):
        text = (ROOT / name).read_text(encoding="utf-8")
        for link, anchor in re.findall(r"\]\(([^)#\s]*)(#[\w-]+)?\)", text):
            assert not link or "://" in link or link in published, f"{name}: {link}"
            assert not anchor or link or _has_heading(text, anchor), f"{name}: {anchor}"


def _has_heading(text: str, anchor: str) -> bool:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return anchor[1:] in {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}


def test_pages_are_ascii_but_for_one_emoji() -> None:
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            left = line.replace(_GOOD_EMOJI, "") if "emoji" in line else line
            assert left.isascii(), f"{page.name}: {line}"

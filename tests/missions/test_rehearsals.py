"""Rehearsals by the hundred: drawn people, the same from the same seed, and what the runs say."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.habits import habits_of
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.mix import read_mix
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.simulator.strangers import cast_of
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]
ROOT = Path(__file__).parents[2]
BRIEFS = sorted((ROOT / "fixtures" / "missions").glob("*.yaml"))
CATERING = ROOT / "fixtures" / "missions" / "catering.yaml"
#: Everybody answers every question, at the first dial.
WILLING: Doc = {
    **dict.fromkeys(("no_answer", "busy", "voicemail", "declines", "opts_out"), 0.0),
    **dict.fromkeys(("hangs_up", "calls_back", "unknown"), 0.0),
    "says_yes": 1.0,
    "price": {"left_out": 0.0, "never": 0.0},
}


def brief_of(path: Path = CATERING, **changes: Any) -> Doc:
    """A shipped brief, changed."""
    return {**yaml.safe_load(path.read_text(encoding="utf-8")), **changes}


def rehearse(home: Path, brief: Doc, *, processes: int = 1, **arguments: Any) -> Doc:
    """The tool, without a key."""
    settings = Settings("https://api.telnyx.com/v2", home / "home", None)
    toolkit = Toolkit(settings, processes=processes)
    return TOOLS["rehearse_mission"](toolkit, {"brief": brief, **arguments})


def codes(document: Mapping[str, Any]) -> set[str]:
    """Of its warnings."""
    return {warning["code"] for warning in document["warnings"]}


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_every_kind_of_mission_is_rehearsed_many_times(path: Path, tmp_path: Path) -> None:
    document = rehearse(tmp_path, brief_of(path), runs=8)

    assert document["runs"] == document["asked"] == 8
    assert 3 <= len(document["summary"]) <= 8
    assert sum(document["figures"]["calls"]["histogram"]) == 8
    assert document["sample"]["transcript"]
    assert len(json.dumps(document)) < 6_000
    assert not (tmp_path / "home").exists()


def test_the_same_seed_gives_the_same_answer_and_another_another(tmp_path: Path) -> None:
    first = rehearse(tmp_path, brief_of(), runs=6, seed=3)

    assert first["figures"]["minutes"]["min"] < first["figures"]["minutes"]["max"]
    assert rehearse(tmp_path, brief_of(), runs=6, seed=3) == first
    assert rehearse(tmp_path, brief_of(), runs=6, seed=4)["figures"] != first["figures"]


@pytest.mark.slow
def test_however_many_processes_give_the_same_answer(tmp_path: Path) -> None:
    alone = rehearse(tmp_path, brief_of(), runs=60, seed=1)

    assert rehearse(tmp_path, brief_of(), runs=60, seed=1, processes=3) == alone


def test_one_run_of_many_is_played_alone_as_it_was(tmp_path: Path) -> None:
    many = rehearse(tmp_path, brief_of(), runs=6, seed=5, transcripts=True)["sample"]
    alone = rehearse(tmp_path, brief_of(), replay=many["run"], seed=5, transcripts=True)

    said = [turn["text"] for view in alone["transcripts"] for turn in view["transcript"]]
    assert many["left_out"] == 0
    assert [line.partition(": ")[2] for line in many["transcript"]] == said
    assert alone["result_payload"]["headline"] == many["result_summary"]


def test_a_single_rehearsal_draws_nobody(tmp_path: Path) -> None:
    plain = rehearse(tmp_path, brief_of())

    assert plain["result_payload"]["recommendation"]["text"] == "$62"
    assert plain["warnings"] == []
    pointless: list[Doc] = [{"seed": 1}, {"mix": WILLING}, {"replay": 2, "runs": 3}, {"runs": 0}]
    for arguments in pointless:
        with pytest.raises(InvalidInput):
            rehearse(tmp_path, brief_of(), **arguments)


def test_whatever_strangers_say_is_proven_by_their_words(tmp_path: Path) -> None:
    for path in BRIEFS:
        for run in (1, 2, 3):
            rows = rehearse(tmp_path, brief_of(path), replay=run)["result_payload"]["targets"]
            for row in rows:
                assert [e["why"] for e in row["evidence"] if not e["confirmed"]] == []


def test_rates_of_the_mix_are_met() -> None:
    mix = {"no_answer": 0.2, "busy": 0.1, "voicemail": 0.3, "declines": 0.4, "opts_out": 0.1}
    brief = parse_brief(brief_of())
    habits = habits_of(read_mix(mix, {}), brief, datetime(2026, 11, 23, tzinfo=UTC))
    people = {f"+1312555{n:04d}": f"Shop {n}" for n in range(2_000)}
    drawn = cast_of(habits, people, "7:1").by_phone.values()

    ends = Counter(callee.attempts[0] for callee in drawn)
    ends |= Counter(callee.summary.removeprefix(callee.name).strip() for callee in drawn)

    shares = {"no-answer": 0.2, "busy": 0.1, "voicemail": 0.3, "answer": 0.4}
    shares |= {"did not want to tell.": 0.4, "asked not to be called again.": 0.1}
    for end, share in shares.items():
        sigma = math.sqrt(2_000 * share * (1 - share))
        assert abs(ends[end] - 2_000 * share) < 4 * sigma, (end, ends)


def test_people_with_a_file_say_what_it_says_whenever_they_pick_up(tmp_path: Path) -> None:
    callees = str(ROOT / "fixtures" / "callees")
    always = {**WILLING, "price": {"moves": 0}}
    never = {**WILLING, "no_answer": 1.0}

    told = rehearse(tmp_path, brief_of(), runs=2, callees=callees, mix=always)
    missed = rehearse(tmp_path, brief_of(), runs=2, callees=callees, mix=never)

    assert told["figures"]["price"]["min"] == told["figures"]["price"]["max"] == 62
    assert missed["shares"]["succeeded"] == 0
    assert {one["outcome"] for one in missed["outcomes"]} == {"no-answer"}


@pytest.mark.parametrize(
    ("mix", "said"),
    [
        ({"no_anser": 0.5}, "no_answer"),
        ({"no_answer": 1.5}, "no_answer"),
        ({"no_answer": True}, "no_answer"),
        ({"no_answer": 0.9}, "add up to"),
        ({"price": {"lo": 3}}, "price.lo"),
        ({"price": {"low": 9, "high": 3}}, "low above its high"),
        ({"answers": {"price_person": {"low": 1, "high": 2}}}, "price_per_person"),
        ({"answers": {"available": {"low": 1, "high": 2}}}, "says_yes"),
    ],
)
def test_a_mix_that_cannot_be_used_says_where_and_why(mix: Doc, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"The mix cannot be used") as refused:
        rehearse(tmp_path, brief_of(), runs=2, mix=mix)

    assert said in str(refused.value)


def test_every_key_of_the_shipped_mix_has_a_source() -> None:
    text = (ROOT / "fixtures" / "mix.yaml").read_text(encoding="utf-8")
    shipped = yaml.safe_load(text)

    assert shipped.pop("sources").keys() == shipped.keys()
    page = (ROOT / "docs" / "howto" / "rehearse.md").read_text(encoding="utf-8")
    assert [key for key in shipped if f"`{key}`" not in page] == []


#: Whether they are free is asked, and not demanded.
ASKED_ONLY: Doc = {
    "objective": {
        "minimize": "price_per_person",
        "quantity": 50,
        "like_for_like": ["includes_dessert"],
        "fees": {"service_fee_percent": "percent"},
    }
}

WARNED: dict[str, tuple[Doc, Doc]] = {
    "window_too_narrow": (
        {"calling": {"hours": "09:00-09:30", "finish_by": "2026-11-23"}},
        {**WILLING, "no_answer": 0.5},
    ),
    "spend_cap_low": ({"limits": {"spend_usd": 1.2, "minutes_per_call": 10}}, WILLING),
    "attempts_few": ({"limits": {"attempts_per_target": 1}}, {**WILLING, "no_answer": 0.6}),
    "calls_cut_off": ({"limits": {"minutes_per_call": 1}}, WILLING),
    "question_unanswered": (ASKED_ONLY, {**WILLING, "answers": {"available": {"unknown": 1}}}),
    "must_unmet": ({}, {**WILLING, "price": {"never": 1, "left_out": 0}}),
    "no_is_no_bar": (ASKED_ONLY, {**WILLING, "answers": {"available": {"says_yes": 0}}}),
    "walk_away_out_of_reach": ({}, {**WILLING, "price": {"low": 90, "high": 99, "left_out": 0}}),
    "one_target": (
        {"targets": [{"name": "Lakefront Catering", "phone": "+13125550101"}]},
        WILLING,
    ),
    "zone_ambiguous": (
        {
            "targets": [
                {"name": "Lakefront Catering", "phone": "+18505550101"},
                {"name": "Chicago Grill Co", "phone": "+13125550102"},
            ]
        },
        WILLING,
    ),
}


@pytest.mark.parametrize("code", WARNED)
def test_each_warning_comes_with_the_brief_that_deserves_it(code: str, tmp_path: Path) -> None:
    changes, mix = WARNED[code]
    document = rehearse(tmp_path, brief_of(**changes), runs=4, mix=mix)

    assert code in codes(document)
    warned = next(one for one in document["warnings"] if one["code"] == code)
    assert warned["message"].endswith(".")
    assert warned["fix"].endswith(".")


def test_a_brief_without_fault_has_no_warning(tmp_path: Path) -> None:
    document = rehearse(tmp_path, brief_of(), runs=4, mix=WILLING)

    assert codes(document) == set()


def test_only_a_rehearsal_keeps_its_ledger_in_memory(tmp_path: Path) -> None:
    source = [
        path
        for path in (ROOT / "telnyx_toolkit").rglob("*.py")
        if "is_kept=False" in path.read_text(encoding="utf-8")
    ]
    kept = Ledger(tmp_path)
    kept.close()

    assert [path.name for path in source] == ["rehearsal.py"]
    assert (tmp_path / "ledger.db").is_file()
    database = (ROOT / "telnyx_toolkit" / "ledger" / "sqlite.py").read_text(encoding="utf-8")
    assert database.count("PRAGMA synchronous=FULL") == 1
    assert "synchronous=OFF" not in database

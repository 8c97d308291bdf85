"""Results that can be proven, and what an agent may add beside the figures."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from telnyx_toolkit.cli import main
from telnyx_toolkit.errors import PolicyDenied
from tests.conftest import FIXTURES

Doc = dict[str, Any]
LAKEFRONT, GRILL, PRAIRIE = "+13125550101", "+13125550102", "+13125550103"


def _rows(summary: Doc) -> dict[str, Doc]:
    return {row["name"]: row for row in summary["result_payload"]["targets"]}


def test_after_a_62_the_third_caterer_hears_62_and_never_65(rig: Any, catering: Doc) -> None:
    """The leverage on a call is the ledger's best confirmed, same-scope, unexpired offer."""
    summary = rig.ran(catering)

    spoken = {call["to"]: " ".join(call["agent_lines"]) for call in rig.rang()}
    assert "$62" in spoken[PRAIRIE]
    assert "$65" not in spoken[PRAIRIE]
    told = _rows(summary)["Prairie Table Events"]["told"]
    assert (told["text"], told["total"], told["spoken"]) == ("$62", "3100.00", True)
    cited = {a.step_id: a.leverage for a in rig.state(summary["mission_id"]).attempts}
    assert cited["call-3"]["attempt_id"] == rig.state(summary["mission_id"]).attempts[1].attempt_id


def test_58_without_dessert_is_never_compared_with_62_all_in(rig: Any, catering: Doc) -> None:
    summary = rig.ran(catering)

    opening = _rows(summary)["Chicago Grill Co"]["opening"]
    assert (opening["amount"], opening["comparable"]) == (58, False)
    assert opening["not_comparable_because"] == ["includes_dessert"]
    assert summary["result_payload"]["recommendation"]["amount"] == 62
    assert "opened at $58, not comparable (includes dessert: no)" in summary["result_summary"]


def _with_callee(tmp_path: Path, change: Any) -> Path:
    """The shipped callees, one of them changed."""
    folder = tmp_path / "callees"
    folder.mkdir()
    for path in (FIXTURES / "callees").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.stem == "chicago-grill":
            document = yaml.safe_load(text)
            change(document)
            text = yaml.safe_dump(document, allow_unicode=True)
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def test_an_insight_of_62_over_a_transcript_of_68_is_for_review_and_in_the_denominator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def says_68(callee: Doc) -> None:
        for turn in callee["turns"]:
            if "I can do $62" in turn.get("callee", ""):
                turn["callee"] = turn["callee"].replace("$62", "$68")
                words = turn["learns"]["answers"]
                words["price_per_person"]["words"] = "I can do $68 per person, with dessert"
                words["includes_dessert"]["words"] = "$68 per person, with dessert"

    folder = _with_callee(tmp_path, says_68)
    brief = str(FIXTURES / "missions" / "catering.yaml")

    main(["rehearse-mission", "--brief", brief, "--callees", str(folder), "--json"])

    summary = json.loads(capsys.readouterr().out)
    grill = _rows(summary)["Chicago Grill Co"]
    assert grill["outcome"] == "needs_review"
    assert grill["offer"]["status"] == "contradicted"
    assert grill["rank"] is None
    payload = summary["result_payload"]
    assert payload["counts"]["text"] == "2 quoted of 3 called, 1 to review"
    assert payload["recommendation"]["target"] == "Prairie Table Events"
    assert _rows(summary)["Prairie Table Events"]["told"]["text"] == "$65"
    assert any(step.startswith("Read conversation") for step in payload["next_steps"])


def test_the_winner_gets_a_text_that_says_the_terms_and_agrees_to_nothing_yet(
    rig: Any, catering: Doc
) -> None:
    payload = rig.ran(catering)["result_payload"]

    text = payload["confirmation"]
    assert text.startswith("Hello Chicago Grill Co,")
    assert "price per person $62 for 50, $3,100 in all (includes dessert; " in text
    assert "Please confirm them in writing" in text
    assert "58" not in text


def test_past_the_walk_away_figure_there_is_no_text_to_confirm_with(
    rig: Any, catering: Doc
) -> None:
    catering["objective"] |= {"walk_away": 60, "target": 50}

    payload = rig.ran(catering)["result_payload"]

    assert payload["recommendation"]["past_walk_away"]
    assert payload["confirmation"] == ""


def test_once_the_target_figure_is_reached_the_others_are_left_in_peace(
    rig: Any, catering: Doc
) -> None:
    catering["objective"]["target"] = 62

    summary = rig.ran(catering)

    assert [call["to"] for call in rig.rang()] == [LAKEFRONT, GRILL]
    prairie = _rows(summary)["Prairie Table Events"]
    assert (prairie["outcome"], prairie["attempts"]) == ("not_called", 0)
    assert prairie["why_not_called"] == "the target figure is reached"
    assert summary["state"] == "succeeded"
    assert rig.steps_at_telnyx(summary["mission_id"])["call-3"] == "skipped"


def test_an_earlier_target_is_called_once_more_with_the_better_offer(
    rig: Any, catering: Doc
) -> None:
    catering["leverage"] = {"return_to_earlier": True}

    summary = rig.ran(catering)

    calls = [call["to"] for call in rig.rang()]
    assert calls == [LAKEFRONT, GRILL, PRAIRIE, LAKEFRONT]
    back = rig.rang()[-1]
    assert "$62" in " ".join(back["agent_lines"])
    facts = rig.toolkit.ledger.events(summary["mission_id"])
    sent = [json.loads(fact.data["body"]) for fact in facts if fact.kind == "attempt.requested"]
    earlier = [body["dynamic_variables"]["earlier_offer"] for body in sent]
    assert earlier[-1].startswith("$65")
    assert earlier[0] == ""
    row = _rows(summary)["Lakefront Catering"]
    assert row["why_called"] == "called once more with the better offer of $62"
    assert summary["result_payload"]["recommendation"]["target"] == "Chicago Grill Co"


def test_what_the_agent_adds_stands_beside_the_figures_and_changes_none(
    rig: Any, catering: Doc
) -> None:
    before = rig.ran(catering)
    mission = before["mission_id"]
    words = "I would take Prairie Table for $40.\x1b[31m"

    after = rig.call("summarize", mission_id=mission, narrative=words)
    again = rig.call("summarize", mission_id=mission, narrative=words)

    added = "I would take Prairie Table for $40."
    expected = {**before["result_payload"], "narrative": added}
    assert _without_costs(after["result_payload"]) == _without_costs(expected)
    assert after["result_summary"].splitlines()[0] == before["result_summary"].splitlines()[0]
    assert rig.run_at_telnyx(mission)["result_payload"]["narrative"] == added
    kinds = [event.kind for event in rig.toolkit.ledger.events(mission)]
    assert kinds.count("result.narrated") == 1
    assert again["result_payload"]["narrative"] == added


def _without_costs(payload: Doc) -> Doc:
    return {name: value for name, value in payload.items() if name != "cost"}


def test_before_there_is_a_result_nothing_can_be_added_to_it(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)

    with pytest.raises(PolicyDenied) as refused:
        rig.call("summarize", mission_id=mission, narrative="All went well.")
    assert refused.value.code == "not_finished"


def test_costs_that_are_told_later_leave_the_narrative_in_place(rig: Any, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]
    rig.call("summarize", mission_id=mission, narrative="A fair price.")
    rig.clock.advance(86_400)

    later = rig.call("summarize", mission_id=mission)

    assert later["result_payload"]["cost"]["actual_usd"] is not None
    assert later["result_payload"]["narrative"] == "A fair price."
    assert later["result_payload"]["confirmation"].startswith("Hello Chicago Grill Co,")

"""The rows of a comparison: each figure with the quote it rests on, each target with a verdict."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from telnyx_toolkit.report.course import quote_in
from telnyx_toolkit.report.safe import Wording
from telnyx_toolkit.report.stage import StageView
from telnyx_toolkit.wording import label

Doc = dict[str, Any]


def rows(payload: Doc, view: StageView, found: Sequence[Doc], wording: Wording) -> list[Doc]:
    """The targets of a result, each with more than the result has of it.

    `phone`; `call`, the number of the call it tells of; `badge` (`recommended`, `booked`,
    `shortlisted` or ""); `verdict`, why it is not chosen or where it is placed; and `quote` in each
    figure and each piece of evidence, the id of the words.
    """
    badges, verdicts = dict(_badges(payload)), dict(_verdicts(payload))
    return [
        {
            **_row(row, view, found, wording),
            "badge": badges.get(row["step_id"], ""),
            "verdict": verdicts.get(row["step_id"], ""),
        }
        for row in payload["targets"]
    ]


def _badges(payload: Doc) -> Iterator[tuple[str, str]]:
    for row in (payload["ranking"] or {"ranked": ()})["ranked"]:
        if row["on_shortlist"]:
            yield row["step_id"], "shortlisted"
    if payload["recommendation"] and not payload["recommendation"]["past_walk_away"]:
        yield payload["recommendation"]["step_id"], "recommended"
    if payload["booking"] and payload["booking"]["booked"]:
        yield payload["booking"]["booked"]["step_id"], "booked"


def _verdicts(payload: Doc) -> Iterator[tuple[str, str]]:
    for row in payload["targets"]:
        if row["lost_because"] and payload["recommendation"]:
            yield row["step_id"], f"Not chosen: {row['lost_because']}"
    ranking: Mapping[str, Any] = payload["ranking"] or {"ranked": (), "excluded": ()}
    for row in ranking["ranked"]:
        at_best = "" if row["score"] == row["score_at_best"] else f" to {row['score_at_best']}"
        yield row["step_id"], f"Place {row['place']}: {row['score']}{at_best}"
    for row in ranking["excluded"]:
        yield row["step_id"], row["text"]
    for answer in (payload["booking"] or {"unsure": ()})["unsure"]:
        yield answer["step_id"], f"To be reviewed: {answer['why']}"


def _row(row: Doc, view: StageView, found: Sequence[Doc], wording: Wording) -> Doc:
    """One target of the comparison; each figure names the quote it rests on."""
    call = _call_of(found, row["step_id"], row["conversation_id"])
    objective = view.brief.objective
    phones = {target.step_id: target.phone for target in view.state.targets}
    return {
        **row,
        "phone": wording.text(phones.get(row["step_id"], "")),
        "call": call["number"] if call else None,
        "opening": _figure(row["opening"], call, objective and objective.field, "opening"),
        "offer": _figure(row["offer"], call, objective and objective.field, "answers"),
        "evidence": [
            {**fact, "label": label(fact["field"]), "quote": _quote(call, fact["field"])}
            for fact in row["evidence"]
        ],
    }


def _figure(figure: Doc | None, call: Doc | None, field: str | None, stage: str) -> Doc | None:
    if figure is None:
        return None
    return {**figure, "quote": _quote(call, field or "", stage)}


def _quote(call: Doc | None, field: str, stage: str = "answers") -> str:
    return quote_in(call, field, stage) if call else ""


def _call_of(found: Sequence[Doc], step_id: str, conversation_id: str) -> Doc | None:
    """The call that a row tells of: the one of that conversation, which was read."""
    tries = [call for call in found if call["step_id"] == step_id and call["turns"]]
    same = [call for call in tries if call["conversation_id"] == conversation_id]
    return (same or [None])[-1]

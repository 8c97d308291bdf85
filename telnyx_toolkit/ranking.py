"""The ranking of a screening as data and in words: the shortlist, and why each is where it is."""

from collections.abc import Iterator
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.figures import as_number
from telnyx_toolkit.rubric import Judgement, Scored, in_points, judgements, ranked
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import label

#: So many answers that cost points are named, the dearest first.
_NAMED = 2


def ranking(brief: Brief, state: MissionState) -> dict[str, Any] | None:
    """The `ranking` of a result: who is on the shortlist, who is not, and why; None unasked for.

    Only what the transcript bears out counts. What is not known is worth nothing to the order,
    and the score says what it would be at best. Who fails a must-have is out; who may fail one
    comes behind everybody who does not, and is on the shortlist only where there is room.

    Returns `headline`, `shortlist` (names), `ranked` and `excluded` (each with `target`,
    `step_id`, `outcome`, `score`, `score_at_best`, `musts`, `parts`, `conversation_id`, `text`;
    ranked ones with `place`, `on_shortlist` and `to_be_checked` too), and `lines` for people.
    """
    if brief.rubric is None:
        return None
    everybody = judgements(brief, brief.rubric, state)
    order = ranked(everybody)
    best = order[: brief.rubric.shortlist]
    rows = [_place(n, each, n <= len(best)) for n, each in enumerate(order, 1)]
    out = [{**_row(each), "text": _why_out(each)} for each in everybody if not each.is_ranked]
    return {
        "headline": _headline(best),
        "shortlist": [each.target.name for each in best],
        "ranked": rows,
        "excluded": out,
        "lines": [row["text"] for row in (*rows, *out)],
    }


def _place(place: int, judged: Judgement, on_shortlist: bool) -> dict[str, Any]:
    off = "" if on_shortlist else ", not on the shortlist"
    why = "; ".join([f"{judged.target.name}: {_score(judged)}{off}", *_reasons(judged)])
    return {
        "place": place,
        **_row(judged),
        "on_shortlist": on_shortlist,
        "to_be_checked": [must.field for must in judged.open],
        "text": f"{place}. {why}",
    }


def _row(judged: Judgement) -> dict[str, Any]:
    score, at_best = judged.score, judged.at_best
    return {
        "target": judged.target.name,
        "step_id": judged.target.step_id,
        "outcome": judged.outcome,
        "score": None if score is None else as_number(score),
        "score_at_best": None if at_best is None else as_number(at_best),
        "musts": [must.document for must in judged.musts],
        "parts": [part.document for part in judged.parts],
        "conversation_id": judged.conversation_id,
    }


def _headline(best: list[Judgement]) -> str:
    if not best:
        return "Nobody is on the shortlist."
    named = (
        f"{each.target.name} ({_score(each)}{', to be checked' if each.open else ''})"
        for each in best
    )
    return f"Shortlist: {', '.join(named)}."


def _score(judged: Judgement) -> str:
    """`71.5`, or `40.0 to 60.0` where something is not known."""
    if judged.score == judged.at_best:
        return f"{judged.score}"
    return f"{judged.score} to {judged.at_best}"


def _reasons(judged: Judgement) -> Iterator[str]:
    """What is to be checked, what costs most, and what is not known."""
    if judged.open:
        yield f"to be checked: {', '.join(must.text for must in judged.open)}"
    costly = sorted((p for p in judged.parts if p.lost > 0), key=lambda part: -part.lost)
    for part in costly[:_NAMED]:
        yield f'{label(part.field)} {part.found} costs {part.lost} points ("{part.words}")'
    for part in judged.parts:
        if part.status != "confirmed":
            yield _open(part)


def _open(part: Scored) -> str:
    worth = f"worth up to {in_points(part.high)} points"
    if part.status == "unknown":
        return f"{label(part.field)} not known, {worth}"
    return f"{label(part.field)} {part.found} not borne out by the transcript, {worth}"


def _why_out(judged: Judgement) -> str:
    name = judged.target.name
    if not judged.failed:
        return f"Not ranked: {name}, {judged.outcome.replace('_', ' ')}"
    return f"Not on the list: {name}, {'; '.join(must.text for must in judged.failed)}"

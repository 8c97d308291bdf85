"""The report as Markdown: to paste into a mail, a ticket or notes."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from telnyx_toolkit.untrusted import one_line

Doc = dict[str, Any]
MARK = "<!-- telnyx-toolkit report -->"
#: What Markdown, or HTML within it, could take for markup: within a line, and at its beginning.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$@:=^])")
_LONGEST = 1_000
_TURN = 1_500


def report_markdown(document: Doc) -> str:
    """The whole report but for the charts; what strangers said is without markup, on one line."""
    parts = (_head, _comparison, _calls, _end)
    return "\n".join(line for part in parts for line in part(document)) + "\n"


def plain(text: Any, limit: int = _LONGEST) -> str:
    """A text as Markdown shows it, whatever is in it."""
    return _MARKUP.sub(r"\\\1", one_line(str(text), limit))


def _head(document: Doc) -> Iterator[str]:
    yield MARK
    yield f"# {plain(document['name'])}"
    yield ""
    if document["notice"]:
        yield f"**{plain(document['notice'])}**"
        yield ""
    yield f"**{plain(document['headline'])}**"
    yield ""
    if chosen := document["recommendation"]:
        yield f"- Why: {plain(chosen['because'])} ({plain(chosen['total_made_of'])})"
        if chosen["saving"]:
            yield f"- Saved against the baseline: {plain(chosen['arithmetic'])}"
        yield from (
            f"- Not {plain(other['target'])}: {plain(other['why'])}" for other in chosen["why_not"]
        )
    yield from (f"- {plain(line)}" for line in document["lines"])
    yield from _steps(document)


def _steps(document: Doc) -> Iterator[str]:
    yield ""
    yield f"Goal: {plain(document['goal'])}"
    if document["next_steps"]:
        yield from ("", "## What to do now", "")
        for number, step in enumerate(document["next_steps"], 1):
            yield f"{number}. {plain(step)}"


def _comparison(document: Doc) -> Iterator[str]:
    yield from ("", "## Comparison", "")
    yield from _table(
        ("Who", "Outcome", "Opened at", "Offers", "In all", "Notes"),
        (
            (
                row["name"],
                row["outcome"].replace("_", " "),
                row["opening"]["text"] if row["opening"] else "",
                _offer(row["offer"]),
                row["offer"]["total_text"] if row["offer"] and row["offer"]["comparable"] else "",
                "; ".join([*([row["lost_because"]] if row["lost_because"] else []), *row["notes"]]),
            )
            for row in document["rows"]
        ),
    )


def _offer(offer: Doc | None) -> str:
    if offer is None:
        return ""
    return offer["text"] + ("" if offer["confirmed"] else " (not confirmed)")


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    titles = list(head)
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) or ' ' for cell in row)} |"


def _calls(document: Doc) -> Iterator[str]:
    if document["calls"]:
        yield from ("", "## What was said", "", f"{plain(document['about'])}")
    for call in document["calls"]:
        yield ""
        yield f"### {plain(call['target'])}, {plain(call['local'])}: {plain(call['outcome'])}"
        yield ""
        for quote in call["quotes"]:
            mark = "" if quote["status"] == "confirmed" else f" (not confirmed: {quote['why']})"
            when = "at first, " if quote["stage"] == "opening" else ""
            yield (
                f"- {when}{plain(quote['label'])} {plain(quote['text'])}{plain(mark)}:"
                f" “{plain(quote['words'])}”"
            )
        yield ""
        for turn in call["turns"]:
            more = len(turn["text"]) - _TURN
            cut = f" … {more} characters more" if more > 0 else ""
            yield f"> **{plain(turn['who'])}:** {plain(turn['text'][:_TURN], _TURN)}{cut}"
            yield ">"


def _end(document: Doc) -> Iterator[str]:
    yield from ("", "## Cost", "", plain(document["cost"]["text"]), "", "## Approvals", "")
    for yes in document["approvals"]:
        yield (
            f"- {plain(yes['approved_by'])}, {plain(yes['at'])}, plan {plain(yes['plan_hash'])}:"
            f" “{plain(yes['words'])}”"
        )
    if not document["approvals"]:
        yield "Nobody has approved a plan."
    if document["narrative"]:
        yield from (
            "",
            "## In the agent's own words",
            "",
            f"> {plain(document['narrative'], 4_000)}",
        )
    yield from ("", "## Audit trail", "")
    for fact in document["audit"]:
        yield f"{fact['seq']}. {plain(fact['at'])} {plain(fact['line'])}"

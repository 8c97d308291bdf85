"""The report as a page: one HTML file without scripts, that asks nobody for anything."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from telnyx_toolkit.report.charts import days_charts, offers_chart
from telnyx_toolkit.report.marks import marked_turns
from telnyx_toolkit.templates import templates_in

Doc = dict[str, Any]
_NOTHING = Markup("")
_PAGES = Path(__file__).resolve().parent / "pages"


@dataclass(frozen=True)
class Frame:
    """What another page puts around a report; all of it is markup of that page's own making.

    Attributes:
        head: More for the head, such as a refresh.
        top: Before the report, such as the way back to a list.
        bottom: Behind it.
        css: Styles behind the report's own.
    """

    head: Markup = _NOTHING
    top: Markup = _NOTHING
    bottom: Markup = _NOTHING
    css: str = ""


def report_page(document: Doc, *, nonce: str = "", frame: Frame | None = None) -> str:
    """The whole page.

    Args:
        document: As `report_document` makes it.
        nonce: Of the server's Content-Security-Policy; where there is none, the page states a
            policy of its own that allows its styles and nothing else.
        frame: What stands around the report.
    """
    around = frame or Frame()
    css = f"\n{report_css()}{around.css}"
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _render(
        "page.html",
        document,
        frame=around,
        css=Markup(css),  # noqa: S704 - a file of ours
        nonce=nonce,
        policy=policy,
    )


def report_body(document: Doc) -> Markup:
    """The report alone, to stand in the main part of another page."""
    return Markup(_render("body.html", document))  # noqa: S704 - rendered with autoescape


@cache
def report_css() -> str:
    """The styles of the body; there are none in it."""
    return (_PAGES / "report.css").read_text(encoding="utf-8")


def _render(name: str, document: Doc, **context: Any) -> str:
    cited = set(_cited(document))
    return (
        _templates()
        .get_template(name)
        .render(
            report=document,
            calls=[{**call, "turns": marked_turns(call)} for call in document["calls"]],
            offers_chart=document["offers"] and offers_chart(document["offers"]),
            days_charts=days_charts(document["days"]),
            cited=cited,
            opened={row["call"] for row in document["rows"] if row["badge"]},
            **context,
        )
    )


def _cited(document: Doc) -> Iterator[str]:
    """The quotes that a row of a comparison shows: the way back leads there."""
    tables: Iterable[list[Doc]] = (
        document["rows"],
        *(stage["rows"] for stage in document["stages"]),
    )
    for rows in tables:
        for row in rows:
            yield from (fact["quote"] for fact in row["evidence"] if fact["quote"])
            if row["opening"] and row["opening"]["quote"]:
                yield row["opening"]["quote"]


def _when(text: str | None) -> str:
    """`23 Nov 2026 15:09 UTC` of an instant in ISO 8601."""
    return datetime.fromisoformat(text).strftime("%d %b %Y %H:%M UTC") if text else ""


@cache
def _templates() -> Environment:
    templates = templates_in(_PAGES, escapes=True)
    templates.filters["when"] = _when
    return templates

"""The pages as HTML: templates, their styles, and the policy that lets nothing else in."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from telnyx_toolkit.report import report_css
from telnyx_toolkit.templates import templates_in

_PAGES = Path(__file__).resolve().parent / "pages"
#: What the one script is served as.
SCRIPT = "/live.js"


def page(name: str, **context: Any) -> str:
    """A template of `pages/`, filled in; whatever is filled in is escaped."""
    styles = Markup(css())  # noqa: S704 - files of ours
    return (
        _templates().get_template(f"{name}.html").render(css=styles, script_path=SCRIPT, **context)
    )


@cache
def script() -> str:
    """The one script: it looks again every two seconds, and changes what has changed."""
    return (_PAGES / "live.js").read_text(encoding="utf-8")


@cache
def css() -> str:
    """The styles of every page: the report's, and our own."""
    return f"\n{report_css()}{(_PAGES / 'dashboard.css').read_text(encoding='utf-8')}"


@cache
def policy() -> str:
    """The Content-Security-Policy: our styles, our script, our forms, and nothing of others."""
    digest = base64.b64encode(hashlib.sha256(css().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; connect-src 'self';"
        " img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


@cache
def _templates() -> Environment:
    return templates_in(_PAGES, escapes=True)

"""What a strategy may do for the person, for the plan that they say yes or no to."""

from collections.abc import Iterator
from typing import Any

from telnyx_toolkit.kinds import KINDS
from telnyx_toolkit.model import Json
from telnyx_toolkit.untrusted import one_line

_LONGEST = 300


def strategy_words(brief: Json) -> Iterator[str]:
    """One line on what is committed to, or on what the answers are worth.

    Args:
        brief: The brief as JSON, as the ledger has it.
    """
    if KINDS[brief["strategy"]].commits:
        yield _booking(brief["book"])
    if rubric := brief.get("rubric"):
        yield _rubric(rubric)


def _booking(book: Json) -> str:
    only = f", only with {_musts(book['must'])}" if book["must"] else ""
    several = book["at_once"] > 1
    twice = f"; {book['at_once']} calls at once, so two could confirm" if several else ""
    unsure = "calls go on" if book["go_on_when_unsure"] else "calls stop, and you find out"
    return one_line(
        f"It may book for you{only}: the first confirmation wins{twice}."
        f" If a yes cannot be shown, {unsure}.",
        _LONGEST,
    )


def _rubric(rubric: Json) -> str:
    counts = ", ".join(f"{_plain(n)} x{m['weight']}" for n, m in rubric["score"].items())
    must = f"; must have {_musts(rubric['must'])}" if rubric["must"] else ""
    most = rubric["shortlist"]
    return one_line(f"Ranked by {counts}{must}; the best {most} are shortlisted.", _LONGEST)


def _musts(musts: Json) -> str:
    return ", ".join(f"{_plain(name)} {_wanted(bound)}".strip() for name, bound in musts.items())


def _wanted(bound: Json) -> str:
    equals: Any = bound["equals"]
    if isinstance(equals, bool):
        return "" if equals else "no"
    if equals is not None:
        return str(equals)
    limits = (("at least", bound["at_least"]), ("at most", bound["at_most"]))
    return " and ".join(f"{how} {limit}" for how, limit in limits if limit is not None)


def _plain(field: str) -> str:
    return field.replace("_", " ")  # wording, which has a function for it, is slow to import

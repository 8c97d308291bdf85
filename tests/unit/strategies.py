"""Briefs that screen and that book, and what is said in their calls."""

from typing import Any

from tests.unit.build import Doc, Said, Talk, document, talk


def screening(**changes: Any) -> Doc:
    """Plumbers by price, speciality and weekends; they must be insured."""
    collect: Doc = {
        "insured": {"type": "boolean", "required": True},
        "hourly_rate": {"type": "number", "unit": "USD", "required": True},
        "weekend_service": {"type": "boolean"},
        "speciality": {"type": "string"},
    }
    rubric: Doc = {
        "must": ["insured"],
        "score": {
            "hourly_rate": {"weight": 5, "best": 60, "worst": 160},
            "weekend_service": {"weight": 3},
            "speciality": {"weight": 2, "points": {"old houses": 1, "offices": 0.5}},
        },
        "shortlist": 2,
    }
    given = {"strategy": "screen", "objective": None, "collect": collect, "rubric": rubric}
    return document(**{**given, **changes})


def booking_brief(**changes: Any) -> Doc:
    """A room at one of three hotels."""
    collect: Doc = {
        "reserved": {"type": "boolean", "required": True},
        "price": {"type": "number", "unit": "USD"},
        "parking": {"type": "boolean"},
    }
    book: Doc = {"confirmed_by": "reserved"}
    given = {"strategy": "book", "objective": None, "collect": collect, "book": book}
    return document(**{**given, **changes})


def answered(heard: str = "", /, **answers: Any) -> Talk:
    """A call with these answers; a value `(value, words)` cites words of its own choice.

    Every word that is cited by default is said; others only if `heard` has them.
    """
    cited: dict[str, Said] = {}
    spoken: list[str] = [heard] if heard else []
    for name, value in answers.items():
        if isinstance(value, tuple):
            cited[name] = value
            continue
        words = f"for {name.replace('_', ' ')}, {_spoken(value)}"
        cited[name] = (value, words)
        spoken.append(words)
    return talk(*spoken, answers=cited)


def _spoken(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"it is {value}"

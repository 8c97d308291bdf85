"""What leaves in a report: every text cleaned, and telephone numbers masked if so wanted."""

from collections.abc import Mapping
from typing import Any, cast

from telnyx_toolkit.untrusted import clean, masked

#: No text that a mission keeps is longer than a turn of a transcript.
LONGEST = 4_000


class Wording:
    """How texts leave.

    Args:
        numbers: Whether telephone numbers are shown whole.
    """

    def __init__(self, *, numbers: bool) -> None:
        self._numbers = numbers

    def text(self, text: str, limit: int = LONGEST) -> str:
        """One text, cleaned."""
        plain = clean(text, limit)
        return plain if self._numbers else masked(plain)

    def all(self, value: Any) -> Any:
        """A JSON value with every text in it cleaned."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            pairs = cast("Mapping[Any, Any]", value).items()
            return {clean(str(key)): self.all(inner) for key, inner in pairs}
        if isinstance(value, list | tuple):
            return [self.all(inner) for inner in cast("list[Any]", value)]
        return value

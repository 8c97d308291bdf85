"""Regular expressions that are compiled when they are first used: most commands read no speech."""

import re
from functools import cached_property


class Pattern:
    """What `re.compile` gives, later: each method, once it was asked for, is that of `re` itself.

    Args:
        text: The expression.
        flags: Those of `re`.
    """

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text, self._flags = text, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern as `re` has it."""
        return re.compile(self._text, self._flags)

    @cached_property
    def search(self):
        """As `re.Pattern.search`."""
        return self.compiled.search

    @cached_property
    def match(self):
        """As `re.Pattern.match`."""
        return self.compiled.match

    @cached_property
    def fullmatch(self):
        """As `re.Pattern.fullmatch`."""
        return self.compiled.fullmatch

    @cached_property
    def sub(self):
        """As `re.Pattern.sub`."""
        return self.compiled.sub

    @cached_property
    def split(self):
        """As `re.Pattern.split`."""
        return self.compiled.split

    @cached_property
    def findall(self):
        """As `re.Pattern.findall`."""
        return self.compiled.findall

    @cached_property
    def finditer(self):
        """As `re.Pattern.finditer`."""
        return self.compiled.finditer

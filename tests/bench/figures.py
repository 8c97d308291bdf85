"""One measured figure, and the budget it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured.

    Attributes:
        name: What it is of, such as `cold start: --help`.
        value: How much it is.
        unit: Of what, such as `x bare Python`, `s`, `MB`, `requests`.
        budget: The most it may be; None where it is only told.
        note: What dominates it, or how it was measured; short.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    note: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether it is within its budget."""
        return self.budget is None or self.value <= self.budget

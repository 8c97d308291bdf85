"""Scales of charts: round marks that do not touch, with every figure where it belongs."""

import itertools
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from telnyx_toolkit.report.axis import scale_for
from telnyx_toolkit.report.charts import offers_chart
from telnyx_toolkit.wording import money

figures = st.decimals(min_value="0.01", max_value="999999999999", places=2)


def text(value: Decimal) -> str:
    return money(value, "USD")


@given(st.lists(figures, min_size=1, max_size=40))
def test_every_figure_is_on_the_scale_in_its_order(values: list[Decimal]) -> None:
    scale = scale_for(values, text)
    places = [scale.x(value) for value in sorted(values)]

    assert all(place is not None for place in places)
    found = [float(place or "nan") for place in places]
    assert found == sorted(found)
    assert found[0] >= 5
    assert found[-1] <= 95


@given(st.lists(figures, min_size=1, max_size=40))
def test_the_marks_of_a_scale_are_round_and_do_not_touch(values: list[Decimal]) -> None:
    ticks = scale_for(values, text).ticks(text)
    places = [float(tick.x) for tick in ticks]
    widest = max(len(tick.text) for tick in ticks) * 7

    assert 2 <= len(ticks) <= 6
    if len(ticks) > 3:
        gaps = [3 * (b - a) for a, b in itertools.pairwise(places)]
        assert min(gaps) >= widest - 1
    steps = {b - a for a, b in zip(values_of(values), values_of(values)[1:], strict=False)}
    assert len(steps) == 1
    digits = next(iter(steps)).normalize().as_tuple().digits
    assert digits in {(1,), (2,), (5,), (2, 5)}


def values_of(values: list[Decimal]) -> list[Decimal]:
    return list(scale_for(values, text).values())


def test_a_figure_that_is_not_proven_does_not_stretch_the_chart() -> None:
    def one(amount: int, *, confirmed: bool) -> dict[str, object]:
        point = {"amount": amount, "text": f"${amount}", "comparable": True, "confirmed": confirmed}
        return {"target": "A", "opening": None, "final": point, "told": None}

    course = {
        "currency": "USD",
        "language": "en-US",
        "lines": [],
        "series": [one(60, confirmed=True), one(70, confirmed=True), one(10**9, confirmed=False)],
    }
    chart = offers_chart(course)

    assert chart
    assert [bool(row["final"]) for row in chart["rows"]] == [True, True, False]
    assert [tick["text"] for tick in chart["ticks"]] == ["$60", "$62", "$64", "$66", "$68", "$70"]

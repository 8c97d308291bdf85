"""What was asked once of the very same things is not asked again; of others it is."""

from telnyx_toolkit.memo import remembered


def test_the_same_things_are_asked_about_once():
    asked: list[list[int]] = []

    @remembered
    def total(numbers: list[int], more: int = 0) -> int:
        asked.append(numbers)
        return sum(numbers) + more

    first, equal = [1, 2], [1, 2]

    assert (total(first), total(first), total(equal)) == (3, 3, 3)
    assert len(asked) == 2
    assert (total(first, 5), total(first, more=5), total(first)) == (8, 8, 3)
    assert len(asked) == 3


def test_a_thing_that_is_gone_is_not_taken_for_a_new_one():
    @remembered
    def shown(numbers: list[int]) -> str:
        return str(numbers)

    assert [shown([n]) for n in range(20_000)] == [f"[{n}]" for n in range(20_000)]

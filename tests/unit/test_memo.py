"""What was asked once of the very same things is not asked again; of others it is."""

from weakref import ref

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


class Number:
    """What can be referred to weakly, as an attempt can."""

    def __init__(self, value: int) -> None:
        self.value = value


def test_what_can_be_told_apart_once_gone_is_not_kept_and_not_mistaken_either():
    @remembered
    def shown(number: Number) -> str:
        return str(number.value)

    kept = Number(-1)
    assert [shown(Number(n)) for n in range(2_000)] == [str(n) for n in range(2_000)]
    assert (shown(kept), shown(kept)) == ("-1", "-1")


def test_an_answer_goes_with_what_it_was_about():
    @remembered
    def doubled(number: Number) -> Number:
        return Number(2 * number.value)

    number = Number(1)
    answer = ref(doubled(number))
    assert answer() is not None
    del number
    assert answer() is None

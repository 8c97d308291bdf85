"""Rows that never change find what they hold, whatever grew out of them."""

from dataclasses import dataclass, replace
from operator import attrgetter

from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.rows import Rows


@dataclass(frozen=True)
class Thing:
    name: str
    kin: str
    value: int = 0


EMPTY: Rows[Thing] = Rows(attrgetter("name"), kin=attrgetter("kin"))
#: Which of the versions so far is changed, and what is put into it.
changes = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 150)), max_size=300)


def put(things: tuple[Thing, ...], thing: Thing) -> tuple[Thing, ...]:
    """The same by a list that is written anew."""
    if any(one.name == thing.name for one in things):
        return tuple(thing if one.name == thing.name else one for one in things)
    return (*things, thing)


@settings(max_examples=60, deadline=None)
@given(changes=changes)
def test_every_version_stays_what_it_was_whatever_grows_from_it(changes: list[tuple[int, int]]):
    versions: list[tuple[Rows[Thing], tuple[Thing, ...]]] = [(EMPTY, ())]
    for step, (which, number) in enumerate(changes):
        rows, plain = versions[max(0, len(versions) - 1 - which % 3)]
        thing = Thing(f"n{number}", f"k{number % 7}", step)
        versions.append((rows.with_row(thing), put(plain, thing)))

    for rows, plain in versions:
        assert rows == plain
        assert len(rows) == len(plain)
        for number in range(0, 150, 11):
            found = [one for one in plain if one.name == f"n{number}"]
            assert rows.find(f"n{number}") == (found[0] if found else None)
        for kin in range(7):
            assert rows.kin_of(f"k{kin}") == tuple(one for one in plain if one.kin == f"k{kin}")


@settings(max_examples=60, deadline=None)
@given(first=st.integers(0, 200), more=st.lists(st.integers(0, 250), max_size=40))
def test_what_changed_is_told_and_nothing_else(first: int, more: list[int]):
    before = EMPTY.of(Thing(f"n{n}", "k") for n in range(first))
    after = before
    for number in more:
        after = after.with_row(Thing(f"n{number}", "k", 1))

    assert {one.name for one in after.changed(before)} == {f"n{n}" for n in more}
    assert {one.name for one in before.changed(after)} == {f"n{n}" for n in more}


def test_rows_are_read_like_a_tuple():
    things = [Thing(f"n{n}", "k") for n in range(130)]
    rows = EMPTY.of(things)

    assert (rows[0], rows[-1], rows[64:66]) == (things[0], things[-1], tuple(things[64:66]))
    assert [*rows] == things
    assert rows.with_row(replace(things[5], value=1)) != rows

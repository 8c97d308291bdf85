"""Rows in order, found by name: a change makes new ones, and shares what it leaves as it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Generic, TypeVar, cast, overload

T = TypeVar("T")
#: So many rows are copied where one of them changes.
_SIZE = 64


class _Index(Generic[T]):
    """Where rows are, for all versions that grew from one another: a row's place never changes.

    Attributes:
        count: So many rows are in it. A version that has fewer looks no further than its own.
    """

    def __init__(
        self, rows: Iterable[T], name: Callable[[T], str], kin: Callable[[T], str]
    ) -> None:
        self._name, self._kin = name, kin
        self.count = 0
        self.places: dict[str, int] = {}
        self.kin: dict[str, list[int]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: T) -> None:
        self.places[self._name(row)] = self.count
        self.kin.setdefault(self._kin(row), []).append(self.count)
        self.count += 1


class Rows(Sequence[T]):
    """A sequence that never changes. Adding or replacing a row costs nearly the same for any size.

    Args:
        name: Tells a row's name, which is its own and stays.
        rows: What is in it.
        kin: Tells what else it is found by, which several rows may share, and which stays.
    """

    def __init__(
        self,
        name: Callable[[T], str],
        rows: Iterable[T] = (),
        kin: Callable[[T], str] | None = None,
    ) -> None:
        given = tuple(rows)
        self._name, self._kin = name, kin or name
        self._parts = tuple(given[n : n + _SIZE] for n in range(0, len(given), _SIZE))
        self._count = len(given)
        self._index: _Index[T] | None = None

    def of(self, rows: Iterable[T]) -> "Rows[T]":
        """Rows of the same sort."""
        return Rows(self._name, rows, self._kin)

    def find(self, name: str) -> T | None:
        """The row of that name, if there is one."""
        place = self._places().places.get(name, self._count)
        return self._at(place) if place < self._count else None

    def kin_of(self, key: str) -> tuple[T, ...]:
        """The rows that share that key, in order."""
        places = self._places().kin.get(key, ())
        return tuple(self._at(place) for place in places if place < self._count)

    def with_row(self, row: T) -> "Rows[T]":
        """The same with this row in the place of the one of its name, or behind all others."""
        index = self._places()
        place = index.places.get(self._name(row), self._count)
        if place < self._count:
            part, within = divmod(place, _SIZE)
            old = self._parts[part]
            new = (*old[:within], row, *old[within + 1 :])
            return self._like((*self._parts[:part], new, *self._parts[part + 1 :]), index)
        full = self._count % _SIZE == 0
        last = () if full else self._parts[-1]
        parts = (*(self._parts if full else self._parts[:-1]), (*last, row))
        if index.count != self._count:  # another version has grown from this one
            return self._like(parts, None, self._count + 1)
        index.add(row)
        return self._like(parts, index, self._count + 1)

    def changed(self, since: "Rows[T]") -> Iterator[T]:
        """The rows that are not the very same in both versions: ours, or theirs where we have none.

        What they share is passed over unread.
        """
        for ours, theirs in zip_longest(self._parts, since._parts, fillvalue=()):
            if ours is not theirs:
                pairs = zip_longest(ours, theirs)
                yield from (a if a is not None else b for a, b in pairs if a is not b)

    def _like(
        self, parts: tuple[tuple[T, ...], ...], index: _Index[T] | None, count: int = 0
    ) -> "Rows[T]":
        made = object.__new__(type(self))
        made._name, made._kin = self._name, self._kin
        made._parts, made._index = parts, index
        made._count = count or self._count
        return made

    def _places(self) -> _Index[T]:
        if self._index is None:
            self._index = _Index(self, self._name, self._kin)
        return self._index

    def _at(self, place: int) -> T:
        part, within = divmod(place, _SIZE)
        return self._parts[part][within]

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        """The row at that place, or a tuple of some."""
        if isinstance(place, slice):
            return tuple(self)[place]
        if not -self._count <= place < self._count:
            raise IndexError(place)
        return self._at(place % self._count)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows | tuple):
            return NotImplemented
        return list(self) == list(cast("Iterable[object]", other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

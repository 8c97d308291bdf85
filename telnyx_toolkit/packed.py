"""JSON that is kept for long and seldom looked at: held as compressed text, read when asked for."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast, overload

from telnyx_toolkit.json_pieces import pieces
from telnyx_toolkit.memo import remembered

#: What was looked at last is at hand.
_AT_HAND = 64
_FAST = 1


def pack(value: Any) -> bytes:
    """JSON as compressed text."""
    packer = zlib.compressobj(_FAST)
    parts = [packer.compress(piece) for piece in pieces(value)]
    return b"".join([*parts, packer.flush()])


def _unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


_read = remembered(_unpack, _AT_HAND)


def with_packed(document: Mapping[str, Any], lists: Iterable[str]) -> dict[str, Any]:
    """The document with these lists of objects packed."""
    return {**document, **{name: PackedRows.of(document[name]) for name in lists}}


class PackedRows(Sequence[Mapping[str, Any]]):
    """A list of JSON objects, such as what was said in a call. It never changes.

    Attributes:
        packed: The compressed text.
    """

    __slots__ = ("_count", "packed")

    def __init__(self, packed: bytes, count: int) -> None:
        self.packed, self._count = packed, count

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> "PackedRows":
        """The rows, packed."""
        given = [*rows]
        return cls(pack(given), len(given))

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> Any:
        """One row, or some."""
        return self._rows()[place]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedRows) and other.packed == self.packed:
            return True
        if not isinstance(other, PackedRows | tuple | list):
            return NotImplemented
        return self._rows() == list(cast("Iterable[object]", other))

    def __hash__(self) -> int:
        return hash(self.packed)

    def __repr__(self) -> str:
        return repr(self._rows())

    def _rows(self) -> list[Mapping[str, Any]]:
        return _read(self.packed)


class PackedMap(Mapping[str, Any]):
    """A JSON object, such as an insight. It never changes.

    Attributes:
        packed: The compressed text.
    """

    __slots__ = ("packed",)

    def __init__(self, packed: bytes) -> None:
        self.packed = packed

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "PackedMap":
        """The object, packed."""
        return document if isinstance(document, PackedMap) else cls(pack(document))

    def __getitem__(self, key: str) -> Any:
        """The value of one key."""
        return _read(self.packed)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_read(self.packed))

    def __len__(self) -> int:
        return len(_read(self.packed))

    def __repr__(self) -> str:
        return repr(_read(self.packed))

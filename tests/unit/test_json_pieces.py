"""Long JSON in pieces is the JSON that it is at once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telnyx_toolkit.json_pieces import pieces, written

SHORT: Any = st.none() | st.booleans() | st.integers() | st.text()
ROW: Any = st.dictionaries(st.text(max_size=3), SHORT)
LONG: Any = st.tuples(ROW, st.integers(0, 200)).map(lambda told: [told[0]] * told[1])
DOCUMENT: Any = st.dictionaries(st.text(max_size=3), LONG | ROW | SHORT)


@given(LONG | DOCUMENT | st.dictionaries(st.text(max_size=3), DOCUMENT))
def test_what_is_written_in_pieces_is_what_is_written_at_once(value: Any):
    assert written(value) == json.dumps(value).encode()
    assert b"".join(pieces(value)) == json.dumps(value, separators=(",", ":")).encode()


@pytest.mark.parametrize("value", [float("nan"), [float("inf")] * 100, {"a": [float("nan")] * 65}])
def test_a_number_that_json_cannot_write_is_never_sent(value: Any):
    with pytest.raises(ValueError, match="JSON"):
        written(value)


def test_no_piece_of_a_long_list_is_long():
    rows = [{"name": f"Shop {n}", "words": "x" * 100} for n in range(1_000)]
    parts = [*pieces({"version": 1, "targets": rows})]
    assert max(map(len, parts)) < 200

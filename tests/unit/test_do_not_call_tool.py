"""The tool `do_not_call`: add, remove, list and import, without a key and without a network."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.settings import TELNYX_URL, Settings
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.unit.build import START

Doc = dict[str, Any]
A, B, C = "+13125550101", "+13125550102", "+13125550103"


class Desk:
    """Somebody at a machine without a key."""

    def __init__(self, home: Path) -> None:
        self.clock = ManualClock(START)
        self.toolkit = Toolkit(Settings(TELNYX_URL, home, None), clock=self.clock)

    def __call__(self, action: str, **arguments: Any) -> Doc:
        self.clock.advance(60)
        return TOOLS["do_not_call"](self.toolkit, {"action": action, **arguments})

    def listed(self) -> list[str]:
        return [row["phone"] for row in self("list")["numbers"]]

    def refused(self, action: str, **arguments: Any) -> InvalidInput:
        with pytest.raises(InvalidInput) as caught:
            self(action, **arguments)
        assert caught.value.fix
        return caught.value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home")
    with closing(desk.toolkit):
        yield desk


def test_a_number_is_added_with_its_reason_and_listed_since_then(desk: Desk):
    told = desk("add", phone="+1 (312) 555-0101", reason="wrote\na letter", source="Kim")

    entry = {
        "phone": A,
        "action": "add",
        "reason": "wrote a letter",
        "source": "Kim",
        "at": "2026-12-01T15:01:00+00:00",
    }
    assert told == {
        "action": "add",
        "added": 1,
        "entry": entry,
        "pending": [],
        "problem": "",
        "note": "",
    }
    assert desk("list") == {"action": "list", "numbers": [entry]}


def test_a_number_that_is_added_twice_keeps_its_first_reason(desk: Desk):
    desk("add", phone=A, reason="first")
    told = desk("add", phone=A, reason="second")

    assert (told["added"], told["entry"]["reason"]) == (0, "first")
    assert desk.listed() == [A]


def test_a_number_is_removed_for_a_reason_and_its_history_stays(desk: Desk):
    desk("add", phone="(312) 555-0101", country="us", reason="wrote a letter")

    assert desk("remove", phone=A, reason="wrote another")["removed"] == 1
    assert desk("remove", phone=A, reason="wrote another")["removed"] == 0

    assert desk.listed() == []
    told = desk("list", phone=A)
    assert told["numbers"] == []
    assert [(row["action"], row["reason"]) for row in told["history"]] == [
        ("add", "wrote a letter"),
        ("remove", "wrote another"),
    ]


@pytest.mark.parametrize(
    ("action", "arguments", "why"),
    [
        ("add", {"reason": "x"}, "add needs a number"),
        ("add", {"phone": A}, "There is no reason to add"),
        ("remove", {"phone": A, "reason": " \n"}, "There is no reason to remove"),
        ("add", {"phone": "312 555 0101", "reason": "x"}, "does not begin with +"),
        ("add", {"phone": "Kim", "reason": "x"}, "'Kim' is not a telephone number"),
        ("add", {"phone": A, "reason": "x", "country": "Mars"}, "'Mars' is no country code"),
        ("import", {}, "There is nothing to import"),
        ("import", {"file": A, "country": "XX"}, "'XX' is no country code"),
    ],
)
def test_what_is_missing_or_unreadable_is_said_and_nothing_is_changed(
    desk: Desk, action: str, arguments: Doc, why: str
):
    desk("add", phone=A, reason="first")

    assert why in desk.refused(action, **arguments).message
    assert [row["reason"] for row in desk("list")["numbers"]] == ["first"]


def test_an_action_that_is_none_is_refused(desk: Desk):
    with pytest.raises(InvalidInput, match="'burn' is not one of: add, remove, list, import"):
        desk("burn")


def test_a_file_is_imported_once_however_often_it_is_given(desk: Desk):
    desk("add", phone=A, reason="wrote a letter")
    rows = [f"+1 312 555 01{n:02},r{n}" for n in range(1, 31)]
    rows += [f"+1312-555-01{n:02},again" for n in range(21, 31)]
    file = "phone,reason\n" + "\n".join(rows)

    first = desk("import", file=file, source="crm.csv")
    second = desk("import", file=file)

    assert len(rows) == 40
    assert (first["added"], first["already_there"], first["unreadable"]) == (29, 11, [])
    assert (second["added"], second["already_there"]) == (0, 40)
    by_phone = {row["phone"]: row for row in desk("list")["numbers"]}
    assert len(by_phone) == 30
    assert by_phone[A]["reason"] == "wrote a letter"
    assert by_phone["+13125550130"]["reason"] == "r30"
    assert by_phone["+13125550130"]["source"] == "crm.csv"


def test_where_a_line_gives_no_reason_the_files_is_taken(desk: Desk):
    desk("import", file=f"phone,reason\n{A},own\n{B},", reason="national list")
    desk("import", file=C, source="crm.csv")

    reasons = [row["reason"] for row in desk("list")["numbers"]]
    assert reasons == ["own", "national list", "listed in crm.csv"]


def test_of_a_file_with_an_unreadable_line_nothing_is_imported(desk: Desk):
    file = f"phone\n{A}\n312 555 0102\n{C}\nKim\n"

    problem = desk.refused("import", file=file)

    assert problem.code == "unreadable_lines"
    assert "line 3: '312 555 0102' does not begin with +" in problem.message
    assert "line 5: 'Kim' is not a telephone number" in problem.message
    assert "--skip-bad" in problem.fix
    assert desk.listed() == []


def test_the_readable_lines_are_imported_where_that_is_asked_for(desk: Desk):
    file = f"phone\n{A}\n312 555 0102\n{C}\n"

    told = desk("import", file=file, skip_bad=True)

    assert told["added"] == 2
    assert told["unreadable"][0]["line"] == 3
    assert desk.listed() == [A, C]


def test_national_numbers_are_read_with_their_country(desk: Desk):
    assert desk("import", file="(312) 555-0101\n3125550102", country="US")["added"] == 2
    assert desk.listed() == [A, B]


def test_of_many_unreadable_lines_the_first_are_shown(desk: Desk):
    message = desk.refused("import", file="phone\n" + "x\n" * 50).message

    assert message.count("line ") == 20
    assert message.endswith("and 30 more")


def test_a_reason_cannot_steer_a_terminal(desk: Desk):
    told = desk("add", phone=A, reason="\x1b]0;title\x07 red \x1b[31m\u202e", source="\x07bell")

    assert (told["entry"]["reason"], told["entry"]["source"]) == ("red", "bell")

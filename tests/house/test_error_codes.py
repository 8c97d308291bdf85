"""Every error code has a row that says what it means and what to do."""

from pathlib import Path

from telnyx_toolkit.reference_pages import error_codes
from tests.house.error_codes import DYNAMIC, codes_in

ROOT = Path(__file__).parents[2]
TOLD = error_codes()


def test_every_code_in_the_source_is_in_the_table_and_no_other() -> None:
    found = {code for code, _ in codes_in(ROOT / "telnyx_toolkit")}

    assert found - set(TOLD) == set(), "add them to telnyx_toolkit/error_codes.yaml"
    assert set(TOLD) - found == set(), "nothing gives these any more"


def test_a_code_is_listed_with_each_exit_status_it_can_end_with() -> None:
    found = codes_in(ROOT / "telnyx_toolkit")
    exits = {code: sorted({status for c, status in found if c == code and status}) for code in TOLD}

    assert {code: told["exit"] for code, told in TOLD.items()} == exits


def test_codes_are_found_however_they_are_given(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text(
        'raise ConfigError("no", code="one_way")\n'
        'Deny("two_ways", "no")\n'
        'Defer(at, "no", "three_ways")\n'
        'class E(X):\n    default_code = "four_ways"\n'
        'raise ErrorResponse("no", code=f"telnyx_{status}")\n',
        encoding="utf-8",
    )
    (tmp_path / "number_gate.py").write_text('return "five_ways", "is odd"\n', encoding="utf-8")

    found = dict(codes_in(tmp_path))

    ways = {"one_way": 3, "two_ways": 5, "three_ways": 5, "four_ways": 0, "five_ways": 5}
    assert found == {**ways, DYNAMIC: 6}


def test_a_row_is_a_sentence_each_and_fits_a_table() -> None:
    for code, told in TOLD.items():
        assert set(told) == {"exit", "means", "fix"}, code
        for text in (told["means"], told["fix"]):
            assert text.endswith("."), code
            assert "|" not in text, code
            assert "\n" not in text, code


def test_every_command_that_a_fix_names_exists() -> None:
    from tests.house.skill_page import COMMANDS  # noqa: PLC0415

    words = {w.strip(".,;:()`") for told in TOLD.values() for w in told["fix"].split()}
    hyphened = {w for w in words if w.count("-") and w.islower() and not w.startswith("-")}
    own = {"telnyx-toolkit", "references/openclaw-setup.md"}

    verbs = ("plan", "approve", "run", "list", "cancel", "create", "check", "get", "poll", "do")
    assert {w for w in hyphened if w.split("-")[0] in verbs} - own <= COMMANDS

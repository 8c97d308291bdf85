"""What runs every minute imports nothing heavy."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = [
    *("anyio", "babel", "holidays", "httpx", "jinja2", "mcp", "phonenumbers", "pydantic"),
    *("rich", "yaml"),
]


def heavy_after(code: str) -> list[str]:
    """The heavy packages that a fresh interpreter has imported once it ran `code`."""
    tell = f"{code}; import sys; print(*sorted(set({HEAVY!r}) & sys.modules.keys()))"
    command = [sys.executable, "-c", tell]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.split()


@pytest.mark.parametrize(
    "module", ["ledger", "notify", "routes", "settings", "state", "tools", "views"]
)
def test_an_idle_command_imports_nothing_heavy(module: str):
    assert heavy_after(f"import telnyx_toolkit.{module}") == []


def test_the_parser_is_built_without_anything_heavy():
    code = "from telnyx_toolkit.cli.parser import parsed; parsed(['run-mission', 'm'])"

    assert heavy_after(code) == []


def test_a_mission_is_read_and_shown_without_anything_heavy(tmp_path: Path):
    code = f"""
from pathlib import Path
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
toolkit = Toolkit(Settings("https://api.telnyx.com/v2", Path({str(tmp_path)!r}), None))
assert TOOLS["list_missions"](toolkit, {{}}) == {{"missions": []}}
toolkit.close()"""

    assert heavy_after(code) == []


@pytest.mark.parametrize("module", ["offered", "words", "calls", "reading"])
def test_of_the_mcp_server_only_the_protocol_is_heavy(module: str):
    assert heavy_after(f"import telnyx_toolkit.mcp_server.{module}") == []


def test_what_is_heavy_is_noticed():
    assert heavy_after("import telnyx_toolkit.brief") == ["pydantic"]


@pytest.mark.parametrize("module", ["permitted", "plan", "policy", "toolkit", "tools"])
def test_holidays_are_loaded_only_once_a_call_is_planned(module: str):
    assert "holidays" not in heavy_after(f"import telnyx_toolkit.{module}")


def test_the_tables_of_where_people_live_are_not_loaded_to_find_out_where_a_number_is():
    code = """
from telnyx_toolkit.places import regions_of, zones_of
assert regions_of("+12705550142") == ("US-KY",)
assert len(zones_of("+12705550142", None)) == 2"""

    assert heavy_after(code) == []

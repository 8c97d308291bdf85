"""What is asked often is cheap: no heavy import on the way to a status."""

import subprocess
import sys
from pathlib import Path
from typing import Any

HEAVY = (
    *("httpx", "pydantic", "jinja2", "yaml", "phonenumbers", "babel", "rich", "tenacity"),
    *("holidays", "dateutil", "mcp", "anyio"),
)
_PROBE = """
import sys
from telnyx_toolkit.cli import main
assert main({command}) == 0
sys.stderr.write(",".join(name for name in {heavy} if name in sys.modules))
"""


def _imported(home: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(command=command, heavy=HEAVY)],
        env={"TELNYX_TOOLKIT_HOME": str(home)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


def test_listing_and_status_import_nothing_heavy(rig: Any, catering: dict[str, Any]) -> None:
    mission = rig.ran(catering)["mission_id"]

    assert _imported(rig.home, "list-missions", "--json") == ""
    assert _imported(rig.home, "mission-status", mission, "--json") == ""
    assert _imported(rig.home, "mission-status", mission) == ""

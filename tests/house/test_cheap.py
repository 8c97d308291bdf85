"""What is asked often is cheap: no heavy import on the way to a status."""

import subprocess
import sys
from pathlib import Path
from typing import Any

HEAVY = ("httpx", "pydantic", "jinja2", "yaml", "phonenumbers", "babel")
_PROBE = """
import sys
from telnyx_toolkit.tools import TOOLS
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit
toolkit = Toolkit(Settings.from_environment())
{call}
print(",".join(name for name in {heavy} if name in sys.modules))
"""


def _imported(home: Path, call: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(call=call, heavy=HEAVY)],
        env={"TELNYX_TOOLKIT_HOME": str(home)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_listing_and_status_import_nothing_heavy(rig: Any, catering: dict[str, Any]) -> None:
    mission = rig.ran(catering)["mission_id"]

    assert _imported(rig.home, 'TOOLS["list_missions"](toolkit, {})') == ""
    status = f'TOOLS["mission_status"](toolkit, {{"mission_id": "{mission}"}})'
    assert _imported(rig.home, status) == ""

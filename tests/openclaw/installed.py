"""Where the real clients are on this machine, or the reason why they are not.

`python -m tests.openclaw.installed` installs what `package.json` names into `.tools/openclaw`.
"""

import sys
from pathlib import Path

from tests.npm import TOOLS, Packages

CLIENTS = Packages(Path(__file__).with_name("package.json"), TOOLS / "openclaw", "test-openclaw")

if __name__ == "__main__":
    sys.exit(CLIENTS.install())

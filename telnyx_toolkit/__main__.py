"""The command `telnyx-toolkit` as a process of its own; `python -m telnyx_toolkit` is the same."""

import gc
import sys
from types import ModuleType
from typing import cast

from telnyx_toolkit.cli import main

#: What libraries would load besides: httpx its own command line, and another loop than ours.
_UNWANTED = ("httpx._main", "trio")
#: So many new objects before garbage is looked for among them: loading the modules makes fewer.
_LOADED = 50_000


def start() -> int:
    """Run the command that the process was started for, and give its exit status.

    What a command loads stays until it ends. Looking through it for garbage while it is loaded, and
    once more at the end, would take a sixth of the time of a command that only looks.
    """
    gc.set_threshold(_LOADED, 20, 20)
    for name in _UNWANTED:
        sys.modules.setdefault(name, cast("ModuleType", None))  # to import it fails, as if missing
    try:
        return main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(start())

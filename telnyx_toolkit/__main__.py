"""The command `telnyx-toolkit` as a process of its own; `python -m telnyx_toolkit` is the same."""

import gc
import sys

from telnyx_toolkit.cli import main

#: So many new objects before garbage is looked for among them: loading the modules makes fewer.
_LOADED = 50_000


def start() -> int:
    """Run the command that the process was started for, and give its exit status.

    What a command loads stays until it ends. Looking through it for garbage while it is loaded, and
    once more at the end, would take a sixth of the time of a command that only looks.
    """
    gc.set_threshold(_LOADED, 20, 20)
    try:
        return main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(start())

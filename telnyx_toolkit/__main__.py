"""`python -m telnyx_toolkit` is the command `telnyx-toolkit`."""

import sys

from telnyx_toolkit.cli import main

if __name__ == "__main__":
    sys.exit(main())

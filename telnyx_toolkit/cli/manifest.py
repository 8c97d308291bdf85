"""`telnyx-toolkit manifest`: writes or checks the generated files of a clone."""

import argparse
import sys

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.manifest import generated, stale, write
from telnyx_toolkit.resources import clone_root

_STALE = 1


def manifest(args: argparse.Namespace) -> int:
    """Write the generated files, or with `--check` say which are out of date."""
    root = clone_root()
    if root is None:
        raise ConfigError("This is an installed package, not a clone: nothing is generated here.")
    if not args.check:
        write(generated(root))
        return 0
    late = [path.relative_to(root) for path in stale(root)]
    for path in late:
        sys.stderr.write(f"{path} is out of date: run make manifest\n")
    return _STALE if late else 0

"""`telnyx-toolkit manifest`: placeholder until written below."""

import argparse


def manifest(args: argparse.Namespace) -> int:
    """Write the generated files."""
    return 0 if args.check else 0

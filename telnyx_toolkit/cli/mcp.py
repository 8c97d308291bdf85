"""`telnyx-toolkit mcp`: serves the tools to agents over standard input and output."""

import argparse
import importlib.util

from telnyx_toolkit.errors import ConfigError


def run_mcp(args: argparse.Namespace) -> int:
    """Serve until standard input ends.

    Raises:
        ConfigError: the library for it is not installed.
    """
    if importlib.util.find_spec("mcp") is None:
        raise ConfigError(
            "The library `mcp`, which the MCP server needs, is not installed.",
            fix="Install the toolkit with it, from its folder: uv tool install '.[mcp]', or: python"
            " -m pip install '.[mcp]'",
            code="mcp_not_installed",
        )
    from telnyx_toolkit.mcp_server.server import serve  # noqa: PLC0415 - slow to import

    serve(args.tools)
    return 0

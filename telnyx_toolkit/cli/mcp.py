"""`telnyx-toolkit mcp`: serves the tools to agents over standard input and output."""

import argparse

from telnyx_toolkit.errors import ConfigError

_NEEDED = {"anyio", "mcp", "mcp_types"}


def run_mcp(args: argparse.Namespace) -> int:
    """Serve until standard input ends.

    Raises:
        ConfigError: the library for it is not installed.
    """
    try:
        from telnyx_toolkit.mcp_server.server import serve  # noqa: PLC0415 - slow to import
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise ConfigError(
            f"The MCP server needs a library that is not installed: {problem.name}.",
            fix="Install the toolkit with it, from its folder: uv tool install '.[mcp]', or: python"
            " -m pip install '.[mcp]'",
            code="mcp_not_installed",
        ) from problem
    serve(args.tools)
    return 0

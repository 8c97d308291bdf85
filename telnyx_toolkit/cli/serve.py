"""`telnyx-toolkit serve`: the dashboard in a browser of this machine."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.settings import Settings

if TYPE_CHECKING:
    from telnyx_toolkit.dashboard.server import Server

_NEEDED = {"flask", "waitress", "werkzeug"}
_WARNING = (
    "Warning: others on the network can reach this dashboard, and nothing between them and you is"
    " encrypted. Whoever sees the address below can approve calls that you pay for. From elsewhere,"
    " put this machine's name in place of its address.\n"
)


def run_serve(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C.

    Raises:
        ConfigError: the libraries for it are not installed.
    """
    try:
        from telnyx_toolkit.dashboard.server import Server  # noqa: PLC0415 - slow to import
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise ConfigError(
            f"The dashboard needs a library that is not installed: {problem.name}.",
            fix="Install the toolkit with it, from its folder: uv tool install '.[dashboard]', or:"
            " python -m pip install '.[dashboard]'",
            code="dashboard_not_installed",
        ) from problem

    settings = Settings.from_environment()
    server = Server(settings, args.host, args.port, any_host=args.any_host)
    server.run(lambda: _announce(args, server))
    sys.stderr.write("\nThe dashboard has stopped. Missions go on without it.\n")
    return 0


def _announce(args: argparse.Namespace, server: "Server") -> None:
    if server.is_public:
        sys.stderr.write(_WARNING)
    if args.json:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
    else:
        sys.stdout.write(
            f"Dashboard: {server.url}\n"
            "Whoever has this address can see and approve missions. Ctrl-C stops it.\n"
        )
    sys.stdout.flush()
    if args.open:
        _open(server.url_for_once())


def _open(url: str) -> None:
    """Show it in the person's browser, as far as there is one."""
    import webbrowser  # noqa: PLC0415 - seldom asked for

    if not webbrowser.open(url):
        sys.stderr.write("No browser was found here: open the address above in one yourself.\n")

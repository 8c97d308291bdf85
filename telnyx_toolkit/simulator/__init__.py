"""A strict stand-in for the parts of Telnyx that phone missions use, with people to call."""

from telnyx_toolkit.simulator.account import Account, load_account
from telnyx_toolkit.simulator.app import Sandbox
from telnyx_toolkit.simulator.callees import Callees, load_callees
from telnyx_toolkit.simulator.server import serve

__all__ = ["Account", "Callees", "Sandbox", "load_account", "load_callees", "serve"]

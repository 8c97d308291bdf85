"""A strict stand-in for the parts of Telnyx that phone missions use, with people to call."""

from telnyx_toolkit.simulator.app import Sandbox
from telnyx_toolkit.simulator.server import serve

__all__ = ["Sandbox", "serve"]

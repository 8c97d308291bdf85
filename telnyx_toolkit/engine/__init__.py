"""Does what was decided: observe, decide, check, act, record, one bounded round at a time."""

from telnyx_toolkit.engine.desk import Kit, Observer
from telnyx_toolkit.engine.engine import Engine
from telnyx_toolkit.engine.running import Round

__all__ = ["Engine", "Kit", "Observer", "Round"]

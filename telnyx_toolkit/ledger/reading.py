"""A ledger that is only looked at: nothing is made, nothing is changed, whatever its version."""

from telnyx_toolkit.ledger.database import PATIENCE_S, Place
from telnyx_toolkit.ledger.ledger import Ledger
from telnyx_toolkit.ledger.opening import opened_to_read


class ReadLedger(Ledger):
    """Reads facts; whoever appends to it is told that it cannot be written."""

    def __init__(self, place: Place, patience_s: float = PATIENCE_S) -> None:
        """Open the ledger there for reading.

        Raises:
            ConfigError: there is none, or it cannot be read; says why.
        """
        self._use(opened_to_read(place, patience_s))

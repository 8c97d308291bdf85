"""A ledger that is only looked at: nothing is made, nothing is changed, whatever its version."""

from pathlib import Path

from telnyx_toolkit.ledger.database import PATIENCE_S
from telnyx_toolkit.ledger.do_not_call import DoNotCall
from telnyx_toolkit.ledger.leases import Leases
from telnyx_toolkit.ledger.ledger import Ledger
from telnyx_toolkit.ledger.notices import Notices
from telnyx_toolkit.ledger.opening import opened_to_read


class ReadLedger(Ledger):
    """Reads facts; whoever appends to it is told that it cannot be written."""

    def __init__(self, home: Path, patience_s: float = PATIENCE_S) -> None:
        """Open the ledger in `home` for reading.

        Raises:
            ConfigError: there is none, or it cannot be read; says why.
        """
        self._db = opened_to_read(home, patience_s)
        self.path = self._db.path
        self.leases = Leases(self._db)
        self.do_not_call = DoNotCall(self._db)
        self.notices = Notices(self._db)

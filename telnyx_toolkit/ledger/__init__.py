"""The ledger: every fact of every mission, appended once and never changed."""

from telnyx_toolkit.ledger.database import Place
from telnyx_toolkit.ledger.leases import LeaseRow
from telnyx_toolkit.ledger.ledger import SOON, Ledger, Progress
from telnyx_toolkit.ledger.opening import has_ledger
from telnyx_toolkit.ledger.schema import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "SOON", "LeaseRow", "Ledger", "Place", "Progress", "has_ledger"]

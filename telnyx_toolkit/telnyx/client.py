"""Telnyx as one object: each family of endpoints is an attribute."""

from collections.abc import Callable
from typing import Self

import httpx

from telnyx_toolkit.settings import ApiKey
from telnyx_toolkit.telnyx.account import Account
from telnyx_toolkit.telnyx.assistants import Assistants
from telnyx_toolkit.telnyx.calls import Calls
from telnyx_toolkit.telnyx.conversations import Conversations
from telnyx_toolkit.telnyx.http import Once
from telnyx_toolkit.telnyx.insights import Insights
from telnyx_toolkit.telnyx.missions import Missions
from telnyx_toolkit.telnyx.numbers import Numbers
from telnyx_toolkit.telnyx.patience import Jitter, Patient
from telnyx_toolkit.telnyx.records import Records


class TelnyxClient:
    """The parts of Telnyx that a mission needs.

    Every call has three answers: a value (executed), NotReached or a 4xx ErrorResponse (not
    executed), NoResponse or a 5xx or 409 ErrorResponse (unknown). Nothing is sent before the
    first call. What is safe to repeat is repeated as `Patient` says, if there is a `pause`; a
    change that may have happened never is, and the dial is sent exactly once.

    Args:
        base_url: Where Telnyx is, as `Settings.base_url` gives it.
        api_key: The account's key.
        transport: Takes the place of the network, for the sandbox and the tests.
        deadline_s: Seconds that one exchange may take.
        pause: Waits for so many seconds between two tries; None: nothing is repeated.
        jitter: Spreads the pauses.

    Attributes:
        missions: Missions, runs, plans, events, linked agents.
        assistants: Who speaks.
        calls: Scheduled events.
        conversations: Transcripts and insight results.
        insights: Insights and their groups.
        numbers: Phone numbers.
        records: What calls cost, and recordings of them.
        account: Balance, voice profiles, TeXML applications.
    """

    def __init__(
        self,
        base_url: str,
        api_key: ApiKey,
        transport: httpx.BaseTransport | None = None,
        deadline_s: float = 20.0,
        pause: Callable[[float], None] | None = None,
        jitter: Jitter | None = None,
    ) -> None:
        where = (base_url, api_key, transport, deadline_s)
        once = Once(*where)
        http = Patient(*where, pause=pause, jitter=jitter) if pause else once
        self._wires = (once, http)
        self.missions = Missions(http)
        self.assistants = Assistants(http)
        self.calls = Calls(http, once)
        self.conversations = Conversations(http)
        self.insights = Insights(http)
        self.numbers = Numbers(http)
        self.records = Records(http)
        self.account = Account(http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        for wire in self._wires:
            wire.close()

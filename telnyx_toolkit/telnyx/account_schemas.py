"""What an account has and what its calls leave behind, as Telnyx sends it."""

from decimal import Decimal
from typing import Any

from telnyx_toolkit.telnyx.replies import Reply
from telnyx_toolkit.telnyx.schemas import EMPTY, Id, Instant, name_in


class PhoneNumber(Reply):
    """A number of the account. Source: `/phone_numbers`."""

    id: Id
    phone_number: str = ""
    status: str = ""
    country_iso_alpha2: str = ""
    phone_number_type: str = ""
    connection_id: str = ""
    connection_name: str = ""
    messaging_profile_id: str = ""
    messaging_campaign_id: str = ""
    hd_voice_enabled: bool = False
    tags: tuple[str, ...] = ()

    @property
    def is_free_for_voice(self) -> bool:
        """Whether taking it takes it from nobody: active and without a connection."""
        return self.status == "active" and not self.raw.get("connection_id")


class TexmlApplication(Reply):
    """The connection an assistant's calls leave by. Source: `/texml_applications`."""

    id: Id
    friendly_name: str = ""
    voice_url: str = ""
    outbound: dict[str, Any] = EMPTY

    @property
    def outbound_voice_profile_id(self) -> str | None:
        """Without one it cannot dial."""
        return name_in(self.outbound, "outbound_voice_profile_id")


class OutboundVoiceProfile(Reply):
    """Where an account may call, and for how much. Source: `/outbound_voice_profiles`.

    `whitelisted_destinations` are ISO country codes; `daily_spend_limit` is in USD.
    """

    id: Id
    name: str = ""
    enabled: bool = True
    whitelisted_destinations: tuple[str, ...] = ()
    concurrent_call_limit: int | None = None
    daily_spend_limit: Decimal | None = None
    daily_spend_limit_enabled: bool = False
    max_destination_rate: Decimal | None = None


class DetailRecord(Reply):
    """One billed event; `cost` in `currency`. Source: `/detail_records`.

    Which id a type carries differs: calls have `call_session_id` or `telnyx_session_id`, text
    messages only their numbers, `cli` and `cld`.
    """

    id_field = ""
    record_type: str = ""
    call_session_id: str = ""
    telnyx_session_id: str = ""
    cli: str = ""
    cld: str = ""
    cost: Decimal | None = None
    currency: str = ""
    created_at: Instant | None = None
    sent_at: Instant | None = None


class Recording(Reply):
    """The sound of one call. Source: `/recordings`.

    `download_urls` (`mp3`, `wav`) expire after about ten minutes: they are never kept.
    """

    id: Id
    call_session_id: str = ""
    status: str = ""
    duration_millis: int | None = None
    recording_started_at: Instant | None = None
    download_urls: dict[str, Any] = EMPTY


class Balance(Reply):
    """What the account may still spend, in `currency`. Source: `/balance`."""

    id_field = "available_credit"
    available_credit: Decimal
    balance: Decimal | None = None
    credit_limit: Decimal | None = None
    pending: Decimal | None = None
    currency: str = ""

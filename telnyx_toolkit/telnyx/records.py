"""What Telnyx keeps of calls that are over: what they cost, and recordings of them."""

from telnyx_toolkit.telnyx.account_schemas import DetailRecord, Recording
from telnyx_toolkit.telnyx.family import Family

DETAILS_A_PAGE = 50  # Telnyx cuts larger pages down to this without a word
RECORDINGS_A_PAGE = 250
#: A list that goes on for longer is an account's whole traffic, not a mission's.
MOST_PAGES = 40


class Records(Family):
    """`/detail_records` and `/recordings`."""

    def details(self, record_type: str, date_range: str) -> list[DetailRecord]:
        """The billed events of one type; they show minutes to hours after the call.

        Args:
            record_type: Such as `ai-voice-assistant`, `sip-trunking`, `messaging`.
            date_range: Such as `this_month`, `last_month`. Filters by attribute are refused for
                types that lack the attribute, so whoever asks filters what comes back.

        Raises:
            TelnyxError: there are more than 2,000.

        Source: `GET /detail_records`, at most 50 a page.
        """
        params = {"filter[record_type]": record_type, "filter[date_range]": date_range}
        return self._many(
            DetailRecord,
            "detail_records",
            size=DETAILS_A_PAGE,
            params=params,
            most_pages=MOST_PAGES,
        )

    def recordings(self, call_session_id: str) -> list[Recording]:
        """The recordings of one call; their links expire after about ten minutes.

        Source: `GET /recordings`.
        """
        params = {"filter[call_session_id]": call_session_id}
        return self._many(Recording, "recordings", size=RECORDINGS_A_PAGE, params=params)

"""The phone numbers of the account."""

from telnyx_toolkit.telnyx.account_schemas import PhoneNumber
from telnyx_toolkit.telnyx.family import Family

NUMBERS_A_PAGE = 250


class Numbers(Family):
    """Everything under `/phone_numbers`."""

    def list_all(self) -> list[PhoneNumber]:
        """Every number: "is one free?" cannot be asked of the first page alone.

        Source: `GET /phone_numbers`, at most 250 a page.
        """
        return self._many(PhoneNumber, "phone_numbers", size=NUMBERS_A_PAGE)

    def get(self, number_id: str) -> PhoneNumber:
        """One number by its id (digits, not the number). Source: `GET /phone_numbers/{id}`."""
        return self._one(PhoneNumber, "GET", "phone_numbers", number_id)

    def set_connection(
        self, number_id: str, connection_id: str, *, hd_voice: bool | None = None
    ) -> PhoneNumber:
        """Attach a number to a connection, taking it from any other without a warning.

        There is no compare-and-set: look before, and look again after. "" detaches it, as far as
        Telnyx documents it (not at all). HD voice is turned on or off along with it, if that is
        said. Source: `PATCH /phone_numbers/{id}`.
        """
        body: dict[str, str | bool] = {"connection_id": connection_id}
        if hd_voice is not None:
            body["hd_voice_enabled"] = hd_voice
        return self._one(PhoneNumber, "PATCH", "phone_numbers", number_id, body=body)

    def set_hd_voice(self, number_id: str, *, enabled: bool) -> PhoneNumber:
        """Turn HD voice on or off, by itself: some numbers cannot have it.

        Source: `PATCH /phone_numbers/{id}`.
        """
        body = {"hd_voice_enabled": enabled}
        return self._one(PhoneNumber, "PATCH", "phone_numbers", number_id, body=body)

    def set_messaging_profile(self, number_id: str, profile_id: str) -> PhoneNumber:
        """Send a number's messages by a profile; "" takes it off any.

        The number's main endpoint takes no messaging profile.
        Source: `PATCH /phone_numbers/{id}/messaging`.
        """
        place = ("phone_numbers", number_id, "messaging")
        return self._one(PhoneNumber, "PATCH", *place, body={"messaging_profile_id": profile_id})

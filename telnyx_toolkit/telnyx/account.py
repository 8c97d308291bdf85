"""What an account must have before it can call: money, a voice profile, a wired application."""

from typing import Any, cast

from telnyx_toolkit.errors import AccountNotReady
from telnyx_toolkit.telnyx.account_schemas import Balance, OutboundVoiceProfile, TexmlApplication
from telnyx_toolkit.telnyx.family import Family

PROFILES_A_PAGE = 250


class Account(Family):
    """`/balance`, `/outbound_voice_profiles` and `/texml_applications`."""

    def balance(self) -> Balance:
        """The money left; it lags behind the calls. Source: `GET /balance`."""
        return self._one(Balance, "GET", "balance")

    def models(self) -> list[str]:
        """Ids of the models Telnyx lists, those it recommends for assistants first.

        Being listed is no promise that assistants may use it. Source: `GET /ai/openai/models`.
        """
        rows = self._rows(self._http.request("GET", "/ai/openai/models"), "data")
        rows.sort(key=lambda row: row.get("recommended_for_assistants") is not True)
        return [str(row["id"]) for row in rows if row.get("id")]

    def voices(self, provider: str) -> list[str]:
        """Ids of a provider's voices. Source: `GET /text-to-speech/voices`, which has no pages."""
        answer = self._http.request("GET", "/text-to-speech/voices", params={"provider": provider})
        return [str(row["voice_id"]) for row in self._rows(answer, "voices") if row.get("voice_id")]

    @staticmethod
    def _rows(answer: Any, key: str) -> list[dict[str, Any]]:
        told = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
        rows = told.get(key)
        found = cast("list[Any]", rows) if isinstance(rows, list) else []
        return [cast("dict[str, Any]", row) for row in found if isinstance(row, dict)]

    def voice_profiles(self) -> list[OutboundVoiceProfile]:
        """Every outbound voice profile. Source: `GET /outbound_voice_profiles`."""
        return self._many(OutboundVoiceProfile, "outbound_voice_profiles", size=PROFILES_A_PAGE)

    def texml_application(self, application_id: str) -> TexmlApplication:
        """One application. Source: `GET /texml_applications/{id}`."""
        return self._one(TexmlApplication, "GET", "texml_applications", application_id)

    def update_texml_application(
        self, application: TexmlApplication, *, outbound_voice_profile_id: str
    ) -> TexmlApplication:
        """Let an application dial out through a profile.

        Telnyx requires `friendly_name` and `voice_url` again, so it takes the application as
        just read. Source: `PATCH /texml_applications/{id}`.

        Raises:
            AccountNotReady: the application has no name or no voice URL to repeat.
        """
        if not (application.friendly_name and application.voice_url):
            raise AccountNotReady(
                f"TeXML application {application.id} has no name or no voice URL, without which "
                "Telnyx does not let it be changed.",
                fix="Give it both in the Telnyx portal.",
                code="texml_application",
            )
        limit = application.outbound.get("channel_limit")
        outbound = {"outbound_voice_profile_id": outbound_voice_profile_id}
        body = {
            "friendly_name": application.friendly_name,
            "voice_url": application.voice_url,
            "outbound": outbound if limit is None else {**outbound, "channel_limit": limit},
        }
        return self._one(TexmlApplication, "PATCH", "texml_applications", application.id, body=body)

    def delete_texml_application(self, application_id: str) -> None:
        """Delete an application, which deleting its assistant does not.

        Source: `/texml_applications/{id}`, DELETE.
        """
        self._do("DELETE", "texml_applications", application_id)

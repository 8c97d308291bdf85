"""What the account must have before anything is made for a mission."""

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.errors import AccountNotReady
from telnyx_toolkit.telnyx import OutboundVoiceProfile, PhoneNumber

BUY_PAGE = "https://portal.telnyx.com/#/numbers/buy-numbers"
PROFILES_PAGE = "https://portal.telnyx.com/#/voice/outbound-profiles"


def free_number(desk: Desk) -> PhoneNumber:
    """A number that nobody uses, among all pages of the account's numbers.

    Free means active and without a connection: taking one with a connection would silently
    break whatever answers on it.

    Raises:
        AccountNotReady: there is none.
    """
    numbers = desk.client.numbers.list_all()
    free = [n for n in numbers if n.is_free_for_voice]
    if not free:
        raise AccountNotReady(
            f"None of the account's {len(numbers)} numbers is free: each is inactive or used by"
            " another connection. Nothing was made at Telnyx for the calls.",
            code="no_free_number",
            fix=f"Buy a number ({BUY_PAGE}) or detach one from its connection, then run the same"
            " command again.",
        )
    return free[0]


def voice_profile(desk: Desk) -> OutboundVoiceProfile:
    """An enabled outbound voice profile, without which Telnyx places no call.

    Raises:
        AccountNotReady: there is none.
    """
    enabled = [p for p in desk.client.account.voice_profiles() if p.enabled]
    if not enabled:
        raise AccountNotReady(
            "The account has no enabled outbound voice profile, so it cannot place calls.",
            code="no_voice_profile",
            fix=f"Make one that allows the countries you call ({PROFILES_PAGE}), then run the"
            " same command again.",
        )
    return enabled[0]

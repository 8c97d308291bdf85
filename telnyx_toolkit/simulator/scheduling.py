"""Whether a call may be placed: what Telnyx checks on creation, and again when it dials."""

import re
from datetime import datetime, timedelta

from telnyx_toolkit.simulator.wire import Refusal, bad_request, refusal
from telnyx_toolkit.simulator.world import Assistant, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CANADIAN = """
204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460
468 474 506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819
825 867 873 879 902 905 942
"""
# Members of the North American plan whose calls are international from the United States.
CARIBBEAN = """
242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876
"""
CANADA, ISLANDS = frozenset(CANADIAN.split()), frozenset(CARIBBEAN.split())
COUNTRIES = {
    "+20": "EG",
    "+27": "ZA",
    "+31": "NL",
    "+33": "FR",
    "+34": "ES",
    "+39": "IT",
    "+41": "CH",
    "+44": "GB",
    "+49": "DE",
    "+52": "MX",
    "+55": "BR",
    "+61": "AU",
    "+64": "NZ",
    "+81": "JP",
    "+91": "IN",
    "+234": "NG",
    "+353": "IE",
}


def country(phone: str) -> str:
    """ISO 3166 alpha-2 of an E.164 number; "" where this small table does not know it."""
    if phone.startswith("+1"):
        area = phone[2:5]
        return "" if area in ISLANDS else "CA" if area in CANADA else "US"
    return next((name for start, name in COUNTRIES.items() if phone.startswith(start)), "")


def check_call(world: World, assistant: Assistant, agent_number: str, to: str) -> None:
    """Refuse what the account is not set up to dial.

    Raises:
        Refusal: 400 for the assistant, the number or the voice profile; 403 for the destination.
    """
    check_enabled(assistant, "telephony")
    number = _owned(world, agent_number)
    if not assistant.app_id or number["connection_id"] != assistant.app_id:
        raise bad_request(
            f"{agent_number} is not assigned to the TeXML application of this assistant"
        )
    app = world.apps.get(assistant.app_id)
    profile_id = app["outbound"]["outbound_voice_profile_id"] if app else None
    profile = world.profiles.get(profile_id or "")
    if profile is None or not profile["enabled"]:
        raise bad_request("The TeXML application has no enabled outbound voice profile")
    _check_destination(profile["whitelisted_destinations"], to)


def check_text(world: World, assistant: Assistant, agent_number: str) -> None:
    """Refuse a text message that the account is not set up to send, with 400."""
    check_enabled(assistant, "messaging")
    number = _owned(world, agent_number)
    if number["messaging_profile_id"] != assistant.messaging_profile_id:
        raise bad_request(f"{agent_number} is not on the messaging profile of this assistant")


def check_enabled(assistant: Assistant, feature: str) -> None:
    """Refuse with 400 what the assistant's `enabled_features` do not hold."""
    if feature not in assistant.settings["enabled_features"]:
        raise bad_request(f"Assistant does not have {feature} settings: {feature} is not enabled")


def check_dial(world: World, at: datetime) -> None:
    """Refuse what only shows when Telnyx dials: money and the account level's limits.

    Raises:
        Refusal: 403 with D17, or 429 with the limit.
    """
    if float(world.account.balance["available_credit"]) <= 0:
        raise refusal(403, "10010", "Account is disabled D17")
    limits = world.account.limits
    world.lines = [call for call in world.lines if call.ended_at > at]
    if len(world.lines) >= limits.concurrent_calls:
        raise refusal(403, "90041", "User channel limit exceeded D1")
    for most, span in ((limits.calls_per_hour, HOUR), (limits.calls_per_day, DAY)):
        if most is None:
            continue
        if sum(call.rang and call.dispatched_at > at - span for _, call in world.made) >= most:
            raise refusal(429, "10011", f"Limit of {most} outbound calls reached")


def reason(refused: Refusal) -> str:
    """What a refusal says, in one line, for the `errors` of an event."""
    return refused.reply.body["errors"][0]["detail"]


def _owned(world: World, phone_number: str) -> dict[str, str | None]:
    number = world.number(phone_number)
    if number is None:
        raise bad_request(f"{phone_number} is not a number of this account")
    if number["status"] != "active":
        raise bad_request(f"{phone_number} is not active but {number['status']}")
    return number


def _check_destination(allowed: list[str], to: str) -> None:
    if re.match(r"sips?:", to):
        return
    if country(to) not in allowed:
        raise refusal(403, "10010", f"Dialed number {to} is not included in whitelisted D13")

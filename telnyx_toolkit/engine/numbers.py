"""Which of the account's numbers may be borrowed for a mission, and why not each other one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.problem import Problem
from telnyx_toolkit.places import region_of
from telnyx_toolkit.plan import digest
from telnyx_toolkit.telnyx import PhoneNumber
from telnyx_toolkit.untrusted import masked, one_line

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

BUY_PAGE = "https://portal.telnyx.com/#/numbers/buy-numbers"
#: One numbering plan, in which calls across the border are usual.
_NORTH_AMERICA = frozenset({"US", "CA"})


def free_numbers(desk: Desk) -> list[PhoneNumber]:
    """The numbers that the mission may borrow, among all pages of the account's numbers.

    Raises:
        AccountNotReady: there is none.
    """
    numbers = desk.seen("numbers", desk.client.numbers.list_all)
    if problem := no_number(numbers, desk.brief):
        raise problem.as_error()
    return [number for number in numbers if not why_not_free(number, desk.brief)]


def choose(free: list[PhoneNumber], mission_id: str) -> PhoneNumber:
    """One of several free numbers: not the same for every mission.

    Two missions that look at the same moment then seldom reach for the same number.
    """
    return free[int(digest(mission_id), 16) % len(free)]


def regions_of(brief: Brief | None, channel: str = "") -> set[str]:
    """The ISO country codes of everybody the brief wants to reach, by one channel or by any."""
    targets = brief.everybody if brief else ()
    wanted = (target for target in targets if channel in {"", target.channel})
    return {region_of(target.phone) for target in wanted} - {""}


def why_not_free(number: PhoneNumber, brief: Brief | None = None) -> str:
    """Why a number cannot be borrowed; "" if it can.

    Whatever uses it, for calls or for messages, would be broken without a warning.

    Args:
        number: One of the account's numbers.
        brief: What it is wanted for; adds its country, and the number the brief asks for.
    """
    if number.status != "active":
        return f"it is {number.status or 'of unknown status'}"
    if not number.is_free_for_voice:
        user = number.connection_name or number.connection_id or "something"
        return f"it is used by {one_line(user)}"
    if number.messaging_profile_id == "UNAVAILABLE":
        return "Telnyx cannot tell just now whether messages use it"
    if number.messaging_profile_id:
        return "it is used for messages"
    return _why_not_for(number, brief) if brief else ""


def no_number(numbers: list[PhoneNumber], brief: Brief | None) -> Problem | None:
    """What is wrong when none of these numbers may be borrowed, or one of them is to be called."""
    if problem := _own_number(numbers, brief):
        return problem
    reasons = [why_not_free(number, brief) for number in numbers]
    if "" in reasons:
        return None
    if brief and brief.call_from:
        return _about_the_wanted(numbers, brief)
    abroad = [n for n in numbers if not why_not_free(n)]
    if abroad:
        found = ", ".join(sorted({number.country_iso_alpha2 for number in abroad}))
        wanted = ", ".join(sorted(regions_of(brief)))
        return Problem(
            "no_local_number",
            f"The free numbers are of {found}, and the calls go to {wanted}.",
            f"Buy a number there ({BUY_PAGE}), or name the number to use in the brief: call_from.",
        )
    return Problem(
        "no_free_number",
        f"None of the account's {len(numbers)} numbers is free: each is inactive, or used by"
        " another connection or for messages. Nothing was made at Telnyx for the calls.",
        f"Buy a number ({BUY_PAGE}) or detach one from its connection, then run the same"
        " command again.",
    )


def _own_number(numbers: list[PhoneNumber], brief: Brief | None) -> Problem | None:
    """A call from the account to itself reaches whatever answers there, not a person."""
    ours = {number.phone_number for number in numbers}
    own = [target.name for target in (brief.everybody if brief else ()) if target.phone in ours]
    if not own:
        return None
    return Problem(
        "own_number",
        f"The number of {', '.join(own)} is one of this account's own.",
        "Correct the number, or leave the target out.",
    )


def _why_not_for(number: PhoneNumber, brief: Brief) -> str:
    if brief.call_from:
        return "" if number.phone_number == brief.call_from else "the brief names another"
    here, there = number.country_iso_alpha2, regions_of(brief)
    reachable = there | _NORTH_AMERICA if there & _NORTH_AMERICA else there
    if here and there and here not in reachable:
        return f"it is of {here}, and the calls go to {', '.join(sorted(there))}"
    return ""


def _about_the_wanted(numbers: list[PhoneNumber], brief: Brief) -> Problem:
    wanted = next((n for n in numbers if n.phone_number == brief.call_from), None)
    shown = masked(brief.call_from or "")
    why = why_not_free(wanted) if wanted else "the account does not have it"
    return Problem(
        "number_not_free",
        f"The brief wants to call from {shown}, which cannot be: {why}.",
        "Name a free number of the account in call_from, or leave it out.",
    )

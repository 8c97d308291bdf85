"""What an account must have before a mission can call, and what it lacks: only looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.numbers import no_number, regions_of, why_not_free
from telnyx_toolkit.engine.problem import Problem
from telnyx_toolkit.errors import ErrorResponse
from telnyx_toolkit.telnyx import OutboundVoiceProfile, TelnyxClient
from telnyx_toolkit.untrusted import one_line

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

PROFILES_PAGE = "https://portal.telnyx.com/#/voice/outbound-profiles"
_UNREGISTERED = (
    "Carriers in the United States block texts from local numbers that belong to no registered"
    " campaign (10DLC), and from toll-free numbers that are not verified; Telnyx only shows it"
    " when a text fails."
)
_AGAIN = "then run the same command again."


def voice_profile(desk: Desk) -> OutboundVoiceProfile:
    """An enabled outbound voice profile that allows every country the mission calls.

    Raises:
        AccountNotReady: there is none; without one Telnyx places no call.
    """
    profiles = desk.seen("voice profiles", desk.client.account.voice_profiles)
    regions = regions_of(desk.brief, "call")
    if problem := _about_profiles(profiles, regions):
        raise problem.as_error()
    return next(profile for profile in profiles if _allows(profile, regions))


def survey(client: TelnyxClient, brief: Brief | None) -> dict[str, Any]:
    """Everything that can be seen of an account without changing it.

    Args:
        client: The account.
        brief: What it is wanted for; adds the countries, the model and the voice it needs.

    Returns:
        `ok`, `problems` (each `code`, `message`, `fix`), `balance`, `numbers` (each with `free`
        and, if not, `because`), `voice_profiles`, `notes` (what may matter and cannot be seen).

    Raises:
        TelnyxError: Telnyx did not answer; an answer that refuses is a problem, not an error.
    """
    seen: dict[str, Any] = {"balance": None, "numbers": [], "voice_profiles": []}
    looks = [
        lambda: _look_at_balance(client, seen),
        lambda: _look_at_numbers(client, brief, seen),
        lambda: _look_at_profiles(client, brief, seen),
    ]
    if brief and brief.voice.model:
        looks.append(lambda: _look_at_model(client, str(brief.voice.model)))
    if brief and brief.voice.voice:
        looks.append(lambda: _look_at_voice(client, str(brief.voice.voice)))
    problems = _each_once(problem for look in looks if (problem := _tried(look)))
    found = {"ok": not problems, "problems": [vars(problem) for problem in problems]}
    return {**found, **seen, "notes": _notes(brief)}


def _notes(brief: Brief | None) -> list[str]:
    if brief and brief.sends_texts and "US" in regions_of(brief, "sms"):
        return [_UNREGISTERED]
    return []


def _tried(look: Callable[[], Problem | None]) -> Problem | None:
    try:
        return look()
    except ErrorResponse as refusal:
        if refusal.transient:
            raise
        return Problem(refusal.code, refusal.message, refusal.fix)


def _each_once(problems: Iterable[Problem]) -> list[Problem]:
    """A key that is refused is refused everywhere: say so once."""
    return list({(p.code, p.fix): p for p in problems}.values())


def _look_at_balance(client: TelnyxClient, seen: dict[str, Any]) -> Problem | None:
    balance = client.account.balance()
    seen["balance"] = {
        "available_credit": str(balance.available_credit),
        "currency": balance.currency,
    }
    if balance.available_credit > 0:
        return None
    return Problem(
        "no_credit",
        f"The account has no credit left ({balance.available_credit} {balance.currency}).",
        f"Add funds in the Telnyx portal, {_AGAIN}",
    )


def _look_at_numbers(
    client: TelnyxClient, brief: Brief | None, seen: dict[str, Any]
) -> Problem | None:
    numbers = client.numbers.list_all()
    reasons = [(number.phone_number, why_not_free(number, brief)) for number in numbers]
    seen["numbers"] = [{"phone_number": n, "free": not why, "because": why} for n, why in reasons]
    return no_number(numbers, brief)


def _look_at_profiles(
    client: TelnyxClient, brief: Brief | None, seen: dict[str, Any]
) -> Problem | None:
    profiles = client.account.voice_profiles()
    seen["voice_profiles"] = [
        {
            "name": one_line(p.name),
            "enabled": p.enabled,
            "countries": list(p.whitelisted_destinations),
        }
        for p in profiles
    ]
    needless = brief is not None and not brief.makes_calls
    return None if needless else _about_profiles(profiles, regions_of(brief, "call"))


def _about_profiles(profiles: list[OutboundVoiceProfile], regions: set[str]) -> Problem | None:
    if any(_allows(profile, regions) for profile in profiles):
        return None
    if not any(profile.enabled for profile in profiles):
        return Problem(
            "no_voice_profile",
            "The account has no enabled outbound voice profile, so it cannot place calls.",
            f"Make one that allows the countries you call ({PROFILES_PAGE}), {_AGAIN}",
        )
    return Problem(
        "country_not_allowed",
        f"No enabled outbound voice profile allows calls to {', '.join(sorted(regions))}.",
        f"Add the countries to a profile's allowed destinations ({PROFILES_PAGE}), {_AGAIN}",
    )


def _look_at_model(client: TelnyxClient, model: str) -> Problem | None:
    known = client.account.models()
    if model in known:
        return None
    return Problem(
        "unknown_model",
        f"Telnyx does not list the model {model!r}.",
        "Leave voice.model out for Telnyx's own choice, or take one of:"
        f" {one_line(', '.join(known[:8]), 600)}",
    )


def _look_at_voice(client: TelnyxClient, voice: str) -> Problem | None:
    provider = voice.split(".", maxsplit=1)[0].lower()
    known = client.account.voices(provider)
    if any(voice in {name, f"{provider}.{name}"} for name in known):
        return None
    near = one_line(", ".join(known[:5])) or "none of that provider"
    return Problem(
        "unknown_voice",
        f"Telnyx does not list the voice {voice!r}.",
        f"Leave voice.voice out for Telnyx's own choice, or take one such as: {near}",
    )


def _allows(profile: OutboundVoiceProfile, regions: set[str]) -> bool:
    return profile.enabled and regions <= set(profile.whitelisted_destinations)

"""The account that the sandbox starts with, read strictly from one YAML file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator.shapes import (
    Kind,
    Shape,
    anything,
    choice,
    flag,
    items,
    nullable,
    number,
    text,
)
from telnyx_toolkit.simulator.wire import Doc

# The same safe loader, ten times as fast where PyYAML was built with libyaml.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
E164 = r"\+[1-9]\d{6,14}"
DIGITS = r"\d+"
MONEY = r"-?\d+\.\d{2}"

#: GET /phone_numbers, field `status`.
NUMBER_STATUSES = (
    "purchase-pending",
    "purchase-failed",
    "port-pending",
    "port-failed",
    "active",
    "deleted",
    "emergency-only",
    "ported-out",
    "port-out-pending",
    "requirement-info-pending",
    "requirement-info-under-review",
    "requirement-info-exception",
    "provision-pending",
)


@dataclass(frozen=True)
class Limits:
    """What an account level allows; None is no limit.

    Attributes:
        concurrent_calls: Calls in progress at once.
        calls_per_hour: Dials in any 60 minutes.
        calls_per_day: Dials in any 24 hours.
    """

    concurrent_calls: int
    calls_per_hour: int | None = None
    calls_per_day: int | None = None


#: Telnyx's pages on account levels and concurrent call limits. Volatile, and no endpoint tells.
LEVELS: Mapping[str, Limits] = {
    "trial": Limits(2),
    "paid": Limits(5, calls_per_hour=10, calls_per_day=100),
    "verified": Limits(10),
}

NUMBER = Shape(
    {
        "id": text(pattern=DIGITS),
        "phone_number": text(pattern=E164),
        "status": choice(*NUMBER_STATUSES),
        "connection_id": nullable(text(pattern=DIGITS)),
        "connection_name": nullable(text()),
        "messaging_profile_id": nullable(text()),
        "messaging_profile_name": nullable(text()),
        "messaging_campaign_id": nullable(text()),
        "country_iso_alpha2": text(2, 2),
        "phone_number_type": choice("local", "national", "toll_free", "mobile", "shared_cost"),
        "tags": items(text()),
        "purchased_at": text(),
    },
    ("id", "phone_number", "status"),
)
PROFILE = Shape(
    {
        "id": text(pattern=DIGITS),
        "name": text(3),
        "enabled": flag,
        "whitelisted_destinations": items(text(2, 2)),
        "concurrent_call_limit": nullable(number(1, whole=True)),
        "daily_spend_limit": nullable(text()),
        "daily_spend_limit_enabled": flag,
        "max_destination_rate": nullable(number(0)),
    },
    ("id", "name"),
)
MODEL = Shape({"id": text(1), "recommended_for_assistants": flag, "*": anything}, ("id",))
VOICE = Shape(
    {name: text() for name in ("voice_id", "name", "provider", "language", "gender")},
    ("voice_id", "provider"),
)
BALANCE = Shape(
    {name: text(pattern=MONEY) for name in ("balance", "available_credit", "credit_limit")}
    | {"pending": text(pattern=MONEY), "currency": text(3, 3)},
    ("balance", "available_credit"),
)
QUIRKS = Shape(
    {
        "app_has_voice_profile": flag,
        "assistant_app_id_delayed": number(0, whole=True),
        "no_hd_voice": flag,
        "conversation_names": choice("taken", "ignored", "refused"),
        "detail_records_after_minutes": number(0, whole=True),
        "inference_records_joined": flag,
        "steps_begin_first": flag,
    },
)
ACCOUNT = Shape(
    {
        "about": text(),
        "level": choice(*LEVELS),
        "balance": BALANCE,
        "numbers": items(NUMBER),
        "outbound_voice_profiles": items(PROFILE),
        "models": items(MODEL),
        "models_not_for_assistants": items(text()),
        "voices": items(VOICE),
        "quirks": QUIRKS,
    },
    ("balance", "numbers"),
)


@dataclass(frozen=True)
class Quirks:
    """Behaviours seen on some live accounts and not on others.

    Attributes:
        app_has_voice_profile: An assistant's new TeXML application has an outbound voice profile.
        assistant_app_id_delayed: So many reads of a new assistant, and the reply to its creation,
            lack `default_texml_app_id`; 0 means that the creation already names it.
        no_hd_voice: No number takes `hd_voice_enabled: true`.
        conversation_names: What becomes of the undocumented `name` of a changed conversation:
            taken, ignored or refused.
        detail_records_after_minutes: So long after a call's end or a text its records appear.
        inference_records_joined: `inference` records name the session of their call.
        steps_begin_first: A step of a plan that is pending cannot end at once.
    """

    app_has_voice_profile: bool = False
    assistant_app_id_delayed: int = 0
    no_hd_voice: bool = False
    conversation_names: str = "taken"
    detail_records_after_minutes: int = 15
    inference_records_joined: bool = True
    steps_begin_first: bool = False


@dataclass(frozen=True)
class Account:
    """What an account owns and may do before the first request."""

    limits: Limits
    quirks: Quirks
    balance: Doc
    numbers: tuple[Doc, ...]
    profiles: tuple[Doc, ...]
    models: tuple[Doc, ...]
    models_not_for_assistants: tuple[str, ...]
    voices: tuple[Doc, ...]


def read_yaml(path: Path, shape: Kind) -> Doc:
    """The content of a YAML file that fits `shape`.

    Raises:
        InvalidInput: it cannot be read, is no YAML, or has flaws; the message names each place.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506  a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise InvalidInput(f"{path}: {problem}") from problem
    flaws = list(shape(content, ("file",)))
    if flaws:
        listed = "; ".join(f"{flaw.where or 'the file'}: {flaw.msg}" for flaw in flaws)
        raise InvalidInput(f"{path.name}: {listed}")
    return cast("Doc", content)


def load_account(path: Path) -> Account:
    """The account of one YAML file.

    Raises:
        InvalidInput: the file is not a valid account.
    """
    given = read_yaml(path, ACCOUNT)
    money = {"credit_limit": "0.00", "pending": "0.00", "currency": "USD"}
    return Account(
        limits=LEVELS[given.get("level", "verified")],
        quirks=Quirks(**given.get("quirks", {})),
        balance={"record_type": "balance", **money, **given["balance"]},
        numbers=tuple(map(_number, given["numbers"])),
        profiles=tuple(map(_profile, given.get("outbound_voice_profiles", []))),
        models=tuple(map(_model, given.get("models", []))),
        models_not_for_assistants=tuple(given.get("models_not_for_assistants", [])),
        voices=tuple({"hosted": True, **voice} for voice in given.get("voices", [])),
    )


def _number(given: Mapping[str, Any]) -> Doc:
    return {
        "record_type": "phone_number",
        "phone_number_type": "local",
        "country_iso_alpha2": "US",
        "connection_id": None,
        "connection_name": None,
        "messaging_profile_id": None,
        "messaging_profile_name": None,
        "messaging_campaign_id": None,
        "tags": [],
        "customer_reference": None,
        "hd_voice_enabled": False,
        "call_recording_enabled": False,
        "caller_id_name_enabled": False,
        "billing_group_id": None,
        "deletion_lock_enabled": False,
        "source_type": "number_order",
        "purchased_at": "2026-01-05T12:00:00.000Z",
        "created_at": "2026-01-05T12:00:00.000Z",
        **given,
    }


def _profile(given: Mapping[str, Any]) -> Doc:
    return {
        "record_type": "outbound_voice_profile",
        "enabled": True,
        "whitelisted_destinations": ["US", "CA"],
        "concurrent_call_limit": None,
        "daily_spend_limit": None,
        "daily_spend_limit_enabled": False,
        "max_destination_rate": None,
        "traffic_type": "conversational",
        "service_plan": "global",
        "usage_payment_method": "rate-deck",
        "tags": [],
        "created_at": "2026-01-05T12:00:00.000Z",
        "updated_at": "2026-01-05T12:00:00.000Z",
        **given,
    }


def _model(given: Mapping[str, Any]) -> Doc:
    return {
        "object": "model",
        "owned_by": given["id"].partition("/")[0],
        "context_length": 128000,
        "task": "text-generation",
        "recommended_for_assistants": False,
        **given,
    }

"""The conversation that notices go to: as somebody gave it, or as OpenClaw says it."""

import json
import re
from typing import Any, cast

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.notices import Route
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.untrusted import clean

_PARTS = ("channel", "target", "account", "thread")
_PART = Pattern(rf"\s*({'|'.join(_PARTS)})\s*=", re.IGNORECASE)
#: A comma that begins another part; any other belongs to a value.
_NEXT_PART = Pattern(rf",(?=\s*(?:{'|'.join(_PARTS)})\s*=)", re.IGNORECASE)
_CHANNEL = Pattern(r"[a-z][a-z0-9-]{1,31}")
_LONGEST = 256  # characters of a target, an account or a thread
_FIX = (
    "Write --notify telegram:12345, or --notify channel=telegram,target=12345 with ,account= and"
    " ,thread= where they are needed, or --notify none."
)
#: The channels of OpenClaw 2026.9, of which one may stand before a chat's id as `telegram:12345`.
_KNOWN = {
    "a2a", "buzz", "clickclack", "discord", "feishu", "googlechat", "imessage", "irc", "line",
    "matrix", "mattermost", "msteams", "nextcloud-talk", "nostr", "raft", "reef", "signal",
    "slack", "sms", "synology-chat", "telegram", "tlon", "twitch", "whatsapp", "zalo", "zalouser",
}  # fmt: skip


def route_of(given: str, channel_context: str) -> Route | None:
    """Where a mission's notices go, or None for nowhere.

    Args:
        given: What `--notify` says: `telegram:12345`, `channel=telegram,target=12345,account=a,
            thread=7`, `telegram` alone for the chat that `channel_context` names, or `none`.
            "" leaves it to `channel_context`.
        channel_context: `OPENCLAW_CHANNEL_CONTEXT`, which OpenClaw sets for commands that a chat
            asked for: JSON such as `{"sender": {"id": "1"}, "chat": {"id": "telegram:12345"}}`
            (as of 2026.9). It names no channel but by such a prefix; without one, and whenever it
            says something else, nothing is guessed.

    Raises:
        InvalidInput: `given` is none of these.
    """
    text = given.strip()
    if not text:
        return _from_context(_chat(channel_context))
    if text.casefold() == "none":
        return None
    if _PART.match(text):
        return _from_parts(text, channel_context)
    channel, colon, target = text.partition(":")
    if not colon:
        return _made({"channel": channel, "target": _chat_on(channel, channel_context)}, text)
    return _made({"channel": channel, "target": target}, text)


def _from_parts(text: str, channel_context: str) -> Route:
    parts: dict[str, str] = {}
    for piece in _NEXT_PART.split(text):
        name, _, value = piece.partition("=")
        name = name.strip().casefold()
        if name in parts:
            raise InvalidInput(f"--notify {_shown(text)} has {name} twice.", fix=_FIX)
        parts[name] = value
    if "target" not in parts:
        parts["target"] = _chat_on(parts.get("channel", ""), channel_context)
    return _made(parts, text)


def _made(parts: dict[str, str], text: str) -> Route:
    values = {name: value.strip() for name, value in parts.items()}
    channel = values.pop("channel", "").casefold()
    if not _CHANNEL.fullmatch(channel):
        raise InvalidInput(f"--notify {_shown(text)} names no channel, such as telegram.", fix=_FIX)
    if not values["target"]:
        raise InvalidInput(f"--notify {_shown(text)} names no chat on {channel}.", fix=_FIX)
    for name, value in values.items():
        if not _usable(value):
            raise InvalidInput(
                f"The {name} in --notify {_shown(text)} is too long, or holds something unseen.",
                fix=_FIX,
            )
    return Route(channel=channel, **values)


def _usable(value: str) -> bool:
    return len(value) <= _LONGEST and value.isprintable() and clean(value, _LONGEST) == value


def _shown(text: str) -> str:
    return repr(clean(text, 80))


def _chat_on(channel: str, channel_context: str) -> str:
    """The chat of the context, if it can be one of that channel."""
    chat = _chat(channel_context)
    prefix, colon, rest = chat.partition(":")
    if colon and prefix.casefold() in _KNOWN:
        return rest if prefix.casefold() == channel.strip().casefold() else ""
    return chat


def _from_context(chat: str) -> Route | None:
    channel, colon, target = chat.partition(":")
    channel, target = channel.casefold(), target.strip()
    if not colon or channel not in _KNOWN or not target:
        return None
    return Route(channel=channel, target=target)


def _chat(channel_context: str) -> str:
    """The chat's id, or "" where the context does not say one."""
    try:
        context: Any = json.loads(channel_context)
    except (ValueError, RecursionError):
        return ""
    chat = cast("Any", context).get("chat") if isinstance(context, dict) else None
    found = cast("Any", chat).get("id") if isinstance(chat, dict) else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found) if abs(found) < 10**_LONGEST else ""
    if not isinstance(found, str) or not _usable(found.strip()):
        return ""
    return found.strip()

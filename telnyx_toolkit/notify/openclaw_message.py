"""A message in the conversation that asked for the mission, by `openclaw message send`."""

import json
import re
import time

from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.notify.program import Ended, NotRun, OpenClaw
from telnyx_toolkit.notify.way import Delivered, Refused, reason_of, text_of
from telnyx_toolkit.patterns import Pattern

_PATIENCE_S = 18.0  # Node needs some seconds to start; 20 are ours in all
_INSTALL = (
    "Install OpenClaw, or put the absolute path of its command in TELNYX_TOOLKIT_OPENCLAW"
    " (`command -v openclaw` prints it)."
)
_BY_HAND = (
    "Try it by hand: openclaw message send --channel CHANNEL --target CHAT --message test. If the"
    " conversation is the wrong one, plan the mission again with another --notify."
)
_LATER = (
    "Nothing to do: it is tried again. If it stays so, the gateway may not run: openclaw gateway"
    " status"
)
#: What stays refused until somebody changes something.
_FOR_A_PERSON = Pattern(
    r"unknown (channel|option|target|account|command)|not recogni[sz]e|invalid|not configured"
    r"|no such|unsupported|not supported|required|missing|partial",
    re.IGNORECASE,
)
_NO_BUTTONS = Pattern(r"presentation|button|unknown option|not recogni[sz]e", re.IGNORECASE)
_HASH = Pattern(r"[0-9a-f]{8,64}")
_MISSION = Pattern(r"[\w-]{1,64}")


class OpenClawMessage:
    """Sends a notice as a message, with Approve and Decline where a plan waits for a yes.

    A press on a button becomes a message of the person's to the agent: `approve plan HASH of
    MISSION`. It approves nothing by itself.
    """

    name = "openclaw-message"

    def __init__(self, openclaw: OpenClaw, patience_s: float = _PATIENCE_S) -> None:
        self._openclaw = openclaw
        self._patience_s = patience_s

    def takes(self, notice: Notice, route: Route | None) -> bool:  # noqa: ARG002 - every kind
        """Every notice whose mission has a route."""
        return route is not None

    def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:
        """Send it; where the buttons are not taken, the same without them."""
        if route is None:
            return self._refused(
                "the mission has no route", "Plan it again with --notify.", again=False
            )
        ends = time.monotonic() + self._patience_s
        text, buttons = f"{text_of(notice)} [{notice.notice_id}]", buttons_of(notice)
        ended = self._openclaw.run(argv(route, text, buttons), self._patience_s)
        if buttons and isinstance(ended, Ended) and ended.status and _are_refused(ended):
            left = max(ends - time.monotonic(), 0.0)
            ended = self._openclaw.run(argv(route, f"{text}\n{answers_of(notice)}"), left)
        return self._outcome(ended)

    def _outcome(self, ended: Ended | NotRun) -> Delivered | Refused:
        if isinstance(ended, NotRun):
            return self._refused(ended.reason, _LATER if ended.again else _INSTALL, ended.again)
        if ended.status == 0:
            return Delivered(self.name)
        why = reason_of(ended.why())
        again = not _FOR_A_PERSON.search(why)
        reason = f"openclaw message send ended with status {ended.status}: {why}"
        return self._refused(reason, _LATER if again else _BY_HAND, again)

    def _refused(self, reason: str, fix: str, again: bool) -> Refused:
        return Refused(self.name, reason_of(reason), fix, again)


def argv(route: Route, text: str, buttons: str = "") -> list[str]:
    """The arguments of `openclaw`: each value in one piece with its option, whatever it holds."""
    return [
        "message",
        "send",
        f"--channel={route.channel}",
        f"--target={route.target}",
        *([f"--account={route.account}"] if route.account else []),
        *([f"--thread-id={route.thread}"] if route.thread else []),
        f"--message={text}",
        *([f"--presentation={buttons}"] if buttons else []),
        "--json",
    ]


def buttons_of(notice: Notice) -> str:
    """The buttons of a plan that waits for a yes, as OpenClaw's presentation; "" for others.

    The value of a button has two forms: `action` for versions that know it, and `value` for those
    before. Telegram takes 64 bytes with its own mark of twelve: ours have 47.
    """
    if not (words := _words(notice)):
        return ""
    styles = (("Approve", "success"), ("Decline", "danger"))
    buttons = [
        {
            "label": label,
            "action": {"type": "callback", "value": value},
            "value": value,
            "style": style,
        }
        for (label, style), value in zip(styles, words, strict=True)
    ]
    return json.dumps({"blocks": [{"type": "buttons", "buttons": buttons}]})


def answers_of(notice: Notice) -> str:
    """The same for people who have no buttons."""
    return "Answer: " + ", or: ".join(_words(notice))


def _words(notice: Notice) -> tuple[str, ...]:
    plan_hash, mission = notice.data.get("plan_hash", ""), notice.mission_id
    if notice.kind != "approval_needed" or not _HASH.fullmatch(plan_hash):
        return ()
    if not _MISSION.fullmatch(mission):
        return ()
    return f"approve plan {plan_hash} of {mission}", f"decline plan {plan_hash} of {mission}"


def _are_refused(ended: Ended) -> bool:
    return _NO_BUTTONS.search(ended.why()) is not None

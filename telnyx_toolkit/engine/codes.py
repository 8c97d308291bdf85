"""Approval out of band: a code reaches the person by a way that the agent does not write."""

import hashlib
import hmac

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.errors import PolicyDenied
from telnyx_toolkit.model import Code, Plan

#: A code that was guessed wrong so often is void.
TRIES = 5
_DIGITS = 8
_COST, _BLOCK = 2**14, 8


def send_code(desk: Desk, text: str, *, again: bool) -> None:
    """Send the plan with a code to the person, once for each plan.

    The code's hash is in the ledger before the code leaves, so that every code that arrives is
    good; if it does not leave, it is asked for again.

    Args:
        desk: The mission; it has a plan.
        text: The plan, for people.
        again: Send a new code even if one was sent.

    Raises:
        ConfigError: the channel does not take it.
    """
    plan, present = desk.state.plan, desk.state.code
    if desk.kit.channel is None or plan is None or desk.state.phase != "planned":
        return
    is_good = present and _is_of(present, plan) and present.failures < TRIES
    if is_good and not again:
        return
    code, salt = f"{desk.kit.new_code() % 10**_DIGITS:0{_DIGITS}}", desk.kit.new_id()
    digest = _hashed(code, salt)
    desk.record("approval.asked", plan_hash=plan.plan_hash, salt=salt, digest=digest)
    desk.kit.channel(
        f"{text}\n\nIf you agree, tell your agent this code: {code}\n"
        "It approves this plan and nothing else. If you did not expect this, do nothing."
    )


def check_code(desk: Desk, code: str) -> None:
    """Accept the code that was sent with the present plan; without a channel, none is needed.

    Raises:
        PolicyDenied: it is missing or wrong.
    """
    sent, plan = desk.state.code, desk.state.plan
    if sent is None or plan is None or not _is_of(sent, plan):
        if desk.kit.channel is None:
            return
        raise PolicyDenied(
            "The plan was not sent to the person yet.",
            code="code_not_sent",
            fix=f"Send it: telnyx-toolkit plan-steps {desk.mission_id} --resend",
        )
    again = f"Send a new one: telnyx-toolkit plan-steps {desk.mission_id} --resend"
    if sent.failures >= TRIES:
        raise PolicyDenied(
            f"The code was given wrong {TRIES} times and is void.", code="code_void", fix=again
        )
    if not code:
        raise PolicyDenied(
            "This plan is approved by a code that was sent to the person, and by nothing else.",
            code="code_needed",
            fix=f"Ask them for it and give it with --code. {again}",
        )
    if not hmac.compare_digest(_hashed(code.strip(), sent.salt), sent.digest):
        desk.record("approval.failed")
        raise PolicyDenied(
            "That is not the code that was sent to the person.",
            code="code_wrong",
            fix=f"Ask them to read it again. {again}",
        )


def _is_of(code: Code, plan: Plan) -> bool:
    return code.plan_hash == plan.plan_hash and code.sent_at >= plan.made_at


def _hashed(code: str, salt: str) -> str:
    """Slow to reckon, so that whoever reads the ledger does not find the code by trying."""
    raw = hashlib.scrypt(code.encode(), salt=salt.encode(), n=_COST, r=_BLOCK, p=1)
    return raw.hex()

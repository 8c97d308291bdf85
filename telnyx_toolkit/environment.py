"""Every variable of the environment that is read, in one table."""

from typing import NamedTuple


class Variable(NamedTuple):
    """One variable.

    Attributes:
        name: As it is set.
        about: What it is for, in one sentence.
        secret: It must not be shown or kept anywhere else.
        required: Nothing works without it; none is, since much works without a key.
    """

    name: str
    about: str
    secret: bool = False
    required: bool = False


VARIABLES = (
    Variable(
        "TELNYX_API_KEY",
        "The Telnyx account's key; not needed for rehearsals, the demo or the sandbox.",
        secret=True,
    ),
    Variable("TELNYX_API_KEY_FILE", "The path of a file that holds the key."),
    Variable("TELNYX_BASE_URL", "A sandbox on this machine instead of Telnyx."),
    Variable("TELNYX_TOOLKIT_HOME", "Where the ledger is kept."),
    Variable(
        "TELNYX_TOOLKIT_DATABASE_URL",
        "A Postgres database with the ledger in it, for many hosts, instead of a file.",
        secret=True,
    ),
    Variable(
        "TELNYX_TOOLKIT_LEVEL",
        "The account's level, for calls at once and an hour; cautious if absent.",
    ),
    Variable(
        "TELNYX_TOOLKIT_APPROVAL_COMMAND",
        "The person's own program that takes plans and approval codes to them.",
    ),
    Variable(
        "TELNYX_TOOLKIT_OPENCLAW",
        "Absolute path of the openclaw command, for messages; found on PATH if absent.",
    ),
    Variable(
        "TELNYX_TOOLKIT_HOOK_URL",
        "The gateway's agent hook on this machine, told of results and questions.",
    ),
    Variable(
        "TELNYX_TOOLKIT_HOOK_TOKEN_FILE", "The path of a file that holds the token of that hook."
    ),
    Variable(
        "TELNYX_TOOLKIT_WEBHOOK_URL",
        "An https address of the person's that each notice is posted to.",
    ),
    Variable(
        "OPENCLAW_CHANNEL_CONTEXT",
        "Set by OpenClaw: the conversation that a command is from, where people are told.",
    ),
    Variable("XDG_DATA_HOME", "Where the ledger is kept, if TELNYX_TOOLKIT_HOME is not set."),
    Variable("XDG_CONFIG_HOME", "Where `setup systemd` suggests to put its files."),
)

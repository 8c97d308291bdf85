"""Every variable of the environment that is read, in one table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
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
        "TELNYX_TOOLKIT_LEVEL",
        "The account's level, for calls at once and an hour; cautious if absent.",
    ),
    Variable(
        "TELNYX_TOOLKIT_APPROVAL_COMMAND",
        "The person's own program that takes plans and approval codes to them.",
    ),
    Variable("XDG_DATA_HOME", "Where the ledger is kept, if TELNYX_TOOLKIT_HOME is not set."),
)

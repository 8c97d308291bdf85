"""The arguments of the tools: frozen dataclasses, from which every surface is derived."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from telnyx_toolkit.levels import LEVELS
from telnyx_toolkit.mission_arguments import OfMission
from telnyx_toolkit.tool import arg

#: What an agent may log by itself, in Telnyx's words.
NOTE_TYPES = ("message", "tool_call", "tool_result", "error", "custom")


@dataclass(frozen=True)
class CreateMission:
    """Arguments of `create_mission`."""

    brief: Mapping[str, Any] = arg(
        "The brief: a YAML or JSON file, or - for standard input.", "file", inline="The brief."
    )
    repeat: int = arg("To run the very same brief again: 2, 3, …", default=1)
    replaces: str = arg("A mission not yet started that shall have this brief instead.", default="")


@dataclass(frozen=True)
class RehearseMission:
    """Arguments of `rehearse_mission`."""

    brief: Mapping[str, Any] = arg(
        "The brief: a YAML or JSON file, or - for standard input.",
        "file",
        inline="The brief, as for plan_steps.",
    )
    callees: str = arg(
        "Who answers: a folder like fixtures/callees; else the people of that one.", default=""
    )
    transcripts: bool = arg("Show every word spoken.", default=False)
    start: str = arg(
        "When it begins, such as 2026-12-01T14:30Z; else the Monday of every rehearsal.", default=""
    )
    runs: int = arg(
        "So many runs, in which who answers is drawn from the mix: how likely each end is.",
        inline="So many, with drawn callees: how likely each end is.",
        default=1,
    )
    replay: int = arg("Play that one of the runs alone.", inline="One of them.", default=0)
    seed: int = arg("The same seed draws the same people.", inline="Draws them.", default=0)
    mix: Mapping[str, Any] | None = arg(
        "Shares and ranges in place of those of fixtures/mix.yaml: a YAML or JSON file. With"
        " --callees, only who picks up is drawn for people with a file.",
        "file",
        inline="Shares to draw by.",
        default=None,
    )


@dataclass(frozen=True)
class CheckAccount:
    """Arguments of `check_account`."""

    brief: Mapping[str, Any] | None = arg(
        "A brief to check the account for: a YAML or JSON file, or -.",
        "file",
        inline="A brief to check the account for.",
        default=None,
    )
    level: str = arg(
        f"The account's level, to be told its limits: {', '.join(LEVELS)}.", default=""
    )


@dataclass(frozen=True)
class PlanSteps:
    """Arguments of `plan_steps`: a mission, or a brief to make one of, or both to change it."""

    mission_id: str = arg(
        "The mission, such as m_0123456789ab; may be left out with --brief.",
        "positional",
        inline="The mission; may be left out with brief.",
        default="",
    )
    brief: Mapping[str, Any] | None = arg(
        "Make the mission of this brief first, as create-mission does; with MISSION, let it have"
        " this brief instead.",
        "file",
        inline="The brief of a new mission; with mission_id, let it have this brief instead.",
        default=None,
    )
    repeat: int = arg(
        "With --brief: to run the very same brief again: 2, 3, …",
        inline="To run the very same brief again: 2, 3, …",
        default=1,
    )
    shortlist: str = arg(
        'Between two stages: whom the next one goes on with, such as "One Name; Another".',
        default="",
    )
    notify: str = arg(
        "Where to tell the person what happens, such as telegram:12345; none for nowhere. Else the"
        " conversation that OpenClaw names.",
        default="",
    )
    resend: bool = arg(
        "Where codes are sent to the person: send a new one, the old one being lost.",
        default=False,
    )


@dataclass(frozen=True)
class ApprovePlan(OfMission):
    """Arguments of `approve_plan`."""

    plan_hash: str = arg("The hash of the plan that the person saw.")
    approved_by: str = arg("Who approved it.")
    words: str = arg("Their words of approval.")
    code: str = arg(
        "The code that was sent to them with the plan, where codes are sent.", default=""
    )


@dataclass(frozen=True)
class RunMission(OfMission):
    """Arguments of `run_mission`; those of an approval all together, or none."""

    plan_hash: str = arg(
        "To record the person's yes first, as approve-plan does: the hash of the plan they saw.",
        inline="With the person's yes: the hash of the plan they saw.",
        default="",
    )
    approved_by: str = arg(
        "Who approved it; with --plan-hash.", inline="Who approved it.", default=""
    )
    words: str = arg(
        "Their words of approval; with --plan-hash.",
        inline="Their words of approval.",
        default="",
    )
    code: str = arg("The code that was sent to them with the plan, if one was.", default="")
    wait: str = arg(
        "How long to wait at most, such as 30s, 10m, 2h; else to the end.", "wait", default=""
    )


@dataclass(frozen=True)
class CancelMission(OfMission):
    """Arguments of `cancel_mission` and `pause_mission`."""

    reason: str = arg("Why, for the record.")


@dataclass(frozen=True)
class LogEvent(OfMission):
    """Arguments of `log_event`."""

    summary: str = arg("What you did or decided, in one line.")
    type: str = arg(f"One of: {', '.join(NOTE_TYPES)}.", default="custom")
    step: str = arg("The step it belongs to, such as research.", default="")
    payload: Mapping[str, Any] | None = arg(
        "More, as a JSON or YAML file.", "file", inline="More, as an object.", default=None
    )


@dataclass(frozen=True)
class Summarize(OfMission):
    """Arguments of `summarize`."""

    narrative: str = arg(
        "A text file with what you add in your own words: kept beside the figures.",
        "text",
        inline="What you add in your own words: kept beside the figures.",
        default="",
    )


@dataclass(frozen=True)
class DoNotCall:
    """Arguments of `do_not_call`."""

    action: Literal["add", "remove", "list", "import"] = arg(
        "What to do: add or remove a number, list all, or import a CSV file.",
        "positional",
        inline="What to do: add or remove a number, list all, or import CSV.",
    )
    phone: str = arg("The number, such as +13125550101; with list, only its history.", default="")
    reason: str = arg("Why, in the words of who asked for it.", default="")
    file: str | None = arg(
        "To import: CSV with a column phone (else the first one), and maybe a column reason.",
        "text",
        inline="To import: CSV text with a column phone, and maybe a column reason.",
        default=None,
    )
    country: str = arg("The country of numbers without +, such as US.", default="")
    source: str = arg("Who told you, or which file it was.", inline="Who told you.", default="")
    skip_bad: bool = arg("Import the readable lines although others are not.", default=False)

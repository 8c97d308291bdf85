"""The missions that are killed: each the commands that a person or an agent would give."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

Doc = dict[str, Any]
#: Runs one tool as a command of its own would, or moves the sandbox's clock.
Do = Callable[..., Doc]

CATERING = Path(__file__).parents[3] / "fixtures" / "missions" / "catering.yaml"
#: By the sandbox's clock: within business hours, and when the first call is over.
OPEN, FIRST_IS_OVER = "2026-11-23T15:00:30+00:00", "2026-11-23T15:12:00+00:00"
NEXT_DAY = "2026-11-24T15:00:00+00:00"


def catering(do: Do) -> Doc:
    """The whole mission: three calls, one negotiation, and a day later what it cost."""
    mission = _approved(do, _brief())
    do("run_mission", mission_id=mission)
    do("summarize", mission_id=mission)
    do("clock", to=NEXT_DAY)
    return do("summarize", mission_id=mission)


def run(do: Do) -> Doc:
    """Only run, by one command, and nothing is asked about it afterwards."""
    return do("run_mission", mission_id=_approved(do, _brief()))


def cancellation(do: Do) -> Doc:
    """Cancelled when one call is over and another is scheduled."""
    mission = _approved(do, _brief())
    for time in (OPEN, FIRST_IS_OVER):
        do("clock", to=time)
        do("run_mission", mission_id=mission, wait="0")
    do("cancel_mission", mission_id=mission, reason="plans changed")
    do("run_mission", mission_id=mission)
    return do("summarize", mission_id=mission)


def texts(do: Do) -> Doc:
    """One target reached by text, one by telephone.

    Without an objective: its baseline is the first offer, and a death may change who is first.
    """
    targets = [
        {"name": "Texts", "phone": "+13125550131", "channel": "sms"},
        {"name": "Talks", "phone": "+13125550120"},
    ]
    zoned = [{**target, "timezone": "America/Chicago"} for target in targets]
    brief = {**_brief(), "strategy": "sweep", "targets": zoned, "objective": None}
    mission = _approved(do, brief)
    do("run_mission", mission_id=mission)
    do("clock", to=NEXT_DAY)  # by then all costs are known, however late a call was
    return do("summarize", mission_id=mission)


MISSIONS: dict[str, Callable[[Do], Doc]] = {
    "catering": catering,
    "run": run,
    "cancellation": cancellation,
    "texts": texts,
}


def _brief() -> Doc:
    return yaml.safe_load(CATERING.read_text(encoding="utf-8"))


def _approved(do: Do, brief: Doc) -> str:
    mission: str = do("create_mission", brief=brief)["mission_id"]
    plan_hash = do("plan_steps", mission_id=mission)["plan_hash"]
    do(
        "approve_plan",
        mission_id=mission,
        plan_hash=plan_hash,
        approved_by="Dana",
        words="Yes, go ahead: $62 or less!",
    )
    return mission

"""The arguments that many tools have: which mission, and which of its targets."""

from dataclasses import dataclass

from telnyx_toolkit.tool import arg


@dataclass(frozen=True)
class OfMission:
    """Arguments of tools that need no more than the mission."""

    mission_id: str = arg("The mission, such as m_0123456789ab.", "positional")


@dataclass(frozen=True)
class OfTarget(OfMission):
    """Arguments of tools about one target."""

    target: str = arg("The target's name, or its step such as call-1.")


@dataclass(frozen=True)
class ListMissions:
    """Arguments of `list_missions`."""

    leftovers: bool = arg("Only those with something left at Telnyx.", default=False)

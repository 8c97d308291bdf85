"""Opening a mission at Telnyx: the mission, its run, and the run's plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.effect_watch import effect
from telnyx_toolkit.engine.desk import Desk, Kit
from telnyx_toolkit.engine.effects import Change, perform
from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.model import Event, Json
from telnyx_toolkit.plan import digest
from telnyx_toolkit.script import mission_instructions
from telnyx_toolkit.stages import whole
from telnyx_toolkit.transitions import fold

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

_Send = Callable[[str, Json], Json]
_Look = Callable[[], Json | None]

_PENDING = "pending"


def draft(kit: Kit, brief: Brief, repeat: int) -> str:
    """The id of a brief's mission in our own ledger: the same brief is the same mission.

    Args:
        kit: What the engine works with.
        brief: What is asked.
        repeat: Counts missions of the very same brief.

    Raises:
        InvalidInput: the mission of this brief was given another one since.
    """
    document = brief.model_dump(mode="json")
    brief_hash = digest(document)
    key = f"brief:{kit.base_url}:{brief_hash}:{repeat}"
    known = kit.ledger.mission_with_key(key)
    if known is None:
        known = f"m_{kit.new_id().replace('-', '')[:12]}"
        data = {"brief": document, "brief_hash": brief_hash, "base_url": kit.base_url}
        event = Event(known, 1, "mission.drafted", kit.clock.now(), data)
        with effect("append mission.drafted", known):
            kit.ledger.append(event, key)
        kit.observe(event, fold([event]))
    desk = Desk(kit, known)
    if desk.state.brief_hash != brief_hash:
        raise InvalidInput(
            f"This brief made mission {known}, whose brief was replaced since.",
            fix=f"To run it as a mission of its own: create-mission --repeat {repeat + 1}",
        )
    return known


def revise(desk: Desk, brief: Brief) -> None:
    """Give a mission that has not started another brief; its plan and approval lapse.

    Raises:
        PolicyDenied: it has started.
    """
    document = brief.model_dump(mode="json")
    brief_hash = digest(document)
    if brief_hash == desk.state.brief_hash:
        return
    if desk.state.phase not in {"draft", "planned", "approved"} or desk.state.attempts:
        raise PolicyDenied(
            f"The mission is {desk.state.phase}: its brief cannot change any more.",
            code="already_started",
            fix="Cancel it (cancel-mission), then create a mission with the new brief.",
        )
    if replaced := desk.state.run_id:
        close_run(desk, replaced)
    desk.record("brief.revised", brief=document, brief_hash=brief_hash)


def open_mission(desk: Desk) -> None:
    """Make sure that the mission and the present brief's run exist at Telnyx.

    Neither endpoint takes an Idempotency-Key, so both carry our mission id as a nonce in
    `metadata`, which is looked for before anything is repeated.
    """
    perform(desk, Change("mission", _create_mission(desk), _find_mission(desk)))
    if desk.state.revision > 1:
        name = f"mission-{desk.state.revision}"
        perform(desk, Change(name, _update_mission(desk), lambda: None))
    name = f"run-{desk.state.revision}"
    perform(desk, Change(name, _create_run(desk), _find_run(desk)))


def post_plan(desk: Desk, steps: list[dict[str, Any]]) -> None:
    """Make sure that the run has its plan at Telnyx."""

    def send(_key: str, body: Json) -> Json:
        posted = desk.client.missions.post_plan(*desk.run, body["steps"])
        return {"steps": len(posted)}

    def look() -> Json | None:
        present = desk.client.missions.get_plan(*desk.run)
        return {"steps": len(present)} if present else None

    name = f"plan-{desk.state.revision}"
    perform(desk, Change(name, send, look, {"steps": steps}))


def close_run(desk: Desk, run_id: str) -> None:
    """Cancel a run that never started, because its brief or its shortlist was replaced."""
    mission_id = desk.state.telnyx_mission_id
    if desk.client.missions.get_run(mission_id, run_id).status == _PENDING:
        desk.client.missions.update_run(mission_id, run_id, status="cancelled")


def _fields(desk: Desk) -> dict[str, Any]:
    return {
        "name": desk.state.name,
        "description": desk.brief.goal,
        "instructions": mission_instructions(desk.brief),
        "metadata": {"toolkit_mission_id": desk.mission_id, "strategy": desk.brief.strategy},
    }


def _create_mission(desk: Desk) -> _Send:
    def send(_key: str, _body: Json) -> Json:
        made = desk.client.missions.create(**_fields(desk))
        return {"mission_id": made.mission_id}

    return send


def _update_mission(desk: Desk) -> _Send:
    def send(_key: str, _body: Json) -> Json:
        desk.client.missions.update(desk.state.telnyx_mission_id, **_fields(desk))
        return {}

    return send


def _find_mission(desk: Desk) -> _Look:
    def look() -> Json | None:
        for mission in desk.client.missions.list_all():
            if mission.metadata.get("toolkit_mission_id") == desk.mission_id:
                return {"mission_id": mission.mission_id}
        return None

    return look


def _create_run(desk: Desk) -> _Send:
    def send(_key: str, _body: Json) -> Json:
        made = desk.client.missions.create_run(
            desk.state.telnyx_mission_id, input=whole(desk.state.brief), metadata=_nonce(desk)
        )
        return {"run_id": made.run_id}

    return send


def _find_run(desk: Desk) -> _Look:
    def look() -> Json | None:
        for run in desk.client.missions.list_runs(desk.state.telnyx_mission_id):
            if all(run.metadata.get(k) == v for k, v in _nonce(desk).items()):
                return {"run_id": run.run_id}
        return None

    return look


def _nonce(desk: Desk) -> dict[str, str]:
    return {
        "toolkit_mission_id": desk.mission_id,
        "brief_hash": desk.state.brief_hash,
        "revision": str(desk.state.revision),  # a brief may come back after another
    }

"""Runs of a mission: the state machine pending, running, paused and three ends."""

from telnyx_toolkit.simulator.router import GET, PATCH, POST, Route
from telnyx_toolkit.simulator.routes_missions import mission_of, run_of
from telnyx_toolkit.simulator.shapes import Shape, choice, document, nullable, text
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, conflict
from telnyx_toolkit.simulator.world import World

PENDING, RUNNING, PAUSED = "pending", "running", "paused"
ENDS = ("succeeded", "failed", "cancelled")
STATUS = choice(PENDING, RUNNING, PAUSED, *ENDS)
#: Telnyx validates transitions but does not publish the table; this one follows its wording.
NEXT = {
    PENDING: {RUNNING, "failed", "cancelled"},
    RUNNING: {PAUSED, *ENDS},
    PAUSED: {RUNNING, *ENDS},
}
ACTIONS = {
    "pause": ({RUNNING}, PAUSED),
    "resume": ({PAUSED}, RUNNING),
    "cancel": ({RUNNING, PAUSED}, "cancelled"),
}


def create(world: World, ask: Ask) -> Reply:
    """POST /ai/missions/{mission_id}/runs: born pending, and `input` never changes."""
    mission, run_id, at = mission_of(world, ask), world.uuid(), world.stamp()
    world.runs[run_id] = {
        "run_id": run_id,
        "mission_id": mission["mission_id"],
        "status": PENDING,
        "started_at": at,
        "updated_at": at,
        "finished_at": None,
        "input": ask.body.get("input"),
        "metadata": ask.body.get("metadata"),
        "result_summary": None,
        "result_payload": None,
        "error": None,
    }
    return Reply(201, {"data": world.runs[run_id]})


def listed(world: World, ask: Ask) -> Reply:
    """GET /ai/missions/{mission_id}/runs, newest first."""
    mission = mission_of(world, ask)
    runs = [run for run in world.runs.values() if run["mission_id"] == mission["mission_id"]]
    return ask.paged([run for run in runs[::-1] if ask.wants(run, "status")])


def listed_everywhere(world: World, ask: Ask) -> Reply:
    """GET /ai/missions/runs, newest first."""
    return ask.paged([run for run in [*world.runs.values()][::-1] if ask.wants(run, "status")])


def show(world: World, ask: Ask) -> Reply:
    """GET /ai/missions/{mission_id}/runs/{run_id}."""
    return Reply(200, {"data": run_of(world, ask)})


def update(world: World, ask: Ask) -> Reply:
    """PATCH: a run that has ended keeps its status, yet takes a result; `metadata` is replaced."""
    run = run_of(world, ask)
    _become(world, run, ask.body.get("status", run["status"]))
    run |= ask.body | {"updated_at": world.stamp()}
    return Reply(200, {"data": run})


def act(world: World, ask: Ask) -> Reply:
    """POST …/pause, …/resume and …/cancel, each only from the states that Telnyx names."""
    run, action = run_of(world, ask), ask.path.rsplit("/", 1)[1]
    allowed, status = ACTIONS[action]
    if run["status"] not in allowed:
        raise conflict(f"Cannot {action} a run that is {run['status']}")
    _become(world, run, status)
    return Reply(200, {"data": run})


def _become(world: World, run: Doc, status: str) -> None:
    if status == run["status"]:
        return
    if status not in NEXT.get(run["status"], ()):
        raise conflict(f"A run cannot go from {run['status']} to {status}")
    run["status"], run["updated_at"] = status, world.stamp()
    if status in ENDS:
        run["finished_at"] = world.stamp()


MANY = "/ai/missions/{mission_id:uuid}/runs"
ONE = MANY + "/{run_id:uuid}"
NEW = Shape({"input": nullable(document), "metadata": nullable(document)})
CHANGE = Shape(
    {
        "status": STATUS,
        "error": nullable(text()),
        "metadata": nullable(document),
        "result_summary": nullable(text()),
        "result_payload": nullable(document),
    }
)
PAGES = Paging(20, 1000)
BY_STATUS = Shape({"status": STATUS})
ROUTES = (
    Route(GET, "/ai/missions/runs", listed_everywhere, query=BY_STATUS, paging=PAGES),
    Route(POST, MANY, create, body=NEW),
    Route(GET, MANY, listed, query=BY_STATUS, paging=PAGES),
    Route(GET, ONE, show),
    Route(PATCH, ONE, update, body=CHANGE),
    *(Route(POST, f"{ONE}/{action}", act) for action in ACTIONS),
)

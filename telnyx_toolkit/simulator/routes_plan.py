"""A run's plan and its log: a bare list of steps, and events that are only ever appended."""

from collections import Counter

from telnyx_toolkit.simulator.router import GET, PATCH, POST, Route
from telnyx_toolkit.simulator.routes_missions import run_of
from telnyx_toolkit.simulator.shapes import Shape, choice, document, items, nullable, number, text
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, conflict, not_found
from telnyx_toolkit.simulator.world import World, found

PENDING, IN_PROGRESS = "pending", "in_progress"
RANK = {PENDING: 0, IN_PROGRESS: 1, "completed": 2, "failed": 2, "skipped": 2}
DONE = 2
STEP = Shape(
    {
        "step_id": text(1, pattern=r"[A-Za-z0-9._~-]+"),
        "description": text(1),
        "sequence": number(whole=True),
        "parent_step_id": nullable(text()),
        "metadata": nullable(document),
    },
    ("step_id", "description", "sequence"),
)
TYPES = choice(
    "status_change",
    "step_started",
    "step_completed",
    "step_failed",
    "tool_call",
    "tool_result",
    "message",
    "error",
    "custom",
)
ENTRY = Shape(
    {
        "type": TYPES,
        "summary": text(1),
        "step_id": nullable(text()),
        "agent_id": nullable(text()),
        "payload": nullable(document),
        "idempotency_key": nullable(text(1)),
    },
    ("type", "summary"),
)


def create(world: World, ask: Ask) -> Reply:
    """POST …/plan: a run has one plan; more steps go to …/plan/steps."""
    run = run_of(world, ask)
    if world.plans.get(run["run_id"]):
        raise conflict("This run has a plan; append to it with plan/steps")
    return append(world, ask)


def append(world: World, ask: Ask) -> Reply:
    """POST …/plan/steps: each `step_id` is taken once."""
    run = run_of(world, ask)
    plan = world.plans.setdefault(run["run_id"], {})
    given = Counter(step["step_id"] for step in ask.body["steps"])
    twice = [step_id for step_id, times in given.items() if times > 1 or step_id in plan]
    if twice:
        raise conflict(f"Step {twice[0]} exists already")
    made = [_step(run, step) for step in ask.body["steps"]]
    plan.update((step["step_id"], step) for step in made)
    return Reply(201, {"data": made[::-1]})


def plan(world: World, ask: Ask) -> Reply:
    """GET …/plan: a list, whole and in no promised order."""
    steps = world.plans.get(run_of(world, ask)["run_id"], {})
    return Reply(200, {"data": list(steps.values())[::-1]})


def step(world: World, ask: Ask) -> Reply:
    """GET …/plan/steps/{step_id}."""
    return Reply(200, {"data": _step_of(world, ask)})


def change_step(world: World, ask: Ask) -> Reply:
    """PATCH …/plan/steps/{step_id}: status goes forward only; the rest of a step is fixed."""
    one = _step_of(world, ask)
    status = ask.body.get("status", one["status"])
    if status != one["status"]:
        skips = one["status"] == PENDING and RANK[status] == DONE
        if RANK[status] <= RANK[one["status"]] or (
            skips and world.account.quirks.steps_begin_first
        ):
            raise conflict(f"A step cannot go from {one['status']} to {status}")
        one["started_at"] = one["started_at"] or world.stamp()
        one["completed_at"] = world.stamp() if RANK[status] == DONE else None
    one |= ask.body
    return Reply(200, {"data": one})


def log(world: World, ask: Ask) -> Reply:
    """POST …/events: a key that this run has seen returns the first event, with 200."""
    run, key = run_of(world, ask), ask.body.get("idempotency_key")
    if key and (known := world.logged.get((run["run_id"], key))):
        return Reply(200, {"data": known})
    empty = dict.fromkeys(("step_id", "agent_id", "payload", "idempotency_key"))
    entry = {
        "event_id": world.uuid(),
        "run_id": run["run_id"],
        "timestamp": world.stamp(),
        **empty,
        **ask.body,
    }
    world.log.append(entry)
    if key:
        world.logged[run["run_id"], key] = entry
    return Reply(201, {"data": entry})


def entries(world: World, ask: Ask) -> Reply:
    """GET …/events, newest first."""
    run_id = run_of(world, ask)["run_id"]
    mine = [entry for entry in world.log[::-1] if entry["run_id"] == run_id]
    return ask.paged([one for one in mine if ask.wants(one, "type", "step_id", "agent_id")])


def entries_everywhere(world: World, ask: Ask) -> Reply:
    """GET /ai/missions/events, newest first."""
    return ask.paged([entry for entry in world.log[::-1] if ask.wants(entry, "type")])


def entry(world: World, ask: Ask) -> Reply:
    """GET …/events/{event_id}."""
    run_id, event_id = run_of(world, ask)["run_id"], ask.params["event_id"]
    for one in world.log:
        if (one["run_id"], one["event_id"]) == (run_id, event_id):
            return Reply(200, {"data": one})
    raise not_found("Event")


def _step(run: Doc, given: Doc) -> Doc:
    empty = dict.fromkeys(("parent_step_id", "metadata", "started_at", "completed_at"))
    return {**empty, **given, "run_id": run["run_id"], "status": PENDING}


def _step_of(world: World, ask: Ask) -> Doc:
    steps = world.plans.get(run_of(world, ask)["run_id"], {})
    return found(steps, ask.params["step_id"], "Step")


RUN = "/ai/missions/{mission_id:uuid}/runs/{run_id:uuid}"
STEPS = Shape({"steps": items(STEP, 1)}, ("steps",))
CHANGE = Shape({"status": choice(*RANK), "metadata": nullable(document)})
PAGES = Paging(50, 1000)
ROUTES = (
    Route(
        GET, "/ai/missions/events", entries_everywhere, query=Shape({"type": TYPES}), paging=PAGES
    ),
    Route(POST, RUN + "/plan", create, body=STEPS),
    Route(GET, RUN + "/plan", plan),
    Route(POST, RUN + "/plan/steps", append, body=STEPS),
    Route(GET, RUN + "/plan/steps/{step_id}", step),
    Route(PATCH, RUN + "/plan/steps/{step_id}", change_step, body=CHANGE),
    Route(POST, RUN + "/events", log, body=ENTRY),
    Route(
        GET,
        RUN + "/events",
        entries,
        query=Shape({"type": TYPES, "step_id": text(), "agent_id": text()}),
        paging=PAGES,
    ),
    Route(GET, RUN + "/events/{event_id}", entry),
)

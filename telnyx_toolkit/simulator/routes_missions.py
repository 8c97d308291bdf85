"""Missions and the assistants linked to their runs: all wrapped in `data`, 201 and 204."""

from telnyx_toolkit.simulator.router import DELETE, GET, POST, PUT, Route
from telnyx_toolkit.simulator.shapes import Shape, choice, document, nullable, optional, text
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, conflict, not_found
from telnyx_toolkit.simulator.world import World, found

EXTERNAL = "external"
MISSION = Shape(
    {
        "name": text(1),
        "description": nullable(text()),
        "instructions": nullable(text()),
        "model": nullable(text()),
        "execution_mode": choice(EXTERNAL, "managed"),
        "metadata": nullable(document),
    },
    ("name",),
)
LINK = Shape({"telnyx_agent_id": text(1)}, ("telnyx_agent_id",))


def create(world: World, ask: Ask) -> Reply:
    """POST /ai/missions: takes no Idempotency-Key, so that a repeat makes a second one."""
    mission_id, at = world.uuid(), world.stamp()
    mission = _filled(ask.body) | {
        "mission_id": mission_id,
        "name": ask.body["name"],
        "execution_mode": ask.body.get("execution_mode", EXTERNAL),
        "created_at": at,
        "updated_at": at,
    }
    world.missions[mission_id] = mission
    return Reply(201, {"data": mission})


def listed(world: World, ask: Ask) -> Reply:
    """GET /ai/missions: newest first, no filter."""
    return ask.paged(list(world.missions.values())[::-1])


def show(world: World, ask: Ask) -> Reply:
    """GET /ai/missions/{mission_id}."""
    return Reply(200, {"data": mission_of(world, ask)})


def update(world: World, ask: Ask) -> Reply:
    """PUT /ai/missions/{mission_id}: what is left out is cleared, the name and mode excepted."""
    mission = mission_of(world, ask)
    kept = {name: mission[name] for name in ("name", "execution_mode")}
    mission |= _filled(ask.body) | kept | ask.body | {"updated_at": world.stamp()}
    return Reply(200, {"data": mission})


def delete(world: World, ask: Ask) -> Reply:
    """`/ai/missions/{mission_id}`, DELETE: with its runs."""
    mission = mission_of(world, ask)
    del world.missions[mission["mission_id"]]
    gone = [
        run_id for run_id, run in world.runs.items() if run["mission_id"] == mission["mission_id"]
    ]
    for run_id in gone:
        del world.runs[run_id]
        world.plans.pop(run_id, None)
    world.log = [entry for entry in world.log if entry["run_id"] in world.runs]
    world.links = [link for link in world.links if link["run_id"] in world.runs]
    return Reply(204)


def link(world: World, ask: Ask) -> Reply:
    """POST …/telnyx-agents: an assistant is linked once."""
    run, agent_id = run_of(world, ask), ask.body["telnyx_agent_id"]
    world.assistant(agent_id)
    made = {"run_id": run["run_id"], "telnyx_agent_id": agent_id}
    if any(one.items() >= made.items() for one in world.links):
        raise conflict(f"{agent_id} is linked to this run already")
    world.links.append(made | {"created_at": world.stamp()})
    return Reply(201, {"data": world.links[-1]})


def links(world: World, ask: Ask) -> Reply:
    """GET …/telnyx-agents: the whole list."""
    run = run_of(world, ask)
    return Reply(200, {"data": [one for one in world.links if one["run_id"] == run["run_id"]]})


def unlink(world: World, ask: Ask) -> Reply:
    """DELETE …/telnyx-agents/{telnyx_agent_id}."""
    gone = {"run_id": run_of(world, ask)["run_id"], "telnyx_agent_id": ask.params["agent_id"]}
    left = [one for one in world.links if not one.items() >= gone.items()]
    if len(left) == len(world.links):
        raise not_found("Linked agent")
    world.links = left
    return Reply(204)


def mission_of(world: World, ask: Ask) -> Doc:
    """The mission in the path, or a refusal with 404."""
    return found(world.missions, ask.params["mission_id"], "Mission")


def run_of(world: World, ask: Ask) -> Doc:
    """The run in the path if it is one of the mission in the path, or a refusal with 404."""
    mission = mission_of(world, ask)
    run = found(world.runs, ask.params["run_id"], "Run")
    if run["mission_id"] != mission["mission_id"]:
        raise not_found("Run")
    return run


def _filled(body: Doc) -> Doc:
    empty = dict.fromkeys(("description", "instructions", "model", "metadata"))
    return {**empty, **{name: value for name, value in body.items() if name in empty}}


ONE = "/ai/missions/{mission_id:uuid}"
AGENTS = ONE + "/runs/{run_id:uuid}/telnyx-agents"
ROUTES = (
    Route(POST, "/ai/missions", create, body=MISSION),
    Route(GET, "/ai/missions", listed, paging=Paging(20, 1000)),
    Route(GET, ONE, show),
    Route(PUT, ONE, update, body=optional(MISSION)),
    Route(DELETE, ONE, delete),
    Route(POST, AGENTS, link, body=LINK),
    Route(GET, AGENTS, links),
    Route(DELETE, AGENTS + "/{agent_id}", unlink),
)

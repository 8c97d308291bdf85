"""Insight templates and the groups that an assistant runs after every conversation."""

import json
from collections.abc import Iterator
from typing import Any

from telnyx_toolkit.simulator.insights import open_objects, schema_of
from telnyx_toolkit.simulator.router import DELETE, GET, POST, PUT, Route
from telnyx_toolkit.simulator.shapes import (
    Flaw,
    Loc,
    Shape,
    document,
    either,
    nullable,
    optional,
    text,
)
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, bad_request
from telnyx_toolkit.simulator.world import World, found


def json_text(value: Any, loc: Loc) -> Iterator[Flaw]:
    """A JSON object written into a string."""
    try:
        fits = isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        fits = False
    if not fits:
        yield Flaw(loc, "Input should be an object or its JSON", "json_type")


INSIGHT = Shape(
    {
        "name": text(1),
        "instructions": text(1),
        "json_schema": nullable(either(document, json_text)),
        "webhook": text(),
    },
    ("name", "instructions"),
)
GROUP = Shape({"name": text(1), "description": text(), "webhook": text()}, ("name",))


def create(world: World, ask: Ask) -> Reply:
    """POST /ai/conversations/insights."""
    _check_schema(ask.body)
    insight_id = world.uuid()
    world.insights[insight_id] = {
        "id": insight_id,
        "json_schema": None,
        "webhook": "",
        **ask.body,
        "insight_type": "custom",
        "created_at": world.stamp(),
    }
    return Reply(200, {"data": world.insights[insight_id]})


def listed(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations/insights, newest first, Telnyx's own Summary among them."""
    return ask.paged(list(world.insights.values())[::-1])


def show(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations/insights/{insight_id}."""
    return Reply(200, {"data": _insight(world, ask)})


def update(world: World, ask: Ask) -> Reply:
    """PUT /ai/conversations/insights/{insight_id}: fields left out stay."""
    insight = _insight(world, ask)
    _check_schema(ask.body)
    insight |= ask.body
    return Reply(200, {"data": insight})


def delete(world: World, ask: Ask) -> Reply:
    """`/ai/conversations/insights/{insight_id}`, DELETE: groups lose it too."""
    insight_id = _insight(world, ask)["id"]
    del world.insights[insight_id]
    for group in world.groups.values():
        group["insights"] = [one for one in group["insights"] if one != insight_id]
    return Reply(200)


def create_group(world: World, ask: Ask) -> Reply:
    """POST /ai/conversations/insight-groups."""
    group_id = world.uuid()
    world.groups[group_id] = {
        "id": group_id,
        "description": "",
        "webhook": "",
        **ask.body,
        "insights": [],
        "created_at": world.stamp(),
    }
    return Reply(200, {"data": _view(world, world.groups[group_id])})


def groups(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations/insight-groups, newest first."""
    return ask.paged([_view(world, group) for group in list(world.groups.values())[::-1]])


def group(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations/insight-groups/{group_id}."""
    return Reply(200, {"data": _view(world, _group(world, ask))})


def update_group(world: World, ask: Ask) -> Reply:
    """PUT /ai/conversations/insight-groups/{group_id}: fields left out stay."""
    one = _group(world, ask)
    one |= ask.body
    return Reply(200, {"data": _view(world, one)})


def delete_group(world: World, ask: Ask) -> Reply:
    """`/ai/conversations/insight-groups/{group_id}`, DELETE: its insights stay."""
    del world.groups[_group(world, ask)["id"]]
    return Reply(200)


def assign(world: World, ask: Ask) -> Reply:
    """POST …/insights/{insight_id}/assign: an empty body comes back."""
    insights, insight_id = _group(world, ask)["insights"], _insight(world, ask)["id"]
    if insight_id not in insights:
        insights.append(insight_id)
    return Reply(200)


def unassign(world: World, ask: Ask) -> Reply:
    """DELETE …/insights/{insight_id}/unassign: an empty body comes back."""
    one, insight_id = _group(world, ask), _insight(world, ask)["id"]
    one["insights"] = [other for other in one["insights"] if other != insight_id]
    return Reply(200)


def _check_schema(body: Doc) -> None:
    places = open_objects(schema_of(body))
    if places:
        raise bad_request(f"json_schema: additionalProperties must be false at {places[0]}")


def _insight(world: World, ask: Ask) -> Doc:
    return found(world.insights, ask.params["insight_id"], "Insight")


def _group(world: World, ask: Ask) -> Doc:
    return found(world.groups, ask.params["group_id"], "Insight group")


def _view(world: World, one: Doc) -> Doc:
    return {**one, "insights": [world.insights[insight_id] for insight_id in one["insights"]]}


INSIGHTS = "/ai/conversations/insights"
GROUPS = "/ai/conversations/insight-groups"
ONE, ONE_GROUP = INSIGHTS + "/{insight_id:uuid}", GROUPS + "/{group_id:uuid}"
MEMBER = ONE_GROUP + "/insights/{insight_id:uuid}"
PAGES = Paging(20, 99)
ROUTES = (
    Route(POST, INSIGHTS, create, body=INSIGHT, keyed=True),
    Route(GET, INSIGHTS, listed, paging=PAGES),
    Route(GET, ONE, show),
    Route(PUT, ONE, update, body=optional(INSIGHT)),
    Route(DELETE, ONE, delete),
    Route(POST, GROUPS, create_group, body=GROUP, keyed=True),
    Route(GET, GROUPS, groups, paging=PAGES),
    Route(GET, ONE_GROUP, group),
    Route(PUT, ONE_GROUP, update_group, body=optional(GROUP)),
    Route(DELETE, ONE_GROUP, delete_group),
    Route(POST, MEMBER + "/assign", assign),
    Route(DELETE, MEMBER + "/unassign", unassign),
)

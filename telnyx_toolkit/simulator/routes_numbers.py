"""Phone numbers, TeXML applications and outbound voice profiles: what a call goes out through."""

from collections.abc import Mapping
from typing import Any

from telnyx_toolkit.simulator.account import NUMBER_STATUSES
from telnyx_toolkit.simulator.router import DELETE, GET, PATCH, Route
from telnyx_toolkit.simulator.shapes import (
    Kind,
    Shape,
    choice,
    document,
    flag,
    items,
    nullable,
    number,
    text,
)
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, bad_request, refusal
from telnyx_toolkit.simulator.world import World, found

#: The column of each exact filter of GET /phone_numbers that is modelled.
EXACT = {
    "filter[status]": "status",
    "filter[country_iso_alpha2]": "country_iso_alpha2",
    "filter[connection_id]": "connection_id",
    "filter[customer_reference]": "customer_reference",
    "filter[number_type][eq]": "phone_number_type",
}
SORTS = ("purchased_at", "phone_number", "connection_name")
FILTERS: dict[str, Kind] = {
    **dict.fromkeys(EXACT, text(1)),
    "filter[status]": choice(*NUMBER_STATUSES),
    "filter[phone_number]": text(3, pattern=r"\d+"),
    "filter[tag]": text(1),
    "filter[voice.connection_name][contains]": text(1),
    "sort": choice(*SORTS, *(f"-{name}" for name in SORTS)),
    "handle_messaging_profile_error": choice("true", "false"),
}


def numbers(world: World, ask: Ask) -> Reply:
    """GET /phone_numbers; there is no filter for numbers without a connection."""
    kept = [_named(world, doc) for doc in world.numbers.values()]
    for name, column in EXACT.items():
        if name in ask.query:
            kept = [doc for doc in kept if doc[column] == ask.query[name]]
    part = ask.query.get("filter[phone_number]", "")
    tag = ask.query.get("filter[tag]")
    line = ask.query.get("filter[voice.connection_name][contains]", "")
    kept = [
        doc
        for doc in kept
        if part in doc["phone_number"]
        if tag is None or tag in doc["tags"]
        if line in (doc["connection_name"] or "")
    ]
    sort = ask.query.get("sort", "created_at")
    kept.sort(key=lambda doc: doc[sort.lstrip("-")] or "", reverse=sort.startswith("-"))
    return ask.paged(kept)


def show_number(world: World, ask: Ask) -> Reply:
    """GET /phone_numbers/{id}."""
    return Reply(200, {"data": _named(world, _number(world, ask))})


def change_number(world: World, ask: Ask) -> Reply:
    """PATCH /phone_numbers/{id}: a connection is taken from whoever had it, without a word."""
    doc, changes = _number(world, ask), dict(ask.body)
    if changes.get("hd_voice_enabled") and world.account.quirks.no_hd_voice:
        raise bad_request(f"HD voice is not supported for the number {doc['phone_number']}")
    if "connection_id" in changes:
        changes["connection_id"] = changes["connection_id"] or None
        _check_known(changes["connection_id"], world.connections, "connection_id")
        old = {"connection_name": doc["connection_name"]} if _same(doc, changes) else {}
        changes |= {"connection_name": None} | old
    doc |= changes
    return Reply(200, {"data": _named(world, doc)})


def show_messaging(world: World, ask: Ask) -> Reply:
    """GET /phone_numbers/{id}/messaging."""
    return Reply(200, {"data": _messaging(_number(world, ask))})


def change_messaging(world: World, ask: Ask) -> Reply:
    """PATCH /phone_numbers/{id}/messaging: "" takes the profile away, null keeps it."""
    doc = _number(world, ask)
    profile = ask.body.get("messaging_profile_id")
    if profile is not None:
        doc["messaging_profile_id"] = profile or None
    doc["tags"] = ask.body.get("tags", doc["tags"])
    return Reply(200, {"data": _messaging(doc)})


def apps(world: World, ask: Ask) -> Reply:
    """GET /texml_applications, newest first."""
    part = ask.query.get("filter[friendly_name]", "")
    return ask.paged(
        [app for app in list(world.apps.values())[::-1] if part in app["friendly_name"]]
    )


def show_app(world: World, ask: Ask) -> Reply:
    """GET /texml_applications/{id}."""
    return Reply(200, {"data": _app(world, ask)})


def change_app(world: World, ask: Ask) -> Reply:
    """PATCH /texml_applications/{id}: the name and the URL are required here too."""
    app, changes = _app(world, ask), dict(ask.body)
    profile = changes.get("outbound", {}).get("outbound_voice_profile_id")
    _check_known(profile, world.profiles, "outbound_voice_profile_id")
    for part in ("inbound", "outbound"):
        changes[part] = app[part] | changes.get(part, {})
    app |= changes | {"updated_at": world.stamp()}
    return Reply(200, {"data": app})


def delete_app(world: World, ask: Ask) -> Reply:
    """`/texml_applications/{id}`, DELETE: numbers keep pointing at it."""
    app = _app(world, ask)
    del world.apps[app["id"]]
    return Reply(200, {"data": app})


def profiles(world: World, ask: Ask) -> Reply:
    """GET /outbound_voice_profiles."""
    part = ask.query.get("filter[name][contains]", "")
    sort = ask.query.get("sort", "name")
    kept = [_counted(world, doc) for doc in world.profiles.values() if part in doc["name"]]
    kept.sort(key=lambda doc: str(doc[sort.lstrip("-")]), reverse=sort.startswith("-"))
    return ask.paged(kept)


def show_profile(world: World, ask: Ask) -> Reply:
    """GET /outbound_voice_profiles/{id}."""
    return Reply(200, {"data": _counted(world, _profile(world, ask))})


def change_profile(world: World, ask: Ask) -> Reply:
    """PATCH /outbound_voice_profiles/{id}: `name` is required here too."""
    profile = _profile(world, ask)
    profile |= ask.body | {"updated_at": world.stamp()}
    return Reply(200, {"data": _counted(world, profile)})


def _number(world: World, ask: Ask) -> Doc:
    return found(world.numbers, ask.params["number_id"], "Phone number")


def _app(world: World, ask: Ask) -> Doc:
    return found(world.apps, ask.params["app_id"], "TeXML application")


def _profile(world: World, ask: Ask) -> Doc:
    return found(world.profiles, ask.params["profile_id"], "Outbound voice profile")


def _named(world: World, doc: Doc) -> Doc:
    app = world.apps.get(doc["connection_id"] or "")
    return doc | ({"connection_name": app["friendly_name"]} if app else {})


def _counted(world: World, doc: Doc) -> Doc:
    used = [app["outbound"]["outbound_voice_profile_id"] for app in world.apps.values()]
    return doc | {"connections_count": used.count(doc["id"])}


def _messaging(doc: Doc) -> Doc:
    shown = {name: doc[name] for name in ("id", "phone_number", "messaging_profile_id", "tags")}
    country = doc["country_iso_alpha2"]
    return {"record_type": "messaging_settings", "country_code": country, **shown}


def _same(doc: Mapping[str, Any], changes: Mapping[str, Any]) -> bool:
    return doc["connection_id"] == changes["connection_id"]


def _check_known(given: str | None, known: Mapping[str, Any] | set[str], name: str) -> None:
    if given is not None and given not in known:
        raise refusal(422, "10027", f"{name}: {given} does not exist", {"pointer": f"/{name}"})


CHANNELS = nullable(number(1, whole=True))
CALLBACK = choice("get", "post")
NUMBER_CHANGE = Shape(
    {
        "connection_id": nullable(text()),
        "tags": items(text()),
        "customer_reference": nullable(text()),
        "hd_voice_enabled": flag,
        "billing_group_id": nullable(text()),
        "address_id": nullable(text()),
        "external_pin": nullable(text()),
    }
)
MESSAGING_CHANGE = Shape(
    {
        "messaging_profile_id": nullable(text()),
        "messaging_product": text(),
        "tags": items(text()),
    }
)
APP_CHANGE = Shape(
    {
        "friendly_name": text(1),
        "voice_url": text(1),
        "active": flag,
        "anchorsite_override": text(),
        "dtmf_type": choice("RFC 2833", "Inband", "SIP INFO"),
        "first_command_timeout": flag,
        "first_command_timeout_secs": number(0, whole=True),
        "inbound": document,
        "outbound": Shape(
            {"channel_limit": CHANNELS, "outbound_voice_profile_id": nullable(text(1))}
        ),
        "status_callback": text(),
        "status_callback_method": CALLBACK,
        "tags": items(text()),
        "voice_fallback_url": text(),
        "voice_method": CALLBACK,
    },
    ("friendly_name", "voice_url"),
)
PROFILE_CHANGE = Shape(
    {
        "name": text(3),
        "enabled": flag,
        "whitelisted_destinations": items(text(2, 2)),
        "concurrent_call_limit": CHANNELS,
        "daily_spend_limit": nullable(text()),
        "daily_spend_limit_enabled": flag,
        "max_destination_rate": nullable(number(0)),
        "calling_window": document,
        "traffic_type": choice("conversational"),
        "service_plan": choice("global"),
        "usage_payment_method": choice("rate-deck"),
        "call_recording": document,
        "billing_group_id": nullable(text()),
        "tags": items(text()),
    },
    ("name",),
)
NUMBER = "/phone_numbers/{number_id:digits}"
APP = "/texml_applications/{app_id:digits}"
PROFILE = "/outbound_voice_profiles/{profile_id:digits}"
PAGES = Paging(20, 250)
PROFILE_QUERY = Shape({"filter[name][contains]": text(1), "sort": choice("name", "-name")})
ROUTES = (
    Route(GET, "/phone_numbers", numbers, query=Shape(FILTERS), paging=PAGES),
    Route(GET, NUMBER, show_number),
    Route(PATCH, NUMBER, change_number, body=NUMBER_CHANGE),
    Route(GET, NUMBER + "/messaging", show_messaging),
    Route(PATCH, NUMBER + "/messaging", change_messaging, body=MESSAGING_CHANGE),
    Route(
        GET,
        "/texml_applications",
        apps,
        query=Shape({"filter[friendly_name]": text(1)}),
        paging=PAGES,
    ),
    Route(GET, APP, show_app),
    Route(PATCH, APP, change_app, body=APP_CHANGE),
    Route(DELETE, APP, delete_app),
    Route(GET, "/outbound_voice_profiles", profiles, query=PROFILE_QUERY, paging=PAGES),
    Route(GET, PROFILE, show_profile),
    Route(PATCH, PROFILE, change_profile, body=PROFILE_CHANGE),
)

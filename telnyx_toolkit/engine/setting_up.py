"""Setting up who calls: insights, the assistant, its voice profile, and a borrowed number."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from telnyx_toolkit.engine.account import voice_profile
from telnyx_toolkit.engine.borrowing import borrow, give_back, settle_number
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.effects import Change, perform, settle, undo
from telnyx_toolkit.engine.names import (
    ANSWERS,
    APPLICATION,
    ASSISTANT,
    GROUP,
    LINK,
    NUMBER,
    PROFILE,
    SUMMARY,
)
from telnyx_toolkit.engine.problem import not_yet
from telnyx_toolkit.engine.starting import require_account
from telnyx_toolkit.errors import AccountNotReady, TelnyxError
from telnyx_toolkit.model import Json
from telnyx_toolkit.script import assistant_body, insight_schema, lost

_LOOKS, _BETWEEN_LOOKS = 5, timedelta(seconds=2)


def set_up(desk: Desk) -> None:
    """Make sure that everything a call needs is there; remove what was made if it cannot be.

    Raises:
        TelnyxError: it cannot be now. Refused: nothing is left behind. Unanswered: the next
            call goes on where this one stopped.
    """
    step = desk.state.step("setup")
    if step and step.status == "completed":
        return
    desk.move_step("setup", "started")
    with nothing_left_behind(desk):
        create_assistant(desk)
        assign_number(desk)
    desk.move_step("setup", "completed", summary=_ready(desk))


@contextmanager
def nothing_left_behind(desk: Desk) -> Generator[None]:
    """Remove what was made when Telnyx refuses a part of it; a passing fault is no refusal."""
    try:
        yield
    except TelnyxError as problem:
        if not problem.transient:
            put_back(desk)
        raise


def create_assistant(desk: Desk) -> None:
    """Make sure that insights and assistant exist and the assistant is linked to the run.

    Asks the account for a free number and a voice profile first, so that nothing is made in an
    account that cannot call.
    """
    if not desk.state.did(NUMBER) and not desk.state.did(ASSISTANT):
        require_account(desk)
    _make_insights(desk)
    perform(desk, _assistant(desk))
    perform(desk, _application(desk))
    perform(desk, _link(desk))


def assign_number(desk: Desk) -> None:
    """Make sure that the assistant has a number to call from, and may call out."""
    if desk.brief.makes_calls:
        perform(desk, _profile(desk))
    borrow(desk)


def put_back(desk: Desk, *, keep: bool = False) -> None:
    """Return the number and remove what was made, newest first; safe to repeat.

    Args:
        desk: The mission.
        keep: Leave everything but the number.
    """
    client = desk.client
    _settle_all(desk)

    def delete_assistant(made: Json) -> None:
        client.assistants.delete(made["id"])

    give_back(desk)
    if keep:
        return
    undo(desk, LINK, lambda _: None)  # the run keeps the record of who worked for it
    undo(desk, PROFILE, lambda _: None)  # goes with its application
    undo(desk, ASSISTANT, delete_assistant)
    undo(desk, APPLICATION, lambda made: _delete_application(desk, made))
    for insight in (ANSWERS, SUMMARY):
        undo(desk, f"{insight}-assigned", lambda _: None)  # goes with the group
    undo(desk, GROUP, lambda made: client.insights.delete_group(made["id"]))
    for insight in (ANSWERS, SUMMARY):
        undo(desk, insight, lambda made: client.insights.delete(made["id"]))


def _settle_all(desk: Desk) -> None:
    """Find out what unheard answers left behind, so that it can be removed."""
    settle_number(desk)
    for name in (ANSWERS, SUMMARY, GROUP, ASSISTANT):
        settle(desk, name, lambda name=name: _seek(desk, name))
    if desk.state.did(ASSISTANT) and not desk.state.did(APPLICATION):
        _learn_application(desk)


def _seek(desk: Desk, name: str) -> Json | None:
    """What an earlier request for `name`, as the ledger has it, left at Telnyx."""
    body = desk.state.effects[name].body
    lists: dict[str, Callable[[], Sequence[Any]]] = {
        ANSWERS: desk.client.insights.list_all,
        SUMMARY: desk.client.insights.list_all,
        GROUP: desk.client.insights.list_groups,
        ASSISTANT: desk.client.assistants.list_all,
    }
    return next(({"id": made.id} for made in lists[name]() if made.name == body["name"]), None)


def _ready(desk: Desk) -> str:
    return f"The assistant is ready and calls from {desk.state.result_of(NUMBER)['phone_number']}"


def _tagged(desk: Desk, what: str) -> str:
    """A name that says whose it is: looked for when an answer was lost."""
    return f"{what} ({desk.mission_id})"


def _make_insights(desk: Desk) -> None:
    """Two questions about every call, in one group that exists before any call."""
    prompts, brief = desk.kit.prompts, desk.brief
    _insight(desk, ANSWERS, prompts.insight_answers(brief), insight_schema(brief))
    _insight(desk, SUMMARY, prompts.insight_summary(brief), None)

    def send(key: str, body: Json) -> Json:
        made = desk.client.insights.create_group(
            name=body["name"], description="Made by telnyx-toolkit.", idempotency_key=key
        )
        return {"id": made.id}

    name = _tagged(desk, "Answers and summary")
    group = perform(desk, Change(GROUP, send, lambda: _seek(desk, GROUP), {"name": name}))
    for insight in (ANSWERS, SUMMARY):
        _assign(desk, group["id"], insight)


def _insight(desk: Desk, effect: str, instructions: str, schema: dict[str, Any] | None) -> None:
    name = _tagged(desk, effect.removeprefix("insight-").capitalize())

    def send(key: str, body: Json) -> Json:
        made = desk.client.insights.create(
            name=body["name"],
            instructions=body["instructions"],
            json_schema=body["json_schema"],
            idempotency_key=key,
        )
        return {"id": made.id}

    body = {"name": name, "instructions": instructions, "json_schema": schema}
    perform(desk, Change(effect, send, lambda: _seek(desk, effect), body))


def _assign(desk: Desk, group_id: str, insight: str) -> None:
    insight_id = desk.state.result_of(insight)["id"]

    def send(_key: str, _body: Json) -> Json:
        desk.client.insights.assign(group_id, insight_id)
        return {}

    def look() -> Json | None:
        members = desk.client.insights.get_group(group_id).insights
        return {} if any(member.id == insight_id for member in members) else None

    perform(desk, Change(f"{insight}-assigned", send, look))


def _assistant(desk: Desk) -> Change:
    group_id = desk.state.result_of(GROUP)["id"]
    body = assistant_body(desk.brief, desk.kit.prompts, group_id)
    body["name"] = _tagged(desk, desk.brief.name)

    def send(key: str, body: Json) -> Json:
        return {"id": desk.client.assistants.create(body, idempotency_key=key).id}

    return Change(ASSISTANT, send, lambda: _seek(desk, ASSISTANT), body)


def _application(desk: Desk) -> Change:
    """The TeXML application that Telnyx makes for the assistant; it may show a moment later.

    The same look tells whether Telnyx kept the assistant as it was sent.
    """

    def send(_key: str, _body: Json) -> Json:
        made = desk.client.assistants.get(desk.state.result_of(ASSISTANT)["id"])
        if gone := lost(desk.state.effects[ASSISTANT].body, made.raw):
            raise AccountNotReady(
                f"Telnyx did not keep the assistant as it was sent: {', '.join(gone)}."
                " Nobody was called.",
                code="assistant_incomplete",
                fix="Leave voice.model and voice.voice out of the brief if they are named;"
                " else report it: the Telnyx API may have changed.",
            )
        if not made.texml_app_id:
            raise not_yet(
                "no_application",
                "Telnyx has not made the assistant's telephony application yet.",
                "Wait a minute, then run the same command again.",
            )
        if desk.brief.sends_texts and not made.messaging_profile_id:
            raise not_yet(
                "no_messaging_profile",
                "Telnyx has not made the assistant's messaging profile yet.",
                "Wait a minute, then run the same command again.",
            )
        return {"id": made.texml_app_id, "messaging_profile_id": made.messaging_profile_id}

    return Change(APPLICATION, send, lambda: None)


def _learn_application(desk: Desk) -> None:
    """The application of an assistant that is about to be removed, spoilt or not."""
    app_id = _shown_application(desk)
    if not app_id:
        return
    if APPLICATION not in desk.state.effects:
        desk.record("effect.requested", effect=APPLICATION, key=desk.kit.new_id(), body={})
    desk.record("effect.executed", effect=APPLICATION, result={"id": app_id})


def _shown_application(desk: Desk) -> str | None:
    """Its id, looked for a few times: a new one may show only after a moment."""
    clock, assistant_id = desk.kit.clock, desk.state.result_of(ASSISTANT)["id"]
    for _ in range(_LOOKS):
        if found := desk.client.assistants.get(assistant_id).texml_app_id:
            return found
        clock.sleep_until(clock.now() + _BETWEEN_LOOKS)
    return None


def _delete_application(desk: Desk, application: Json) -> None:
    desk.client.account.delete_texml_application(application["id"])


def _link(desk: Desk) -> Change:
    assistant_id = desk.state.result_of(ASSISTANT)["id"]

    def send(_key: str, _body: Json) -> Json:
        desk.client.missions.link_agent(*desk.run, assistant_id)
        return {"telnyx_agent_id": assistant_id}

    def look() -> Json | None:
        linked = desk.client.missions.list_agents(*desk.run)
        found = any(agent.telnyx_agent_id == assistant_id for agent in linked)
        return {"telnyx_agent_id": assistant_id} if found else None

    return Change(LINK, send, look)


def _profile(desk: Desk) -> Change:
    """An application made for an assistant may lack the profile without which it cannot call."""
    application_id = desk.state.result_of(APPLICATION)["id"]

    def look() -> Json | None:
        present = desk.client.account.texml_application(application_id).outbound_voice_profile_id
        return {"id": present} if present else None

    def send(_key: str, _body: Json) -> Json:
        application = desk.client.account.texml_application(application_id)
        if present := application.outbound_voice_profile_id:
            return {"id": present}
        profile = voice_profile(desk)
        desk.client.account.update_texml_application(
            application, outbound_voice_profile_id=profile.id
        )
        return {"id": profile.id}

    return Change(PROFILE, send, look)

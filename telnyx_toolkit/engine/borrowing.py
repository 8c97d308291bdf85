"""Borrowing a number: taken only while free, looked at again before each call, given back."""

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.effects import Change, perform, settle, undo
from telnyx_toolkit.engine.names import APPLICATION, HD_VOICE, MESSAGES, NUMBER
from telnyx_toolkit.engine.numbers import choose, free_numbers, why_not_free
from telnyx_toolkit.engine.problem import not_yet
from telnyx_toolkit.errors import ErrorResponse
from telnyx_toolkit.model import Json

#: Telnyx refuses HD voice for numbers that cannot have it: 400 or 422, or 403 with this code
#: where the account's level does not allow it. Which of them is not documented.
_REFUSED = {400, 422}
_LEVEL_TOO_LOW = "10038"
_OURS = "number is ours"


def borrow(desk: Desk) -> None:
    """Make sure that the mission has a number that reaches its assistant.

    What it was connected to before is in the ledger first. One that the ledger has, and that is
    not ours, was given back with an answer that nobody heard, or lost: nothing more is asked of it.
    """
    if desk.state.did(NUMBER) and not _is_ours(desk, desk.state.result_of(NUMBER)):
        _forget(desk)
    perform(desk, _number(desk))
    desk.seen(_OURS, lambda: True)
    if not desk.state.result_of(NUMBER)["hd_voice"]:
        perform(desk, _hd_voice(desk))
    if desk.brief.sends_texts:
        perform(desk, _messages(desk))


def keep(desk: Desk) -> None:
    """Make sure, right before a call, that the number is still ours; else borrow another.

    Telnyx has no compare-and-set: somebody who looked before we took the number may have taken
    it after. A number that was borrowed in this very round has just been looked at.
    """
    if desk.state.did(NUMBER) and desk.seen(_OURS, lambda: _is_held(desk)):
        return
    _forget(desk)
    borrow(desk)


def give_back(desk: Desk) -> None:
    """Return the number to what it was; one that is somebody else's now is left to them."""
    numbers, number = desk.client.numbers, desk.state.result_of(NUMBER)

    def unassign_messages(made: Json) -> None:
        if numbers.get(number["number_id"]).messaging_profile_id == made["messaging_profile_id"]:
            numbers.set_messaging_profile(number["number_id"], "")

    def restore(taken: Json) -> None:
        if _is_ours(desk, taken):
            had_none = desk.state.result_of(HD_VOICE).get("changed") is True
            hd_voice = False if had_none else None
            numbers.set_connection(taken["number_id"], taken["previous"], hd_voice=hd_voice)

    undo(desk, MESSAGES, unassign_messages)
    undo(desk, NUMBER, restore)
    undo(desk, HD_VOICE, lambda _: None)  # went along


def settle_number(desk: Desk) -> None:
    """Find out what requests about the number, whose answers nobody heard, have come to."""
    settle(desk, NUMBER, lambda: _taken(desk))
    if desk.state.did(NUMBER):
        settle(desk, HD_VOICE, lambda: _has_hd_voice(desk))
        settle(desk, MESSAGES, lambda: _has_messages(desk, desk.state.effects[MESSAGES].body))


def _forget(desk: Desk) -> None:
    """Let the ledger forget a number that is not ours any more."""
    desk.look_again()
    for name in (MESSAGES, HD_VOICE, NUMBER):
        settle(desk, name, lambda: None)
        undo(desk, name, lambda _: None)


def _number(desk: Desk) -> Change:
    if known := desk.state.effects.get(NUMBER):
        body = known.body
    else:
        free = choose(free_numbers(desk), desk.mission_id)
        body = {
            "number_id": free.id,
            "phone_number": free.phone_number,
            "previous": free.connection_id,
            "hd_voice": free.hd_voice_enabled,
            "connection_id": desk.state.result_of(APPLICATION)["id"],
        }

    def send(_key: str, body: Json) -> Json:
        numbers, number_id = desk.client.numbers, body["number_id"]
        present = numbers.get(number_id)
        if not why_not_free(present):
            present = numbers.set_connection(number_id, body["connection_id"])
        if present.connection_id == body["connection_id"]:
            return body  # who takes it after us is seen before the next call: see `keep`
        desk.record("effect.undone", effect=NUMBER)
        raise not_yet(
            "number_taken",
            f"The number {body['phone_number']} was taken by somebody else meanwhile.",
            "Run the same command again: it looks for another free number.",
        )

    return Change(NUMBER, send, lambda: _taken(desk), body)


def _taken(desk: Desk) -> Json | None:
    body = desk.state.effects[NUMBER].body
    return body if _is_ours(desk, body) else None


def _is_held(desk: Desk) -> bool:
    return _is_ours(desk, desk.state.result_of(NUMBER))


def _is_ours(desk: Desk, number: Json) -> bool:
    present = desk.client.numbers.get(number["number_id"])
    return present.connection_id == number["connection_id"]


def _hd_voice(desk: Desk) -> Change:
    """Asked for by itself, so that a refusal of it can be about nothing else."""
    number_id = desk.state.result_of(NUMBER)["number_id"]

    def send(_key: str, _body: Json) -> Json:
        try:
            desk.client.numbers.set_hd_voice(number_id, enabled=True)
        except ErrorResponse as problem:
            if problem.status not in _REFUSED and problem.telnyx_code != _LEVEL_TOO_LOW:
                raise
            return {"changed": False, "because": problem.message}
        return {"changed": True}

    return Change(HD_VOICE, send, lambda: _has_hd_voice(desk))


def _has_hd_voice(desk: Desk) -> Json | None:
    number_id = desk.state.result_of(NUMBER)["number_id"]
    return {"changed": True} if desk.client.numbers.get(number_id).hd_voice_enabled else None


def _messages(desk: Desk) -> Change:
    """Text messages go by the assistant's own profile; the number's own endpoint assigns it."""
    number_id = desk.state.result_of(NUMBER)["number_id"]
    body = {"messaging_profile_id": desk.state.result_of(APPLICATION)["messaging_profile_id"]}

    def send(_key: str, body: Json) -> Json:
        desk.client.numbers.set_messaging_profile(number_id, body["messaging_profile_id"])
        return body

    return Change(MESSAGES, send, lambda: _has_messages(desk, body), body)


def _has_messages(desk: Desk, body: Json) -> Json | None:
    present = desk.client.numbers.get(desk.state.result_of(NUMBER)["number_id"])
    return body if present.messaging_profile_id == body["messaging_profile_id"] else None

"""Keeps the do-not-call list: numbers are added, removed, listed, imported; no key is needed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from telnyx_toolkit.barring import announce
from telnyx_toolkit.errors import ConfigError, InvalidInput, LedgerConflict, TelnyxError
from telnyx_toolkit.model import Listing
from telnyx_toolkit.number_list import Unreadable, normalised, read_numbers, require_country
from telnyx_toolkit.tool_arguments import DoNotCall
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.untrusted import one_line

Document = dict[str, Any]

_PERSON, _FILE = "a person", "a CSV file"
_SHOWN = 20


def add_number(toolkit: Toolkit, args: DoNotCall) -> Document:
    """Put one number on the list; one that is on it already stays as it is."""
    wanted = _wanted(toolkit, args, "add")
    added = toolkit.ledger.do_not_call.add([wanted])
    entry = toolkit.ledger.do_not_call.entry(wanted.phone) or wanted
    return {"added": added, "entry": _view(entry), **_withdrawn(toolkit)}


def remove_number(toolkit: Toolkit, args: DoNotCall) -> Document:
    """Take one number off the list; what was on it before stays in its history."""
    wanted = _wanted(toolkit, args, "remove")
    removed = toolkit.ledger.do_not_call.remove(wanted)
    return {"removed": int(removed), "entry": _view(wanted)}


def list_numbers(toolkit: Toolkit, args: DoNotCall) -> Document:
    """Every number on the list, or the history of one."""
    table = toolkit.ledger.do_not_call
    if not args.phone:
        return {"numbers": [_view(entry) for entry in table.listed()]}
    history = table.history(_phone(args))
    on_it = [_view(entry) for entry in history[-1:] if entry.action == "add"]
    return {"numbers": on_it, "history": [_view(entry) for entry in history]}


def import_numbers(toolkit: Toolkit, args: DoNotCall) -> Document:
    """Put the numbers of a CSV file on the list: all of them, or none where one is unreadable."""
    if args.file is None:
        raise InvalidInput("There is nothing to import.", fix="Give the file: --file numbers.csv")
    require_country(args.country)
    found = read_numbers(args.file, args.country)
    if found.unreadable and not args.skip_bad:
        raise _bad_lines(found.unreadable)
    source, given = one_line(args.source) or _FILE, one_line(args.reason)
    at = toolkit.wall.now()
    rows = [
        Listing(row.phone, "add", row.reason or given or f"listed in {source}", source, at)
        for row in found.rows
    ]
    added = toolkit.ledger.do_not_call.add(rows)
    return {
        "added": added,
        "already_there": len(rows) - added,
        "unreadable": [{"line": b.line, "text": b.text, "why": b.why} for b in found.unreadable],
        **_withdrawn(toolkit),
    }


def _wanted(toolkit: Toolkit, args: DoNotCall, action: Any) -> Listing:
    phone, reason = _phone(args), one_line(args.reason)
    if not reason:
        raise InvalidInput(
            f"There is no reason to {action} {phone}.",
            fix="Give it, in the words of who asked for it: --reason WHY",
        )
    return Listing(phone, action, reason, one_line(args.source) or _PERSON, toolkit.wall.now())


def _phone(args: DoNotCall) -> str:
    if not args.phone.strip():
        raise InvalidInput(f"{args.action} needs a number.", fix="Give it: --phone +13125550101")
    require_country(args.country)
    try:
        return normalised(args.phone, args.country)
    except ValueError as problem:
        raise InvalidInput(
            f"{one_line(args.phone)!r} {problem}.",
            fix="Write it with + and its country code, such as +13125550101, or give --country.",
        ) from problem


def _bad_lines(unreadable: Sequence[Unreadable]) -> InvalidInput:
    shown = [f"  line {bad.line}: {bad.text!r} {bad.why}" for bad in unreadable[:_SHOWN]]
    more = len(unreadable) - len(shown)
    shown += [f"  and {more} more"] * bool(more)
    return InvalidInput(
        "These lines cannot be read, so nothing was imported:\n" + "\n".join(shown),
        fix="Correct them, give --country for national numbers, or add --skip-bad to import the"
        " others.",
        code="unreadable_lines",
    )


def _withdrawn(toolkit: Toolkit) -> Document:
    """Withdraw calls that were about to go to listed numbers, where there is a key.

    Where it cannot be done now, the missions are told, and it is done when any mission runs.
    """
    told = [s.mission_id for s in announce(toolkit.ledger, toolkit.wall.now(), toolkit.observe)]
    problem = ""
    if told and toolkit.settings.api_key is None:
        problem = "there is no API key"
    elif told:
        try:
            toolkit.engine.withdraw_barred()
        except (ConfigError, LedgerConflict, TelnyxError) as caught:
            problem = caught.message
    pending = toolkit.ledger.do_not_call.missions_calling()
    note = (
        "Calls to listed numbers are still under way in these missions. What has not rung is"
        " withdrawn by whoever runs them, else when any mission is run: telnyx-toolkit run-mission"
        " MISSION"
    )
    return {"pending": pending, "problem": problem, "note": note if pending else ""}


def _view(entry: Listing) -> Document:
    return {
        "phone": entry.phone,
        "action": entry.action,
        "reason": entry.reason,
        "source": entry.source,
        "at": entry.at.isoformat(),
    }


#: What can be done with the list.
ACTIONS: Mapping[str, Callable[[Toolkit, DoNotCall], Document]] = {
    "add": add_number,
    "remove": remove_number,
    "list": list_numbers,
    "import": import_numbers,
}

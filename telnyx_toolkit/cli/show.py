"""A tool's answer, for people to read."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from telnyx_toolkit.cli.printing import Lines, Out, aligned, console
from telnyx_toolkit.model import FINISHED
from telnyx_toolkit.untrusted import one_line

Document = Mapping[str, Any]
_TURN = 4_000  # characters of one line: a whole turn of a talk
_LABELS = {"telnyx_mission_id": "at Telnyx", "run_id": "run", "next_due_at": "next due"}


def show(tool_name: str, document: Document) -> None:
    """Print the document that a tool answered with."""
    _SHOWN.get(tool_name, _show_fields)(Lines(), document)


def _show_account(out: Out, account: Document) -> None:
    out.print(f"Account at {account['at']}", style="bold")
    if balance := account["balance"]:
        out.print(f"  credit: {balance['available_credit']} {balance['currency']}")
    for number in account["numbers"]:
        out.print(f"  {number['phone_number']}: {number['because'] or 'free'}")
    for profile in account["voice_profiles"]:
        state = "" if profile["enabled"] else ", disabled"
        out.print(f"  voice profile {profile['name']}: {', '.join(profile['countries'])}{state}")
    for note in account["notes"]:
        out.print(f"  note: {note}")
    if level := account["level"]:
        out.print(f"  level {level['name']} (as of {level['as_of']}):")
        for limit in level["limits"]:
            out.print(f"    {limit}")
    _show_problems(out, account["problems"])
    out.print("Ready to call." if account["ok"] else "Not ready to call.", style="bold")


def _show_problems(out: Out, problems: list[Document]) -> None:
    for problem in problems:
        out.print(f"{problem['code']}: {problem['message']}\n  fix: {problem['fix']}")


def show_plan(out: Out, plan: Document) -> None:
    """The plan in twenty lines, and what the account lacks for it."""
    first, *rest = plan["summary"]
    out.print(first, style="bold")
    for line in rest:
        out.print(line)
    if plan["account_problems"]:
        out.print("The account is not ready for it:")
        _show_problems(out, plan["account_problems"])
    _next(out, plan)


def _show_recordings(out: Out, document: Document) -> None:
    out.print(f"{document['target']}", style="bold")
    for recording in document["recordings"]:
        out.print(f"  {recording['started_at']}, {recording['duration_s']} s")
        for kind, link in recording["links"].items():
            out.print(f"    {kind}: {link}")
        out.print(f"    The links expire {recording['expire']}.", style="dim")
    if not document["recordings"]:
        out.print("  Telnyx has no recording (yet).")


def _show_stage(out: Out, status: Document) -> None:
    """Where a mission of stages is, and that the next one waits for a yes of its own."""
    if not (stage := status["stage"]):
        return
    out.print(f"Stage {stage['number']} of {stage['of']}: {one_line(stage['name'])}")
    for past in stage["past"]:
        first = one_line(past["result_summary"].partition("\n")[0], 400)
        out.print(f"  stage {past['stage']} came to: {first}")
    if stage["past"] and status["state"] in {"draft", "planned"}:
        out.print(f"  to go on with: {'; '.join(map(one_line, stage['targets']))}")
        out.print(f"  Show the person its plan: telnyx-toolkit plan-steps {status['mission_id']}")


def _show_status(out: Out, status: Document) -> None:
    out.print(f"{status['name']} ({status['mission_id']}): {status['state']}", style="bold")
    _show_stage(out, status)
    steps = [(s["step_id"], s["status"], one_line(s["description"])) for s in status["steps"]]
    for line in aligned(steps):
        out.print(line)
    for attempt in status["attempts"]:
        ended = attempt["call_status"] or attempt["phase"]
        out.print(f"  {attempt['target']}: {ended}, {attempt['scheduled_at']}")
    if status["unknown"] or status["unsettled"]:
        out.print("  A request got no answer; it is being looked for, and not repeated.")
    if status["runner"]:
        out.print(f"  Being run by {one_line(status['runner'])}")
    if status["next_due_at"]:
        out.print(f"Next due at {status['next_due_at']}")
    if status["result_summary"]:
        out.print(f"\n{status['result_summary']}")
    _next(out, status)


def _show_run(out: Out, document: Document) -> None:
    """The result once there is one: no further command is needed to see it."""
    if document["result_payload"] is None:
        _show_status(out, document)
        return
    name = f"{document['name']} ({document['mission_id']})"
    out.print(f"{name}: {document['state']}", style="bold")
    _show_payload(document["result_payload"])
    if document["state"] in FINISHED:
        _show_report(out, document)


def _show_result(out: Out, document: Document) -> None:
    _show_payload(document["result_payload"])
    if not document["final"]:
        out.print(f"\nNot final: the mission is {document['state']}.")
    else:
        _show_report(out, document)


def _show_payload(payload: Document) -> None:
    from telnyx_toolkit.cli.result import show_result  # noqa: PLC0415 - rich is slow to import

    show_result(console(), payload)


def _show_do_not_call(_out: Out, document: Document) -> None:
    from telnyx_toolkit.cli.do_not_call import show_do_not_call  # noqa: PLC0415 - as above

    show_do_not_call(console(), document)


def _show_report(out: Out, document: Document) -> None:
    out.print(f"\nReport: telnyx-toolkit report {document['mission_id']} --open")


def show_transcript(out: Out, document: Document) -> None:
    """What was said in a call, turn by turn."""
    out.print(f"{document['target']}, conversation {document['conversation_id'] or '-'}")
    out.print(document["about"], style="dim")
    for turn in document["transcript"]:
        speaker = "assistant" if turn["role"] == "assistant" else document["target"]
        out.print(f"  {speaker}: {one_line(turn['text'], _TURN)}")
    if not document["transcript"]:
        out.print("  Nothing was said yet.")


def _show_missions(out: Out, document: Document) -> None:
    if not document["missions"]:
        out.print("No missions yet.")
        return
    table = [("Mission", "Name", "State", "Targets", "Created", "Next due", "Left at Telnyx")]
    for row in document["missions"]:
        created, due = (
            text[:16].replace("T", " ") if text else "-"
            for text in (row["created_at"], row["next_due_at"])
        )
        first = (row["mission_id"], one_line(row["name"]), row["state"], str(row["targets"]))
        table.append((*first, created, due, ", ".join(row["leftovers"])))
    head, *rows = aligned(table)
    out.print(head, style="bold")
    for line in rows:
        out.print(line)


def _show_fields(out: Out, document: Document) -> None:
    for name, value in document.items():
        if value in (None, "", [], {}) or name == "next":
            continue
        out.print(f"{_LABELS.get(name, name.replace('_', ' '))}: {_shown(value)}")
    _next(out, document)


def _shown(value: Any) -> str:
    """A field on one line: what a stranger said cannot look like another field."""
    if not isinstance(value, Mapping):
        return one_line(str(value), _TURN)
    inner = cast("Document", value)
    return one_line("; ".join(f"{k.replace('_', ' ')}: {v}" for k, v in inner.items() if v), _TURN)


def _show_brief_status(out: Out, document: Document) -> None:
    keys = (
        "mission_id",
        "name",
        "state",
        "plan_hash",
        "approved_by",
        "telnyx_mission_id",
        "run_id",
    )
    _show_fields(
        out,
        {k: document[k] for k in (*keys, "telnyx_mission_id", "run_id", "next") if k in document},
    )


def _next(out: Out, document: Document) -> None:
    if document.get("next"):
        out.print(f"Next: {document['next']}")


_SHOWN: Mapping[str, Callable[[Out, Document], None]] = {
    "check_account": _show_account,
    "create_mission": _show_brief_status,
    "approve_plan": _show_brief_status,
    "plan_steps": show_plan,
    "run_mission": _show_run,
    "mission_status": _show_status,
    "cancel_mission": _show_status,
    "pause_mission": _show_status,
    "resume_mission": _show_status,
    "release_mission": _show_status,
    "summarize": _show_result,
    "get_transcript": show_transcript,
    "get_recording": _show_recordings,
    "list_missions": _show_missions,
    "do_not_call": _show_do_not_call,
}

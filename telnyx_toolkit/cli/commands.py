"""Every subcommand and what it does, in one line each: known without loading any of them."""

from collections.abc import Mapping

#: The tools: the first line of each one's docstring, which a test compares.
TOOLS_IN_LINES: Mapping[str, str] = {
    "check-account": (
        "Check key, credit, numbers, voice profiles, model and voice; nothing is changed."
    ),
    "rehearse-mission": (
        "Run a brief on a sandbox in this process, with scripted callees; nobody is called."
    ),
    "create-mission": "Create a mission and its run at Telnyx from a brief; nothing is dialled.",
    "plan-steps": (
        "Plan phone calls to ask, compare, negotiate or book: whom, when, cost; nothing is dialled."
    ),
    "approve-plan": (
        "Record a person's yes to exactly the plan with this hash; never approve by yourself."
    ),
    "run-mission": (
        "Make the approved phone calls: set up, call, follow, compare, finish, put everything back."
    ),
    "summarize": (
        "Give the comparison and recommendation; finish the run if nothing is left to call."
    ),
    "mission-status": "Say where a mission stands, from the ledger alone.",
    "get-transcript": "Give the words of the latest answered call to a target, as quoted data.",
    "get-recording": (
        "Fetch links to the recordings of a target's calls; they expire, and are not kept."
    ),
    "list-missions": (
        "List every mission of this ledger, oldest first, and what it has left at Telnyx."
    ),
    "cancel-mission": (
        "Stop a mission: withdraw calls that have not rung, keep the record, put everything back."
    ),
    "pause-mission": (
        "Stop calling for now: withdraw calls that have not rung, return the number, keep the rest."
    ),
    "resume-mission": "Let a paused mission go on, on the person's word; then run it.",
    "release-mission": (
        "Return the number of a finished mission, and remove what it kept at Telnyx."
    ),
    "create-assistant": "Create the voice assistant with its insights and link it to the run.",
    "assign-number": (
        "Borrow a free number of the account for the assistant; it is returned at the end."
    ),
    "schedule-call": (
        "Schedule the next call to a target, if it is their turn and the rules allow it now."
    ),
    "schedule-message": (
        "Send the planned text message to a target with channel sms, if the rules allow it now."
    ),
    "poll-call": (
        "Look once at the latest call or text to a target, and collect what was said at its end."
    ),
    "log-event": "Put on record what you did yourself: a search, a source, a decision.",
    "do-not-call": (
        "Keep the list of whom no mission may call or write to: add, remove, list, import."
    ),
}
#: What is no tool of an agent's.
OURS: Mapping[str, str] = {
    "tick": "Do what is due, once; print what changed, or NO_REPLY. For a scheduler.",
    "report": "Write what came of a mission into a file to keep.",
    "demo": "Run the catering mission on the sandbox; no key, no cost.",
    "sandbox": "Serve a Telnyx of paper on this machine, until stopped.",
    "mcp": "Serve the tools to an agent over MCP, on standard input and output.",
    "serve": "Show all missions in a browser of this machine, live.",
    "worker": "Move the missions of a shared database on, beside other workers, until stopped.",
    "ledger": "Check the ledger, export it, import an export, or move it to a database.",
    "setup": "Show how to have `tick` called by OpenClaw, systemd or launchd.",
    "manifest": "Make the generated files of a clone anew, such as skill.yaml.",
}
COMMANDS: Mapping[str, str] = {**TOOLS_IN_LINES, **OURS}

"""For OpenClaw: a job of its scheduler that calls `tick`, and our tools in its list of servers."""

import json

from telnyx_toolkit.notices import Route
from telnyx_toolkit.setup.host import Host
from telnyx_toolkit.setup.recipe import Recipe, Step
from telnyx_toolkit.setup.schedule import Schedule

#: By this OpenClaw knows the job again: to add it twice is to have it once.
KEY = "telnyx-toolkit:tick"
#: Not `telnyx`: Telnyx has a server of its own, which may be there under that name.
SERVER = "telnyx-toolkit"
_JOB = "telnyx-toolkit tick"
_REQUEST_MS = 60_000
_OUTPUT_BYTES = 4_000
_OF_TOOLS = (
    "TELNYX_TOOLKIT_HOME",
    "TELNYX_API_KEY_FILE",
    "TELNYX_BASE_URL",
    "TELNYX_TOOLKIT_LEVEL",
)


def openclaw_recipe(host: Host, schedule: Schedule, route: Route | None) -> Recipe:
    """The two commands, for a person to run where the gateway runs.

    Source: `--help` of OpenClaw 2026.9.6; both were tried on a running gateway.
    """
    return Recipe(
        title="telnyx-toolkit in OpenClaw: two commands, which can be repeated at any time.",
        folders=(),
        files=(),
        steps=(_job(host, schedule, route), _tools(host)),
        undo=(
            f"openclaw mcp unset {SERVER}",
            f"openclaw automations list   # the id of the job {_JOB!r}, then:",
            "openclaw automations rm ID",
        ),
        notes=_notes(host),
    )


def _job(host: Host, schedule: Schedule, route: Route | None) -> Step:
    told = f"What it has to say goes to {route.channel}." if route else "It announces nothing."
    argv = [
        *("openclaw", "automations", "add", "--name", _JOB, "--declaration-key", KEY),
        *("--every", schedule.every),
        *("--command-argv", json.dumps([*host.program, *schedule.arguments])),
    ]
    for name, value in host.variables.items():
        argv += ["--command-env", f"{name}={value}"]
    argv += ["--timeout-seconds", str(schedule.timeout_s)]
    argv += ["--output-max-bytes", str(_OUTPUT_BYTES)]
    return Step(
        "tick",
        (
            f"The gateway moves on what is due, every {schedule.every}, with no turn of a model.",
            told,
        ),
        (*argv, *_delivery(route)),
    )


def _delivery(route: Route | None) -> tuple[str, ...]:
    if route is None:
        return ("--no-deliver",)
    where = [f"--channel={route.channel}", f"--to={route.target}"]
    where += [f"--account={route.account}"] if route.account else []
    where += [f"--thread-id={route.thread}"] if route.thread else []
    return ("--announce", *where)


def _tools(host: Host) -> Step:
    env = {name: host.variables[name] for name in _OF_TOOLS if name in host.variables}
    # OpenClaw fills these in as it reads its configuration; the secret itself is not in there.
    named = {"TELNYX_API_KEY"} - ({"TELNYX_API_KEY"} if host.has_key_file else set())
    named |= {"TELNYX_TOOLKIT_APPROVAL_COMMAND"} & set(host.unshown)
    env |= {name: f"${{{name}}}" for name in sorted(named)}
    server = {
        "command": host.program[0],
        "args": [*host.program[1:], "mcp"],
        "env": env,
        "connectionTimeoutMs": _REQUEST_MS,
        "requestTimeoutMs": _REQUEST_MS,
        "codex": {"defaultToolsApprovalMode": "prompt"},
    }
    return Step(
        "mcp",
        (
            "The agent gets the tools of a mission. This replaces the entry of that name;",
            f"to see that it works: openclaw mcp probe {SERVER}",
        ),
        ("openclaw", "mcp", "set", SERVER, json.dumps(server)),
    )


def _notes(host: Host) -> tuple[str, ...]:
    notes: list[str] = []
    if not host.has_key_file:
        notes += [
            "The gateway needs TELNYX_API_KEY in its own environment (such as ~/.openclaw/.env),",
            "or set TELNYX_API_KEY_FILE here to the path of a file with the key, and repeat this.",
        ]
    if others := [name for name in host.unshown if name != "TELNYX_API_KEY"]:
        notes += [
            f"{', '.join(others)}: set here, and not passed on,",
            "for they may hold a secret. Set them in the gateway's own environment.",
        ]
    if host.is_in_a_folder_of_its_own:
        notes += [
            f"{host.program[0]} may vanish with an update:",
            "install the command for good (uv tool install), and repeat this.",
        ]
    return tuple(notes)

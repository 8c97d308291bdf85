"""For macOS without OpenClaw's scheduler: an agent of the person's own launchd."""

import plistlib
import shlex

from telnyx_toolkit.setup.host import Host
from telnyx_toolkit.setup.recipe import File, Recipe, Step
from telnyx_toolkit.setup.schedule import Schedule
from telnyx_toolkit.setup.systemd import key_notes

_LABEL = "telnyx-toolkit.tick"
_UMASK = 0o077


def launchd_recipe(host: Host, schedule: Schedule, user_id: int) -> Recipe:
    """A property list, and the commands that load it."""
    key_file = host.config / "telnyx-toolkit" / "key"
    log = host.user_home / "Library" / "Logs" / "telnyx-toolkit.log"
    path = host.user_home / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    agent = {
        "Label": _LABEL,
        "ProgramArguments": [*host.program, *schedule.arguments],
        "EnvironmentVariables": {"TELNYX_API_KEY_FILE": str(key_file), **host.variables},
        "StartInterval": schedule.every_s,
        "RunAtLoad": True,
        "ProcessType": "Background",
        "Umask": _UMASK,
        "StandardOutPath": str(log),
        "StandardErrorPath": str(log),
    }
    domain = f"gui/{user_id}"
    return Recipe(
        title="A launchd agent for telnyx-toolkit, for this person's account.",
        folders=(str(path.parent), str(log.parent), str(key_file.parent), str(host.home)),
        files=(File(str(path), plistlib.dumps(agent, sort_keys=False).decode(), 0o600),),
        steps=(
            Step(
                "unload",
                ("An earlier one is taken out; the first time there is none.",),
                ("launchctl", "bootout", f"{domain}/{_LABEL}"),
                may_fail=True,
            ),
            Step(
                "load",
                (f"Look every {schedule.every}. To see it: launchctl print {domain}/{_LABEL}",),
                ("launchctl", "bootstrap", domain, str(path)),
            ),
        ),
        undo=(f"launchctl bootout {domain}/{_LABEL}", shlex.join(["rm", str(path)])),
        notes=(
            *key_notes(host, str(key_file)),
            f"It runs while you are logged in. What it says is in {log}.",
        ),
    )

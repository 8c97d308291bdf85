"""For Linux without OpenClaw's scheduler: a timer of the person's own systemd."""

import shlex

from telnyx_toolkit.setup.host import Host
from telnyx_toolkit.setup.recipe import File, Recipe, Step
from telnyx_toolkit.setup.schedule import Schedule

_NAME = "telnyx-toolkit"
_SERVICE = """[Unit]
Description=Move on the phone missions that are due

[Service]
Type=oneshot
ExecStart={command}
EnvironmentFile={environment}
TimeoutStartSec={timeout_s}
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
ProtectSystem=strict
PrivateTmp=yes
ReadWritePaths={home}
ReadWritePaths=-%h/.openclaw
"""
_TIMER = """[Unit]
Description=Look every {every} whether a phone mission is due

[Timer]
OnActiveSec=10s
OnUnitActiveSec={every_s}s
AccuracySec=5s

[Install]
WantedBy=timers.target
"""
_NOTES = (
    "It runs while you are logged in; with `loginctl enable-linger`, always.",
    "What it says is in `journalctl --user -u telnyx-toolkit`; people are told by the ways that",
    "the environment file configures. Status 226/NAMESPACE: this system lets people have no name",
    "spaces; take ProtectSystem, PrivateTmp and ReadWritePaths out of the service.",
)


def systemd_recipe(host: Host, schedule: Schedule) -> Recipe:
    """A service, its timer, and the file of their environment."""
    units = host.config / "systemd" / "user"
    ours = host.config / _NAME
    environment = ours / "environment"
    service = _SERVICE.format(
        command=_command([*host.program, *schedule.arguments]),
        environment=_unspecific(str(environment)),
        timeout_s=schedule.timeout_s,
        home=_word(str(host.home)),
    )
    timer = _TIMER.format(every=schedule.every, every_s=schedule.every_s)
    paths = [f"{units / _NAME}.{kind}" for kind in ("service", "timer")]
    return Recipe(
        title="A systemd timer for telnyx-toolkit, for this person's account.",
        folders=(str(units), str(ours), str(host.home)),
        files=(
            File(paths[0], service),
            File(paths[1], timer),
            File(str(environment), _environment(host, str(ours / "key")), 0o600, is_kept=True),
        ),
        steps=(
            Step("reload", ("Make them known.",), ("systemctl", "--user", "daemon-reload")),
            Step(
                "enable",
                (f"Look every {schedule.every}. To see it: systemctl --user list-timers",),
                ("systemctl", "--user", "enable", "--now", f"{_NAME}.timer"),
            ),
        ),
        undo=(f"systemctl --user disable --now {_NAME}.timer", f"{shlex.join(['rm', *paths])}"),
        notes=(*key_notes(host, str(ours / "key")), *_NOTES),
    )


def key_notes(host: Host, key_file: str) -> tuple[str, ...]:
    """Where the key goes, and what else is not written for a person."""
    where = () if host.has_key_file else (f"Put the key into {key_file}, readable for you alone.",)
    others = [name for name in host.unshown if name != "TELNYX_API_KEY"]
    return where + (
        (f"{', '.join(others)}: set here, and not written, for they may hold a secret.",)
        if others
        else ()
    )


def _environment(host: Host, key_file: str) -> str:
    values = {"TELNYX_API_KEY_FILE": key_file, **host.variables}
    left = [f"# {name}=" for name in host.unshown if name != "TELNYX_API_KEY"]
    return "\n".join([*(f"{k}={_value(v)}" for k, v in values.items()), *left]) + "\n"


def _value(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def _command(words: list[str]) -> str:
    """A line for ExecStart, which takes few characters in a program's own path."""
    if set(words[0]) & set("\\\"'$"):
        words = ["/usr/bin/env", *words]
    return " ".join(_word(word.replace("$", "$$")) for word in words)


def _word(text: str) -> str:
    """One word of a line that systemd splits at spaces."""
    plain = _unspecific(text)
    return _value(plain) if set(text) & set(" \\\"'") else plain


def _unspecific(text: str) -> str:
    return text.replace("%", "%%")

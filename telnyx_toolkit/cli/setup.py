"""`telnyx-toolkit setup`: shows how `tick` comes to be called, or for OpenClaw sees to it."""

import argparse
import json
import os
import sys
from contextlib import suppress
from typing import Any, cast

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.notify.program import Ended, NotRun, OpenClaw
from telnyx_toolkit.notify.way import reason_of
from telnyx_toolkit.routes import route_of
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.setup.host import Host, this_host
from telnyx_toolkit.setup.launchd import launchd_recipe
from telnyx_toolkit.setup.openclaw import openclaw_recipe
from telnyx_toolkit.setup.recipe import Recipe, Step
from telnyx_toolkit.setup.schedule import schedule_of
from telnyx_toolkit.setup.systemd import systemd_recipe
from telnyx_toolkit.untrusted import one_line

_PATIENCE_S = 60.0  # the gateway may be starting
_FIX = (
    "Mend what it says, then give this command again: what is done already is not done twice."
    " OpenClaw's gateway has to run: openclaw gateway status"
)


def run_setup(args: argparse.Namespace) -> int:
    """Print the recipe, or with `--run` carry it out and print what became of each command."""
    host = this_host(Settings.from_environment(), os.environ, sys.argv[0], sys.executable)
    recipe = _recipe(args, host)
    if getattr(args, "does", False):
        document = _carried_out(recipe, OpenClaw(host.openclaw))
        _answer(args, document, _told(document))
    else:
        _answer(args, recipe.as_document(), recipe.as_text())
    return 0


def _recipe(args: argparse.Namespace, host: Host) -> Recipe:
    schedule = schedule_of(args.every)
    match args.scheduler:
        case "openclaw":
            asked = args.notify and os.getenv("OPENCLAW_CHANNEL_CONTEXT", "")
            return openclaw_recipe(host, schedule, route_of(args.notify, asked))
        case "systemd":
            return systemd_recipe(host, schedule)
        case _:
            return launchd_recipe(host, schedule, getattr(os, "getuid", lambda: 501)())


def _carried_out(recipe: Recipe, openclaw: OpenClaw) -> dict[str, Any]:
    done: list[dict[str, Any]] = []
    undo = list(recipe.undo)
    for step in recipe.steps:
        ended = openclaw.run(step.argv[1:], _PATIENCE_S)
        if isinstance(ended, NotRun) or ended.status:
            raise _refused(step, ended, done)
        job = _job_of(ended)
        done.append({"name": step.name, "argv": list(step.argv), "was": _was(job)})
        if job_id := job.get("id"):
            undo[-2:] = [f"openclaw automations rm {one_line(str(job_id), 80)}"]
    return {"done": done, "undo": undo, "notes": list(recipe.notes)}


def _refused(step: Step, ended: Ended | NotRun, done: list[dict[str, Any]]) -> ConfigError:
    before = f" Done before: {', '.join(d['name'] for d in done)}." if done else ""
    if isinstance(ended, NotRun):
        why = ended.reason
    else:
        command = " ".join(step.argv[:3])
        why = f"`{command}` ended with status {ended.status}: {ended.why()}"
    return ConfigError(
        f"The step {step.name!r} was not done: {reason_of(why).rstrip('.')}.{before}",
        fix=_FIX,
        code="openclaw_refused",
    )


def _job_of(ended: Ended) -> dict[str, Any]:
    """The job that `automations add` answers with, and whether it was there before."""
    with suppress(ValueError, RecursionError, AttributeError, TypeError):
        document = json.loads(ended.out)
        if isinstance(job := document.get("job"), dict):
            found = cast("dict[str, Any]", job)
            return {"id": found.get("id"), **{k: document.get(k) for k in ("created", "updated")}}
    return {}


def _was(job: dict[str, Any]) -> str:
    if job.get("created"):
        return "added"
    return "changed" if job.get("updated") else "as it was" if job else "set"


def _told(document: dict[str, Any]) -> str:
    lines = [f"{step['name']}: {step['was']}" for step in document["done"]]
    lines += document["notes"]
    return "\n".join([*lines, "To undo it:", *(f"  {line}" for line in document["undo"])]) + "\n"


def _answer(args: argparse.Namespace, document: dict[str, Any], text: str) -> None:
    if args.json:
        print_document(document)
    else:
        sys.stdout.write(text)

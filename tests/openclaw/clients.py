"""One person's OpenClaw: its state, workspace and settings, and nothing beyond this machine."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.house.published import shaped_copy
from tests.npm import node
from tests.openclaw.installed import CLIENTS

ROOT = Path(__file__).parents[2]
TOKEN = "example-token-of-a-test"  # noqa: S105 - of no gateway but a test's
PROGRAM = str(Path(sys.executable).with_name("telnyx-toolkit"))
Doc = dict[str, Any]


class OpenClaw:
    """Runs the real command with a home of its own; its model is the scripted one."""

    def __init__(self, folder: Path, telnyx: Doc, model_url: str = "") -> None:
        self.folder = folder
        self.telnyx = telnyx
        self.workspace = folder / "workspace"
        self.port = _free_port()
        self.settings = folder / "openclaw.json"
        #: What the service that runs the gateway would set, beside what the settings say.
        self.service: dict[str, str] = {}
        ours = Path(sys.executable).parent
        self.path = os.pathsep.join([str(ours), str(node().parent), os.environ["PATH"]])
        for name in ("home", "state", "workspace"):
            (folder / name).mkdir(parents=True)
        self.settings.write_text(json.dumps(self._settings(telnyx, model_url)), encoding="utf-8")

    def install_skill(self) -> Path:
        """Put the skill where an install from the registry would."""
        return shaped_copy(ROOT, self.workspace / "skills")

    def change(self, **parts: Doc) -> None:
        """Give the settings further parts."""
        settings = json.loads(self.settings.read_text(encoding="utf-8"))
        self.settings.write_text(json.dumps({**settings, **parts}), encoding="utf-8")

    def add_mcp_server(self) -> None:
        """Register our server as a person would; OpenClaw probes it before it keeps it.

        The key is not written down: the server gets the service's.
        """
        self.service["TELNYX_API_KEY"] = str(self.telnyx["TELNYX_API_KEY"])
        rest = [f"{k}={v}" for k, v in self.telnyx.items() if k != "TELNYX_API_KEY"]
        given = ["TELNYX_API_KEY=${TELNYX_API_KEY}", *rest]
        done = self.run(
            *("mcp", "add", "telnyx", "--command", PROGRAM, "--arg", "mcp"),
            *(word for entry in given for word in ("--env", entry)),
            *("--connect-timeout", "60", "--timeout", "60", "--approval", "prompt"),
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def as_program(self) -> Path:
        """The command as an installation has it: one file, which finds its Node by itself."""
        program = self.folder / "openclaw"
        program.write_text(f'#!/bin/sh\nexec {shlex.join(self._argv(()))} "$@"\n', "utf-8")
        program.chmod(0o755)
        return program

    def run(self, *args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        return subprocess.run(
            self._argv(args),
            cwd=self.workspace,
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def json(self, *args: str) -> Any:
        """The document that a command prints, which must succeed."""
        done = self.run(*args, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def start(self, *args: str) -> "subprocess.Popen[str]":
        """Start a command, to be waited for or killed."""
        return subprocess.Popen(
            self._argv(args),
            cwd=self.workspace,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @contextmanager
    def gateway(self) -> "Generator[Gateway]":
        """A gateway that is ready, killed at the end of the block if it has not been before."""
        gateway = Gateway(self.start("gateway", "run"))
        try:
            gateway.wait_for(r"\[gateway\] ready", 120)
            yield gateway
        finally:
            gateway.kill()

    @property
    def env(self) -> dict[str, str]:
        """Of this process only what a program needs to start, and where everything is."""
        return {
            **{k: v for k, v in os.environ.items() if k in {"LANG", "SYSTEMROOT", "TMPDIR"}},
            "PATH": self.path,
            "HOME": str(self.folder / "home"),
            "NO_COLOR": "1",
            "OPENCLAW_STATE_DIR": str(self.folder / "state"),
            "OPENCLAW_CONFIG_PATH": str(self.settings),
            "OPENCLAW_OFFLINE": "1",
            "OPENCLAW_NO_AUTO_UPDATE": "1",
            "OPENCLAW_DISABLE_BONJOUR": "1",
            **self.service,
        }

    def _argv(self, args: tuple[str, ...]) -> list[str]:
        return [str(node()), str(CLIENTS.module("openclaw") / "openclaw.mjs"), *args]

    def _settings(self, telnyx: Doc, model_url: str) -> Doc:
        """As a person would write them; what fetches anything by itself is off."""
        key = telnyx.get("TELNYX_API_KEY", "")
        rest = {name: value for name, value in telnyx.items() if name != "TELNYX_API_KEY"}
        return {
            "agents": {
                "defaults": {
                    "workspace": str(self.workspace),
                    "skipBootstrap": True,
                    "model": {"primary": "scripted/agent"},
                }
            },
            "gateway": {
                "mode": "local",
                "bind": "loopback",
                "port": self.port,
                "auth": {"mode": "token", "token": TOKEN},
            },
            "logging": {"file": str(self.folder / "openclaw.log")},
            "models": {
                "mode": "replace",
                "catalogRefresh": {"enabled": False},
                "providers": {"scripted": _provider(model_url or "http://127.0.0.1:9/v1")},
            },
            "skills": {"entries": {"telnyx-toolkit": {"apiKey": key, "env": rest}}},
            "telemetry": {"enabled": False},
            "update": {"checkOnStart": False},
        }


class Gateway:
    """The gateway's process, and what it has written so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, pattern: str, seconds: float) -> None:
        """Return as soon as it has written this; TimeoutError if it does not."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._wrote(pattern), seconds):
                raise TimeoutError(f"{pattern} is not in:\n" + "".join(self.lines))

    def kill(self) -> None:
        """End it as a crash does: nothing is said, nothing is put away."""
        self.process.kill()
        self.process.wait(timeout=30)
        self._reader.join(timeout=30)
        if self.process.stdout:
            self.process.stdout.close()

    def _wrote(self, pattern: str) -> bool:
        return any(re.search(pattern, line) for line in self.lines)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line)
                self._changed.notify_all()


def _provider(url: str) -> Doc:
    free = {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0}
    model = {"id": "agent", "name": "By script", "reasoning": False, "input": ["text"]}
    sizes = {"cost": free, "contextWindow": 200_000, "maxTokens": 8192}
    return {
        "baseUrl": url,
        "apiKey": "example",
        "api": "openai-completions",
        "models": [{**model, **sizes}],
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

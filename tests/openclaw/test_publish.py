"""ClawHub's own command would publish exactly the files we mean."""

import json
import os
import subprocess
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.house.published import published_files, shaped_copy
from tests.npm import node
from tests.openclaw.clients import ROOT
from tests.openclaw.installed import CLIENTS

pytestmark = pytest.mark.openclaw
#: The command tells how many files there are and their fingerprint; its own module tells which.
_WHICH = """
const { listSkillFiles, hashSkillFiles } = await import(process.argv[1]);
const files = await listSkillFiles(process.argv[2]);
const paths = files.map((file) => file.relPath);
console.log(JSON.stringify({ paths, fingerprint: hashSkillFiles(files).fingerprint }));
"""


class _EmptyRegistry(BaseHTTPRequestHandler):
    """Knows no skill."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def registry() -> Generator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _EmptyRegistry)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_dry_run_from_the_clone_would_publish_the_files_we_mean_and_no_others(
    registry: str, tmp_path: Path
) -> None:
    tried = _dry_run(ROOT, registry, tmp_path)
    listed = _which(ROOT, tmp_path)

    assert tried["status"] == "would-publish"
    assert sorted(listed["paths"]) == sorted(path.as_posix() for path in published_files(ROOT))
    assert tried["fingerprint"] == listed["fingerprint"]
    assert tried["fileCount"] == len(listed["paths"])


def test_a_copy_is_the_very_thing_that_the_clone_would_publish(
    registry: str, tmp_path: Path
) -> None:
    copy = shaped_copy(ROOT, tmp_path)

    from_copy = _dry_run(copy, registry, tmp_path)["fingerprint"]

    assert from_copy == _dry_run(ROOT, registry, tmp_path)["fingerprint"]


def _dry_run(folder: Path, registry: str, tmp_path: Path) -> dict[str, Any]:
    command = str(CLIENTS.module("clawhub") / "bin" / "clawdhub.js")
    options = ("--slug", "telnyx-toolkit", "--version", "1.0.0", "--dry-run", "--json")
    return _node(
        *(command, "--registry", registry, "--no-input"),
        *("skill", "publish", str(folder), *options),
        cwd=tmp_path,
    )


def _which(folder: Path, tmp_path: Path) -> dict[str, Any]:
    module = (CLIENTS.module("clawhub") / "dist" / "skills.js").as_uri()
    return _node("--input-type=module", "-e", _WHICH, module, str(folder), cwd=tmp_path)


def _node(*args: str, cwd: Path) -> dict[str, Any]:
    done = subprocess.run(
        [str(node()), *args],
        cwd=cwd,
        env={"HOME": str(cwd), "PATH": os.environ["PATH"], "CLAWHUB_DISABLE_TELEMETRY": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)

"""What the ways of telling meet in tests: a real program that plays openclaw, and a real server."""

import json
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from telnyx_toolkit.notices import Notice, NoticeKind, Route

MISSION = "m_0123456789ab"
PLAN = "0123456789abcdef"
ROUTE = Route("telegram", "-1001234", account="work", thread="7")
HOSTILE = """$(touch pwned) `id` 'single' "double" \\ %PATH% $HOME; rm -rf . & | < > \u00e9
--target=elsewhere {"x": [1]} """
_PROGRAM = """#!{python} -IS
import json, os, subprocess, sys, time
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "runs.jsonl"), "a") as runs:
    runs.write(json.dumps({{"argv": sys.argv[1:], "env": dict(os.environ)}}) + "\\n")
with open(os.path.join(here, "answers.json")) as file:
    answers = json.load(file)
for answer in answers:
    if any(answer["when"] in argument for argument in [*sys.argv[1:], ""]):
        break
sys.stdout.write(answer["out"] * answer["times"])
sys.stderr.write(answer["err"])
sys.stdout.flush()
if answer["hang"]:
    child = "import fcntl, time; f = open({lock!r}, 'w'); fcntl.flock(f, 2); " \\
        "open({lock!r} + '.held', 'w').close(); time.sleep(30)"
    subprocess.Popen([sys.executable, "-c", child])
    time.sleep(30)
sys.exit(answer["status"])
"""


def notice(kind: NoticeKind = "completed", text: str = "Done.", **data: str) -> Notice:
    at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    return Notice(f"{MISSION}-17", MISSION, kind, at, text, data)


class FakeOpenClaw:
    """An executable of that name in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "openclaw"
        self.lock = folder / "lock"
        self.path.write_text(_PROGRAM.format(python=sys.executable, lock=str(self.lock)))
        self.path.chmod(0o755)
        self._answers: list[dict[str, Any]] = []
        self.answers()

    def answers(
        self,
        status: int = 0,
        out: str = "",
        err: str = "",
        when: str = "",
        times: int = 1,
        hang: bool = False,
    ) -> None:
        """Answer so, where an argument has `when` in it; what is said last comes first."""
        answer = {"when": when, "status": status, "out": out, "err": err}
        self._answers.insert(0, {**answer, "times": times, "hang": hang})
        (self.folder / "answers.json").write_text(json.dumps(self._answers))

    @property
    def runs(self) -> list[dict[str, Any]]:
        path = self.folder / "runs.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def argv(self) -> list[str]:
        """The arguments of its only run."""
        [run] = self.runs
        return run["argv"]


class Server:
    """A server on this machine that answers each POST in the same way, and remembers it."""

    def __init__(self) -> None:
        self.status, self.said, self.headers = 200, b"{}", dict[str, str]()
        self.requests: list[tuple[str, Mapping[str, str], bytes]] = []
        self.drips = False
        self.over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def body(self) -> dict[str, Any]:
        """What its only request said."""
        [(_, _, content)] = self.requests
        return json.loads(content)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                server.requests.append((self.path, dict(self.headers.items()), content))
                if server.drips:
                    self._drip()
                    return
                self.send_response(server.status)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(server.said)))
                self.end_headers()
                self.wfile.write(server.said)

            def _drip(self) -> None:
                """A head that never ends, byte by byte: no single read takes long."""
                try:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nx-y: ")
                    while not server.over.wait(0.05):
                        self.wfile.write(b"z")
                except OSError:
                    pass
                self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler

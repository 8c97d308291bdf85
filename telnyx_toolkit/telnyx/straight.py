"""The way to an application in this process that makes no HTTP of it: for rehearsals."""

import io
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import httpx

#: Status, headers (in small letters) and content.
Answer = tuple[int, dict[str, str], bytes]


class Straight(httpx.WSGITransport):
    """A WSGI application in this process, asked without the work of a request on the wire.

    To httpx it is a transport like any other; `Http` knows it and asks it at once, which takes a
    third of the time. What the application is asked, and what comes of its answer, is the same.
    """

    def answer(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str],
        payload: bytes | None,
    ) -> Answer:
        """Its answer.

        Raises:
            OSError: it gave none.
        """
        whole = urlsplit(url)
        asked: dict[str, Any] = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": whole.scheme,
            "wsgi.input": io.BytesIO(payload or b""),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(whole.path),
            "QUERY_STRING": urlencode(params) if params else "",
            "SERVER_NAME": whole.hostname or "",
            "SERVER_PORT": str(whole.port or 80),
            "SERVER_PROTOCOL": "HTTP/1.1",
        }
        for name, value in headers.items():
            plain = name.upper().replace("-", "_")
            asked[plain if plain.startswith("CONTENT_") else f"HTTP_{plain}"] = value
        if payload:
            asked["CONTENT_LENGTH"] = str(len(payload))
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(
            status: str, given: list[tuple[str, str]], _: object = None, /
        ) -> Callable[[bytes], object]:
            begun.append((status, given))
            return lambda _: None

        content = b"".join(self.app(asked, start))
        status, given = begun[-1]
        return int(status.split()[0]), {name.lower(): value for name, value in given}, content


def straight_to(app: Callable[..., Any]) -> Straight:
    """A transport to a WSGI application in this process, for `Http` alone to hurry by."""
    return Straight(app=app)

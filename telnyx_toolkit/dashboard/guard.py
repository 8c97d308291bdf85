"""What every request must show before it is answered, and what every answer carries."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, Request, Response, g, redirect, request
from werkzeug.wrappers import Response as Answer

from telnyx_toolkit.dashboard.door import Door
from telnyx_toolkit.dashboard.names import Names, is_own_origin
from telnyx_toolkit.dashboard.pages import page, policy

_FORBIDDEN, _SEE_OTHER = 403, 303
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: A browser keeps the cookie back where a link of another page, such as a chat, led here.
_PRIVATE = "This page is private. If you were here before, in this browser, just go on."
_ASKED = "Open the whole address that `telnyx-toolkit serve` printed when it was started."


@dataclass(frozen=True)
class Guard:
    """Stands before every page.

    Attributes:
        door: The secrets.
        names: By which names the server may be spoken to.
        cookie: The cookie's name; its own for each port, for browsers keep one for all of them.
    """

    door: Door
    names: Names
    cookie: str

    def on(self, app: Flask) -> None:
        """Stand before every page of that app."""
        app.before_request(self._let_in)
        app.after_request(_with_headers)

    def _let_in(self) -> Answer | None:
        """None for who may go on."""
        if not self.names.have(request.headers.get("Host", "")):
            return _refused(
                "This server is not spoken to by that name",
                "The address in your browser is none that this dashboard was started for.",
                "Use http://127.0.0.1 with the port that was printed; through a tunnel, localhost.",
            )
        if "token" in request.args:
            return self._exchange(request.args["token"])
        session = self.door.session_of(request.cookies.get(self.cookie, ""))
        if not session:
            back = _here()
            return _refused("You need the address with the token", _PRIVATE, _ASKED, back)
        g.form_secret = self.door.form_secret(session)
        return None if request.method in {"GET", "HEAD", "OPTIONS"} else self._own_form(session)

    def _exchange(self, token: str) -> Answer:
        """The token for a cookie, and on to the same page without it."""
        if not self.door.admits(token):
            return _refused(
                "That token opens nothing",
                "It is of a server that has ended, or it was good once and is used up.",
                _ASKED,
            )
        answer = redirect(_here(), _SEE_OTHER)
        answer.set_cookie(self.cookie, self.door.new_cookie(), httponly=True, samesite="Strict")
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def _own_form(self, session: str) -> Answer | None:
        """Refuse what no form of ours has sent."""
        is_ours = _is_from_us(request) and self.door.is_form_of(
            session, request.form.get("form", "")
        )
        if is_ours:
            return None
        return _refused(
            "That was not asked for on a page of this dashboard",
            "Nothing was done: the request came from elsewhere, or from a page of an earlier run.",
            "Go back to the mission here, and ask for it again.",
        )


def _is_from_us(asked: Request) -> bool:
    """Whether the browser says that a page of ours sent it."""
    origin, host = asked.headers.get("Origin", ""), asked.headers.get("Host", "")
    return is_own_origin(origin, host) and asked.headers.get("Sec-Fetch-Site", "same-origin") == (
        "same-origin"
    )


def _here() -> str:
    """The path that was asked for, on this server whatever it holds."""
    return quote(f"/{request.path.lstrip('/')}")


def _refused(title: str, why: str, fix: str, back: str = "") -> Answer:
    text = page("problem", title=title, message=why, fix=fix, code="", back=back)
    return Response(text, _FORBIDDEN)


def _with_headers(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers[name] = value
    answer.headers["Content-Security-Policy"] = policy()
    # A form of a page with `no-referrer` would be sent with the origin `null`.
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    return answer

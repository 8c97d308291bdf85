"""Who gets in: the token of the URL, the cookie it is exchanged for, and the secret of a form."""

import hmac
import secrets
from collections.abc import Callable
from hashlib import sha256


class Door:
    """The secrets of one run of the server; a new run has new ones, and none is kept anywhere.

    Attributes:
        token: Lets in whoever gives it, as long as the server runs.

    Args:
        new_secret: Gives a fresh unguessable text.
    """

    def __init__(self, new_secret: Callable[[], str] = secrets.token_urlsafe) -> None:
        self.token = new_secret()
        self._new_secret = new_secret
        self._key = new_secret().encode()
        self._tickets: set[str] = set()

    def new_ticket(self) -> str:
        """A token that is good once: for a browser's command line, which others can read."""
        ticket = self._new_secret()
        self._tickets.add(ticket)
        return ticket

    def admits(self, given: str) -> bool:
        """Whether that is the token, or a ticket that was not used yet."""
        if _same(given, self.token):
            return True
        used = {ticket for ticket in self._tickets if _same(given, ticket)}
        self._tickets -= used
        return bool(used)

    def new_cookie(self) -> str:
        """The cookie of a new session."""
        session = self._new_secret()
        return f"{session}.{self._seal('session', session)}"

    def session_of(self, cookie: str) -> str:
        """The session that a cookie is of; "" if it is no cookie of ours."""
        session, _, seal = cookie.rpartition(".")
        return session if _same(seal, self._seal("session", session)) else ""

    def form_secret(self, session: str) -> str:
        """What every form of a session carries, and no page of anybody else's can know."""
        return self._seal("form", session)

    def is_form_of(self, session: str, given: str) -> bool:
        """Whether a form with that secret is from a page of this session."""
        return _same(given, self.form_secret(session))

    def _seal(self, use: str, text: str) -> str:
        return hmac.new(self._key, f"{use}:{text}".encode(), sha256).hexdigest()


def _same(given: str, known: str) -> bool:
    """Compared in the same time wherever they differ."""
    return hmac.compare_digest(given.encode(errors="replace"), known.encode())

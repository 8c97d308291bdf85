"""The address of a Postgres database, which may hold a password and so is never shown."""

from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from telnyx_toolkit.errors import ConfigError

_SCHEMES = {"postgresql", "postgres"}
_FIX = (
    "Give it as postgresql://user@host:5432/database, with a password as user:password@ or, better,"
    " in a password file (PGPASSFILE). In a password write % as %25, @ as %40, / as %2F, : as %3A,"
    " ? as %3F and # as %23."
)


class DatabaseUrl:
    """An address that cannot be printed by accident: ask for it with `reveal()`.

    Attributes:
        name: What it is called in messages: `host/database`.
        database: The name of the database alone.
        secrets: What must not be shown, in each way in which it may be written.
    """

    def __init__(self, url: str, hosts: str, database: str, secrets: frozenset[str]) -> None:
        self._url = url
        self.name = f"{hosts}/{database}"
        self.database = database
        self.secrets = secrets

    @classmethod
    def parse(cls, text: str) -> "DatabaseUrl":
        """Read an address.

        Raises:
            ConfigError: it is none; nothing of it is repeated.
        """
        try:
            parts = urlsplit(text.strip())
            query = parse_qs(parts.query, strict_parsing=bool(parts.query))
            hosts = _hosts(parts.netloc, query)
        except ValueError:
            raise _unusable("it is no address") from None
        database = unquote(parts.path.removeprefix("/"))
        if parts.scheme not in _SCHEMES:
            raise _unusable("it does not begin with postgresql://")
        if not database or "/" in database or "@" in database or parts.fragment:
            raise _unusable("it does not name one database behind its host")
        given = {parts.password or "", *query.get("password", ())}
        secrets = frozenset(one for text in given for one in (text, unquote(text)) if one)
        return cls(text.strip(), hosts, database, secrets)

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "DatabaseUrl | None":
        """The address that the environment gives; None if it gives none.

        Raises:
            ConfigError: it gives something else.
        """
        text = env.get("TELNYX_TOOLKIT_DATABASE_URL", "").strip()
        return cls.parse(text) if text and not text.startswith("${") else None

    def reveal(self) -> str:
        """The whole address, for a connection and nothing else."""
        return self._url

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"DatabaseUrl({self.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatabaseUrl) and self._url == other._url

    def __hash__(self) -> int:
        return hash(self._url)


def _hosts(netloc: str, query: Mapping[str, list[str]]) -> str:
    """The hosts as people should see them.

    Raises:
        ValueError: there is more than one @, or a port is no number: a password was not encoded.
    """
    user, _, given = netloc.rpartition("@")
    if "@" in user:
        raise ValueError("an @ too many")
    for host in given.split(","):
        port = host.rpartition("]")[2].partition(":")[2]
        if port and not port.isdecimal():
            raise ValueError("a port that is no number")
    return unquote(given) or ",".join(query.get("host", ())) or "localhost"


def _unusable(why: str) -> ConfigError:
    return ConfigError(f"TELNYX_TOOLKIT_DATABASE_URL cannot be used: {why}.", fix=_FIX)

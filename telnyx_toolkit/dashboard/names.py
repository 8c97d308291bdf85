"""By which names the server may be spoken to: a page of a stranger must not reach it by another."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Names:
    """The names that a request's `Host` may have; its port is not looked at, for tunnels.

    A domain of a stranger that resolves to this machine (DNS rebinding) is none of them.

    Attributes:
        names: In lower case.
        any_address: Whether an address in figures will do, whichever: it is no domain of anybody.
    """

    names: frozenset[str]
    any_address: bool = False

    def have(self, host: str) -> bool:
        """Whether a request with that `Host` is meant for this server."""
        name = _name_in(host)
        return name in self.names or (self.any_address and _address_in(name) is not None)


def names_for(host: str, own: Iterable[str] = ()) -> Names:
    """The names of a server that listens on `host`.

    Args:
        host: As it was given.
        own: What this machine is called by others; counts where all of its addresses are meant.
    """
    given = host.strip("[]").lower()
    address = _address_in(given)
    if given == "localhost" or (address and address.is_loopback):
        return Names(frozenset({*_THIS_MACHINE, given}))
    if address and address.is_unspecified:
        everyone = (name.lower() for name in own if name)
        return Names(frozenset({*_THIS_MACHINE, *everyone}), any_address=True)
    return Names(frozenset({given}))


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a request to `host` comes from a page of ours, port included."""
    return bool(host) and origin.lower() == f"http://{host.lower()}"


def _name_in(host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return ""
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    return (parts.hostname or "") if plain else ""


def _address_in(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None

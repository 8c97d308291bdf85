"""Whose time zone rules count: the newer of the system's and the packaged ones."""

import zoneinfo
from pathlib import Path

from telnyx_toolkit.errors import ConfigError

_RELEASE_FILE = "tzdata.zi"
_MARK = "# version "


def use_newest(places: tuple[str, ...] | None = None) -> str:
    """Make Python take its zone rules from the newer source; returns their release: `2026f`.

    The system's are preferred by Python, and may be years old where the package's are not.

    Args:
        places: Where the system keeps them; Python's own list if None.

    Raises:
        ConfigError: there are none at all, so nobody can tell what time it is anywhere.
    """
    system, packaged = _system_release(places or zoneinfo.TZPATH), _packaged_release()
    if not (system or packaged):
        raise ConfigError(
            "There are no time zone rules here, so nobody can tell what time it is at the people"
            " to be called.",
            fix="Install the package tzdata: pip install tzdata",
        )
    if packaged > system:
        zoneinfo.reset_tzpath(to=[])
        zoneinfo.ZoneInfo.clear_cache()
    return max(system, packaged)


def _packaged_release() -> str:
    try:
        import tzdata  # noqa: PLC0415 - it may be missing
    except ImportError:
        return ""
    return tzdata.IANA_VERSION


def _system_release(places: tuple[str, ...]) -> str:
    """The release of the first place that has rules; "" where none has, or does not say."""
    for place in places:
        path = Path(place) / _RELEASE_FILE
        if path.is_file():
            with path.open(encoding="utf-8", errors="replace") as file:
                first = file.readline()
            return first.removeprefix(_MARK).strip() if first.startswith(_MARK) else ""
    return ""

"""What a copy is called, and which copies have had their time. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

#: The list of whom this service has erased, beside the copies: it is newer than what is in them.
ERASED: Final = "erased.json"
SEALED: Final = ".age"
CHECKSUM: Final = ".sha256"
_MOMENT: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"line-(\d{8}T\d{6}Z)\.(db|dump)(\.age)?", re.ASCII)


def name_of(moment: datetime, *, is_sqlite: bool) -> str:
    """Return the name of a copy that was begun then, before it is encrypted.

    >>> name_of(datetime(2026, 11, 30, 9, tzinfo=UTC), is_sqlite=True)
    'line-20261130T090000Z.db'
    """
    return f"line-{moment.astimezone(UTC):{_MOMENT}}.{'db' if is_sqlite else 'dump'}"


def moment_of(name: str) -> datetime | None:
    """Return when this copy was begun; None where the name is not of a copy."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC) if found else None


def outdated(names: Iterable[str], now: datetime, *, days: int) -> list[str]:
    """Return the copies that are older than so many days, the oldest first; never the newest there is."""
    copies = sorted(name for name in names if moment_of(name))
    before = now - timedelta(days=days)
    return [name for name in copies[:-1] if (moment_of(name) or now) < before]

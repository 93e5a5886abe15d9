"""The owner's settings, which each process reads once and again only after a change in any process.

Every change gives the settings a new version, in its own transaction. A reader compares versions: one statement, or
none when another statement brings the version along (``VERSION``). The version is None before the first change.
"""

import secrets
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import select

from ivr.company.policy.models import SettingsVersion
from ivr.core.db import session

T = TypeVar("T")

_THE_VERSION: Final = select(SettingsVersion.version)
#: For a statement that runs anyway: pass its value to ``note_version``.
VERSION: Final = _THE_VERSION.scalar_subquery()
_READ: Final = "settings.version"
_CHANGED: Final = "settings.changed"
_THE_ROW: Final = 1


def cached(name: str, read: Callable[[], T]) -> T:
    """Return what ``read`` returns, cached for the transaction, and in the process until the version changes."""
    found: T
    info = session.info
    if name in info:
        found = info[name]
        return found
    if _CHANGED in info:
        found = read()
    else:
        version, kept = _version(), info["remembered"]
        if name not in kept or kept[name][0] != version:
            kept[name] = version, read()
        found = kept[name][1]
    info[name] = found
    return found


def changed(name: str) -> None:
    """Note that this transaction has changed the setting ``name``."""
    session.info.pop(name, None)
    session.info[_CHANGED] = True
    session.merge(SettingsVersion(id=_THE_ROW, version=secrets.token_hex(8)))


def note_version(version: str | None) -> None:
    """Keep the value of ``VERSION`` from a statement of this transaction."""
    session.info.setdefault(_READ, version)


def _version() -> str | None:
    if _READ not in session.info:
        session.info[_READ] = session.scalar(_THE_VERSION)
    version: str | None = session.info[_READ]
    return version

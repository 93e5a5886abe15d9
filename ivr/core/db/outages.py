"""Why a database cannot serve us now, and in plain words what there is to do."""

import errno
from collections.abc import Iterator
from typing import Final

#: Every driver raises the first of these for faults that the program does not control (PEP 249).
_OUTAGES: Final = frozenset({"OperationalError", "InterfaceError", "TimeoutError"})
FULL: Final = "The disk is full: nothing can be saved until there is room on it."
DAMAGED: Final = "The database is damaged: restore a backup (docs/operations.md)."
_UNREADABLE: Final = "The database's disk cannot be read or written."
_CLOSED: Final = "The database's file cannot be opened."
_BUSY: Final = "Another program holds the database. Try again in a moment."
_SILENT: Final = "The database does not answer. Try again in a minute."
#: By the names of SQLite's result codes, of which the longer ones begin with the shorter, and by PostgreSQL's SQLSTATE.
_REASONS: Final = {
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR_SHMSIZE": FULL,
    "SQLITE_IOERR": _UNREADABLE,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CANTOPEN": _CLOSED,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "53100": FULL,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the database cannot be reached or cannot serve us now, so that a retry makes sense."""
    return outage(error) is not None or any(map(_is_operational, _chain(error)))


def outage(error: BaseException | None) -> str | None:
    """Return why the database cannot serve us now, in words for staff; None when the error is another."""
    is_outage = is_ours = False
    for one in _chain(error):
        if isinstance(one, OSError) and one.errno == errno.ENOSPC:
            return FULL
        code = getattr(one, "sqlite_errorname", None) or getattr(one, "sqlstate", None) or ""
        for name, words in _REASONS.items():
            if code.startswith(name):
                return words
        is_outage |= _is_operational(one)
        is_ours |= (
            code == "SQLITE_ERROR"
        )  # such as a table that does not exist: no outage, a fault to be reported
    return _SILENT if is_outage and not is_ours else None


def _is_operational(error: BaseException) -> bool:
    return bool({kind.__name__ for kind in type(error).__mro__} & _OUTAGES)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

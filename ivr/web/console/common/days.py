"""A day as the field for one sends it, or the address of a page has it. Pure."""

from datetime import date

_FIRST, _LAST = date(2000, 1, 1), date(2999, 1, 1)


def read(typed: str) -> date | None:
    """Returns the day of a text like 2026-11-23, None of an empty one. Raises ValueError for any other."""
    day = date.fromisoformat(typed) if typed else None
    if day is not None and not _FIRST <= day <= _LAST:
        raise ValueError(f"no day of ours: {typed}")
    return day

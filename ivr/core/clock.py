"""The only reader of the time: aware UTC, everywhere.

On the desk the simulator may run fast or be moved on, and the line must follow it. ``CLOCK_FILE`` names a file
that holds the seconds to add; it is read afresh each time, and settings refuse it in production. A call that is run
again (``ivr/operations/replay``) holds the time at the moment of each of its webhooks.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The moment, in UTC."""
    return _held.get() or datetime.now(UTC) + _ahead()


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Until the end of the block it is that moment, in this thread alone."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def _ahead() -> timedelta:
    name = os.environ.get("CLOCK_FILE")
    if not name:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(name).read_text(encoding="ascii")))
    except (OSError, ValueError):
        return timedelta()

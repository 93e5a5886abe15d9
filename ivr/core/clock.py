"""The only reader of the time: aware UTC, everywhere.

On a developer's machine the simulator may run fast or skip ahead, and the service must follow it. ``CLOCK_FILE`` names
a file that holds the seconds to add. ``now`` reads it each time; the configuration refuses it in production. The rerun
of a call (``ivr/operations/replay``) holds the time at the moment of each of its webhooks.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _held.get() or datetime.now(UTC) + _ahead()


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Hold the time at this moment until the block ends, in this thread alone."""
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

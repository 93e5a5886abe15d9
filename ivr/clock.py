"""The only reader of the time: aware UTC, everywhere.

On the desk the simulator may run fast or be moved on, and the line must follow it. ``CLOCK_FILE`` names a file
that holds the seconds to add; it is read afresh each time, and settings refuse it in production.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC) + _ahead()


def _ahead() -> timedelta:
    name = os.environ.get("CLOCK_FILE")
    if not name:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(name).read_text(encoding="ascii")))
    except (OSError, ValueError):
        return timedelta()

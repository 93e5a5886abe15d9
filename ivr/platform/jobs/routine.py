"""Jobs on a schedule: each runs once at its time, however many workers there are."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.core import clock
from ivr.platform.jobs.queue import enqueue

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Routine:
    """A job that runs once in ``every``, at the same moment for all workers: ``at`` is the time since midnight, UTC."""

    name: str
    every: timedelta
    at: timedelta = timedelta()

    def plan(self) -> None:
        """Queue it for its next moment, unless it is queued already."""
        enqueue(self.name, key=f"routine:{self.name}", run_at=self.after(clock.now()))

    def after(self, moment: datetime) -> datetime:
        """Return the first of its moments after that one."""
        since = moment - _BEGINNING - self.at
        return _BEGINNING + self.at + (since // self.every + 1) * self.every

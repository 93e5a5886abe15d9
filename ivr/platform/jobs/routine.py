"""Work that comes again and again, once among all workers, however many there are."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.core import clock
from ivr.platform.jobs.queue import enqueue

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Routine:
    """A job that is done every so often, at the same moments for everybody: ``at`` is how long after midnight, UTC."""

    name: str
    every: timedelta
    at: timedelta = timedelta()

    def plan(self) -> None:
        """Have it done at its next moment, unless that is planned."""
        enqueue(self.name, key=f"routine:{self.name}", run_at=self.after(clock.now()))

    def after(self, moment: datetime) -> datetime:
        """The first of its moments after that one."""
        since = moment - _BEGINNING - self.at
        return _BEGINNING + self.at + (since // self.every + 1) * self.every

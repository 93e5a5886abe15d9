"""Whether a worker runs jobs: without one nobody is rung."""

from collections.abc import Iterator
from typing import Final

from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.platform import jobs
from ivr.services import Services

#: Seconds that the oldest due job may have waited.
_SLOW, _STUCK = 30.0, 120.0
_START: Final = "Start a worker: flask --app ivr worker. Its log says why the last one ended."


def check_worker(ours: Services) -> Iterator[Finding]:
    """Looks how long the oldest due job has waited, and for jobs that were given up."""
    with ours.database.reading():
        backlog = jobs.backlog()
    yield of_lag(backlog.oldest_seconds)
    if backlog.dead:
        words = f"Jobs that were given up after their last attempt: {backlog.dead}."
        yield warning(words, "See why, and run them again: flask --app ivr jobs dead.")


def of_lag(seconds: float) -> Finding:
    """Return what it means that the oldest due job has waited so long."""
    words = f"The oldest job has waited for {seconds:.0f} seconds."
    if seconds > _STUCK:
        return wrong(words, _START)
    if seconds > _SLOW:
        return warning(words, "See how busy the machine is.")
    return ok("Jobs are run as they fall due.")

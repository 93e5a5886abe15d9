"""Whether a worker runs jobs: without one nobody is rung."""

from collections.abc import Iterator
from math import isinf
from typing import Final

from ivr.backoffice.checks.finding import Finding, State, ok, warning, wrong
from ivr.platform import jobs
from ivr.services import Services

#: Seconds. A worker gives a sign of life each minute at least.
_AWAY: Final = 150.0
#: Seconds that the oldest due job may have waited.
_SLOW, _STUCK = 30.0, 120.0
_START: Final = "Start a worker: flask --app ivr worker. Its log says why the last one ended."


def check_worker(ours: Services) -> Iterator[Finding]:
    """Look when a worker was seen, how long the oldest due job has waited, and for jobs that were given up."""
    with ours.database.reading():
        backlog, unseen = jobs.backlog(), jobs.unseen_seconds()
    life, lag = of_life(unseen), of_lag(backlog.oldest_seconds)
    yield life
    if life.state is State.OK or lag.state is not State.OK:  # without a worker no job is run as it falls due
        yield lag
    if backlog.dead:
        words = f"Jobs that were given up after their last attempt: {backlog.dead}."
        yield warning(words, "See why, and run them again: flask --app ivr jobs dead.")


def of_life(unseen: float) -> Finding:
    """Return what a last sign of life of so many seconds ago means; ``inf`` when there was none."""
    if isinf(unseen):
        return warning("No worker has done anything yet.", f"{_START} If it runs, check again in a minute.")
    if unseen > _AWAY:
        return wrong(f"No worker has been seen for {unseen / 60:,.0f} minutes.", _START)
    return ok("A worker runs.")


def of_lag(seconds: float) -> Finding:
    """Return what it means that the oldest due job has waited so long."""
    words = f"The oldest job has waited for {seconds:.0f} seconds."
    if seconds > _STUCK:
        return wrong(words, _START)
    if seconds > _SLOW:
        return warning(words, "See how busy the machine is.")
    return ok("Jobs are run as they fall due.")

"""One attempt at one job: the handler is called, and how it went is told, for the engine to store."""

import random
import traceback
from dataclasses import dataclass

import structlog

from ivr.platform.jobs.interfaces import Handler, Job, Retry
from ivr.platform.jobs.rules import backoff, shortened

logger = structlog.get_logger()


@dataclass(frozen=True)
class Done:
    """The work is done."""


@dataclass(frozen=True)
class Again:
    """The job waits for its next attempt, ``after`` seconds from now."""

    after: float
    error: str


@dataclass(frozen=True)
class Dead:
    """The job is given up."""

    error: str


Outcome = Done | Again | Dead


def attempted(job: Job, handler: Handler | None) -> Outcome:
    """Call ``handler`` outside any transaction, and tell how it went.

    Waiting finds no handler: a job without one is dead. Nothing of the payload is logged, nor an error's own
    words: they may name a customer. They are kept with the job.
    """
    log = logger.bind(job=job.name, id=job.id, attempt=job.attempt)
    if handler is None:
        log.error("job_unknown")
        return Dead(f"no handler is named {job.name!r}")
    try:
        handler(job)
    except Retry as wish:
        log.info("job_retry", after=wish.after)
        error, after = shortened(wish), wish.after
    except Exception as failure:  # noqa: BLE001  # whatever it was, the worker lives on
        where = "".join(traceback.format_tb(failure.__traceback__))
        log.warning("job_failed", error=type(failure).__name__, where=where)
        error, after = shortened(failure), backoff(job.attempt, random.random())  # noqa: S311  # no secret
    else:
        return Done()
    if job.is_last_attempt:
        log.error("job_dead")
        return Dead(error)
    return Again(after, error)

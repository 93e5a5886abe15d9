"""One attempt at one job: it calls the handler and returns how it went, for the engine to store."""

import random
from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import dataclass
from typing import Final

import structlog

from ivr.core.fault_traces import trace
from ivr.core.log_context import carry
from ivr.core.text import readable
from ivr.platform.jobs.queue import Handler, Job, Retry

logger = structlog.get_logger()

_LONGEST_WAIT: Final = 60.0  # seconds
_LONGEST_ERROR: Final = 500  # characters


@dataclass(frozen=True)
class Done:
    """The work is done."""


@dataclass(frozen=True)
class RetryLater:
    """The job waits for its next attempt, ``after`` seconds from now."""

    after: float
    error: str


@dataclass(frozen=True)
class Dead:
    """The job is given up."""

    error: str


Outcome = Done | RetryLater | Dead


def attempt(job: Job, handlers: Mapping[str, Handler]) -> Outcome:
    """Call the job's handler outside any transaction, and return how it went.

    A job without a handler is dead at once: waiting does not help. The payload and an error's own words may name a
    customer, so the job's row has them and the log does not.
    """
    return copy_context().run(_attempt, job, handlers)  # what is bound for its log lines ends with it


def _attempt(job: Job, handlers: Mapping[str, Handler]) -> Outcome:
    log = logger.bind(job=job.name, id=job.id, attempt=job.attempt)
    carry(**job.origin)
    handler = handlers.get(job.name)
    if handler is None:
        log.error("job_unknown")
        return Dead(f"no handler is named {job.name!r}")
    try:
        handler(job)
    except Retry as wish:
        log.info("job_retry", after=wish.after)
        error, after = shortened(wish), wish.after
    except Exception as failure:  # noqa: BLE001  # the worker survives any fault of a handler
        log.warning("job_failed", error=type(failure).__name__, where=trace(failure))
        error, after = shortened(failure), backoff(job.attempt, random.random())  # noqa: S311  # no secret
    else:
        return Done()
    if job.is_last_attempt:
        log.error("job_dead")
        return Dead(error)
    return RetryLater(after, error)


def backoff(attempt: int, luck: float, *, longest: float = _LONGEST_WAIT) -> float:
    """Return the seconds before the next attempt: 1, 2, 4 ... ``longest``, less up to a half by ``luck`` (0 to 1).

    Without luck, all jobs that failed together (the provider was down) would come back together.
    """
    whole = min(longest, 2.0 ** min(attempt - 1, 10))
    return whole * (1 - luck / 2)


def shortened(error: BaseException) -> str:
    """Return the error as a line for the job's row. PostgreSQL takes neither a NUL nor half a surrogate pair."""
    text = readable(f"{type(error).__name__}: {error}")
    return text.encode(errors="replace").decode()[:_LONGEST_ERROR]

"""One attempt at one job: the handler is called, and how it went becomes what is to be stored."""

import random
import traceback
from collections.abc import Callable
from functools import partial

import structlog

from ivr.jobs import embedded
from ivr.jobs.interfaces import Handler, Job, Retry
from ivr.jobs.rules import backoff, shortened

logger = structlog.get_logger()


def attempted(job: Job, handler: Handler | None, owner: str) -> Callable[[], bool]:
    """Call ``handler`` outside any transaction; what then to call inside one (False: the job was lost).

    Waiting finds no handler: a job without one is dead. Nothing of the payload is logged, nor an error's own
    words: they may name a customer. They are kept in the job's row.
    """
    log = logger.bind(job=job.name, id=job.id, attempt=job.attempt)
    if handler is None:
        log.error("job_unknown")
        return partial(embedded.give_up, job, owner, f"no handler is named {job.name!r}")
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
        return partial(embedded.finish, job, owner)
    if job.is_last_attempt:
        log.error("job_dead")
        return partial(embedded.give_up, job, owner, error)
    return partial(embedded.put_back, job, owner, error, after=after)

"""Jobs about the paid time of visits."""

from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.paid_time import service, site_calls
from ivr.callcenter.routing.jobs import ring_again
from ivr.core.errors import Refusal
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.telephone import (
    NotAskedError,
    OutcomeUnknownError,
    RefusedError,
    TryLaterError,
)


def look(context: JobContext, _job: Job) -> None:
    """Each minute: ask about the time that ends soon, and open a task for time that is not paid."""
    with context.database.transaction():
        service.look()


def ring(context: JobContext, job: Job) -> None:
    """Ring for one call, once: whether a lost answer rang is found out by ``look_after``."""
    call_id = int(job.payload["site_call_id"])
    try:
        site_calls.ring(
            context, call_id, technician=context.routes.paid_time, customer=context.routes.more_time
        )
    except OutcomeUnknownError:
        return
    except RefusedError:
        _failed(context, call_id)
    except (TryLaterError, NotAskedError) as trouble:
        if isinstance(trouble, TryLaterError) and job.is_last_attempt:
            _failed(context, call_id)
            return
        with context.database.transaction():
            site_calls.not_rung(call_id)
        if isinstance(trouble, NotAskedError):
            raise  # the worker knows when
        raise ring_again(job) from trouble


def look_after(context: JobContext, job: Job) -> None:
    """See how a call has ended."""
    site_calls.look_after(context, int(job.payload["site_call_id"]), int(job.payload["tries"]))


def send(context: JobContext, job: Job) -> None:
    """Mail the estimate that a customer agreed to by telephone."""
    check_id = int(job.payload["check_id"])
    try:
        with context.database.transaction():
            service.send(check_id, Links(context.secret_keys, context.public_url))
    except Refusal as refusal:
        with context.database.transaction():
            service.not_sent(check_id, refusal.shown[:150])


def _failed(context: JobContext, call_id: int) -> None:
    with context.database.transaction():
        site_calls.failed(call_id)

"""Jobs that call somebody to play a prompt."""

from ivr.backoffice.prompt_calls import service
from ivr.backoffice.prompt_calls.rules import OPEN, PlayState
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.routing import lone_legs
from ivr.callcenter.routing.jobs import ring_again
from ivr.company.policy import service as policy
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.telephone import (
    NotAskedError,
    OutcomeUnknownError,
    RefusedError,
    TryLaterError,
)


def ring(context: JobContext, job: Job) -> None:
    """Call, once: a request whose answer is lost is not repeated, because the telephone may ring."""
    call_id = int(job.payload["prompt_call_id"])
    with context.database.transaction():
        permit = service.begin(call_id)
        seconds = policy.current().ring_seconds
    if permit is None:
        return
    try:
        answered = context.routes.prompt_call(prompt_call=call_id)
        reported = context.routes.prompt_call_status(prompt_call=call_id)
        sid = lone_legs.ring(context, permit, answered=answered, reported=reported, seconds=seconds)
    except OutcomeUnknownError:
        return  # a report of the leg tells, or the look in a minute
    except TryLaterError as busy:
        if not job.is_last_attempt:
            with context.database.transaction():
                service.not_begun(call_id)
            raise ring_again(job) from busy
        _failed(context, call_id)
    except (RefusedError, NotAskedError):
        _failed(context, call_id)
    else:
        with context.database.transaction():
            service.note_leg(call_id, sid)


def look_after(context: JobContext, job: Job) -> None:
    """See how a call has ended of which no report came."""
    call_id = int(job.payload["prompt_call_id"])
    with context.database.transaction():
        call = service.find(call_id)
        if call is None or call.state not in OPEN:
            return
        sid = call.sid
        service.look_later(call_id)  # first: even if this look fails, the next one comes
    status = _status(context, sid)
    with context.database.transaction():
        call = service.find(call_id)
        if call is not None and status is not None:
            service.ended(call, status)


def _status(context: JobContext, sid: str | None) -> calls_rules.CallStatus | None:
    """Return how the leg stands: one that the network never named is over. None when that is not known now."""
    if sid is None:
        return calls_rules.CallStatus.FAILED
    try:
        return lone_legs.status(context, sid)
    except (TryLaterError, OutcomeUnknownError):
        return None


def _failed(context: JobContext, call_id: int) -> None:
    with context.database.transaction():
        service.settle(call_id, PlayState.FAILED)

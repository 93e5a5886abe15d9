"""Requests to the network about recordings. No call depends on them."""

from collections.abc import Callable
from typing import TypeVar

from structlog import get_logger

from ivr.callcenter.recording import service
from ivr.platform.jobs import Job, Retry
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError

log = get_logger(__name__)

T = TypeVar("T")


def begin(context: JobContext, job: Job) -> None:
    """Record the caller's leg from now on. A retry first looks for a recording that an earlier attempt began."""
    recording_id = int(job.payload["recording_id"])
    with context.database.reading():
        leg = service.ought_to_run(recording_id)

    def ask(leg: str) -> str:
        before = context.telephone.recording_of(leg) if job.attempt > 1 else None
        return before or context.telephone.record(
            leg, reported=context.routes.recording(recording=recording_id)
        )

    sid = _asked(job, lambda: ask(leg)) if leg else None
    with context.database.transaction():
        service.begun(recording_id, sid)


def tell(context: JobContext, job: Job) -> None:
    """Tell everybody in the conversation that it is recorded, the staff above all: the caller has agreed."""
    with context.database.reading():
        conference = service.conference_recorded(int(job.payload["recording_id"]))
    if conference is not None:
        sid, language = conference
        url = context.routes.call_recorded(language=language)
        _asked(job, lambda: context.telephone.announce(sid, url))


def steer(context: JobContext, job: Job) -> None:
    """Pause or resume the recording, as staff want it now."""
    with context.database.reading():
        wanted = service.steered(int(job.payload["recording_id"]))
    if wanted is not None:
        leg, sid, is_paused = wanted
        _asked(job, lambda: context.telephone.pause_recording(leg, sid, on=is_paused))


def look_after(context: JobContext, job: Job) -> None:
    """Ask once a minute how the recording ended, in case its report was lost."""
    recording_id = int(job.payload["recording_id"])
    with context.database.transaction():
        sid = service.sid_once_over(recording_id)
    if sid is None:
        return
    try:
        found = context.telephone.recording(sid)
    except LegGoneError:
        found = None
    except (TryLaterError, OutcomeUnknownError, RefusedError):
        with context.database.transaction():
            service.look_again(recording_id)
        return
    with context.database.transaction():
        service.ended(recording_id, found.status if found else None, found.seconds if found else None)


def delete(context: JobContext, job: Job) -> None:
    """Delete the network's copy. A copy that cannot be deleted stays visible as a dead job."""
    try:
        context.telephone.delete_recording(str(job.payload["sid"]))
    except LegGoneError:
        return
    except (TryLaterError, OutcomeUnknownError) as later:
        raise Retry(2.0**job.attempt, "the network did not say") from later


def _asked(job: Job, ask: Callable[[], T]) -> T | None:
    """Return the answer; None when the leg or recording is gone, the network refuses, or the attempts end."""
    try:
        return ask()
    except LegGoneError:
        return None
    except RefusedError as refused:
        log.warning("recording_refused", job=job.name, exc_info=refused)
        return None
    except (TryLaterError, OutcomeUnknownError) as later:
        if job.is_last_attempt:
            log.warning("recording_given_up", job=job.name, why=type(later).__name__)
            return None
        raise Retry(2.0**job.attempt, "the network did not say") from later

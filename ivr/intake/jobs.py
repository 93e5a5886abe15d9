"""Fetching the caller's recording while the network has it."""

from structlog import get_logger

from ivr.intake import service
from ivr.jobs.interfaces import Job, Retry
from ivr.telephony.interfaces import OutcomeUnknownError, RefusedError, Switchboard, TryLaterError

log = get_logger(__name__)


def keep_clip(board: Switchboard, job: Job) -> None:
    """Fetch a recording and keep it. What cannot be had stays where the network has it: no call depends on this."""
    intake_id, url = int(job.payload["intake_id"]), str(job.payload["url"])
    with board.database.transaction():
        if not service.wants_clip(intake_id, url):
            return
    try:
        audio = board.line.clip(url)
    except (TryLaterError, OutcomeUnknownError) as later:
        if not job.is_last_attempt:
            raise Retry(2.0**job.attempt, "the recording cannot be fetched yet") from later
        log.warning("clip_not_kept", intake=intake_id, why=type(later).__name__)
        return
    except RefusedError as refused:
        log.warning("clip_not_kept", intake=intake_id, why=type(refused).__name__)
        return
    with board.database.transaction():
        service.keep_clip(intake_id, url, audio)

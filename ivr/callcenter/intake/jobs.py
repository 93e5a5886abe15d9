"""Jobs that fetch the caller's recording from the network, and mail a caller's message to operations."""

from structlog import get_logger

from ivr.callcenter.intake import clips, service
from ivr.callcenter.intake.models import Clip
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.core.db import session
from ivr.core.phone_numbers import joined
from ivr.platform.jobs import Job, Retry
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.telephone import OutcomeUnknownError, RefusedError, TryLaterError

log = get_logger(__name__)


def keep_clip(context: JobContext, job: Job) -> None:
    """Fetch a recording and keep it. If that fails, it stays with the network: no call depends on it."""
    intake_id, url = int(job.payload["intake_id"]), str(job.payload["url"])
    with context.database.transaction():
        if not clips.wants_audio(intake_id, url):
            return
    try:
        audio = context.telephone.clip(url)
    except (TryLaterError, OutcomeUnknownError) as later:
        if not job.is_last_attempt:
            raise Retry(2.0**job.attempt, "the recording cannot be fetched yet") from later
        log.warning("clip_not_kept", intake=intake_id, why=type(later).__name__)
        return
    except RefusedError as refused:
        log.warning("clip_not_kept", intake=intake_id, why=type(refused).__name__)
        return
    with context.database.transaction():
        clips.keep_audio(intake_id, url, audio)


def mail_message(context: JobContext, job: Job) -> None:
    """Tell operations that a caller has left a message. The recording is linked, behind the log-in, never attached."""
    with context.database.transaction():
        intake = service.get(int(job.payload["intake_id"]))
        to = policy.current().operations_email
        if to is None:
            log.info("message_not_mailed", intake=intake.id, why="operations_email is not set")
            return
        # Jobs of the release before name no recording: they mean the latest.
        clip_id = job.payload.get("clip_id", clips.latest(intake.id))
        clip = session.get(Clip, int(clip_id)) if clip_id else None
        mail.post(
            "caller_message",
            to=to,
            language="en",
            intake_id=intake.id,
            key=f"caller-message:{intake.id}" if clip is None else f"caller-message-of:{clip.id}",
            reference=intake.reference,
            number=joined(intake.best_number, intake.best_extension),
            left_at=(clip.made_at if clip else intake.heard_at).isoformat(),
            issue=intake.issue,
            transcript=clip.transcript if clip else None,
            is_recorded=clip is not None,
            seconds=clip.seconds if clip else None,
        )

"""Sending a letter, and giving up one that nothing sends."""

from datetime import timedelta
from typing import Final

from structlog import get_logger

from ivr.company.mail import service
from ivr.core import clock
from ivr.platform.jobs import Job, Retry
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.mailer import MailLaterError, MailRefusedError
from ivr.platform.providers.smtp_url import pause

log = get_logger(__name__)

#: All attempts take an hour, so that nothing which is still tried is given up.
_LONGEST_QUEUED: Final = timedelta(days=1)


def send(context: JobContext, job: Job) -> None:
    """Send a letter that is still queued. Neither the letter nor the server's words are logged."""
    mail_id = int(job.payload["mail_id"])
    try:
        _send(context, job, mail_id)
    except Retry:
        raise
    except Exception:
        if job.is_last_attempt:
            with context.database.transaction():
                service.failed(mail_id, "a fault of this service, which is in its log")
        raise


def look_after(context: JobContext, _job: Job) -> None:
    """Give up what has been queued for a day: its job is dead or lost, and somebody must know."""
    with context.database.reading():
        forgotten = service.queued_before(clock.now() - _LONGEST_QUEUED)
    for mail_id in forgotten:
        log.error("mail_failed", mail=mail_id)
        with context.database.transaction():
            service.failed(mail_id, "nothing has sent it for a day")


def _send(context: JobContext, job: Job, mail_id: int) -> None:
    with context.database.reading():
        letter = service.letter(mail_id, address=context.public_url, sender=context.mail_from)
    if letter is None:
        return
    try:
        context.mailer.send(letter)
    except MailRefusedError as refused:
        log.warning("mail_bounced", mail=mail_id)
        with context.database.transaction():
            service.bounced(mail_id, str(refused))
    except MailLaterError as later:
        if not job.is_last_attempt:
            raise Retry(pause(job.attempt), "the mail server did not take it yet") from later
        log.error("mail_failed", mail=mail_id)  # noqa: TRY400  # the trace holds the server's words
        with context.database.transaction():
            service.failed(mail_id, str(later))
    else:
        log.info("mail_sent", mail=mail_id)
        with context.database.transaction():
            service.sent(mail_id)

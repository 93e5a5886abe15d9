"""Sending a letter."""

from structlog import get_logger

from ivr.company.mail import service
from ivr.platform.jobs import Job, Retry
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.mailer import MailLaterError, MailRefusedError
from ivr.platform.providers.smtp_url import pause

log = get_logger(__name__)


def send(context: JobContext, job: Job) -> None:
    """Sends a letter that is still queued. Neither the letter nor the server's words are logged."""
    mail_id = int(job.payload["mail_id"])
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
        with context.database.transaction():
            service.sent(mail_id)

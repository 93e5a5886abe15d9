"""Whether letters leave this service."""

from collections.abc import Iterator
from typing import Final

from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.platform.providers.mailer import Letter, MailLaterError, MailRefusedError
from ivr.services import Services

_COMPANY: Final = "console.company_settings"


def check_mail(ours: Services) -> Iterator[Finding]:
    """Ask the mail server to let us in, and look where answers go. It sends no letter."""
    config = ours.config
    if not config.smtp_url:
        none = "No email can be sent, no link and no receipt."
        outbox = "Emails go to the outbox, to be read in the console."
        yield wrong(none, "Set SMTP_URL and MAIL_FROM.") if config.is_production else ok(outbox)
        return
    try:
        ours.mailer.check()
    except MailLaterError as trouble:
        yield wrong(f"No email can be sent: {trouble}", "See what SMTP_URL says.")
    else:
        yield ok("The mail server lets us in.")
    with ours.database.reading():
        current = policy.current()
    if not (current.reply_to or current.operations_email):
        yield warning(f"Customers' answers go to {config.mail_from}.", "Set where they go.", _COMPANY)


def letter_to(address: str, ours: Services) -> Iterator[Finding]:
    """Send a letter to this address, at once and past the queue, and say whether the mail server has taken it."""
    words = (
        f"This email was sent by doctor on {clock.now():%Y-%m-%d %H:%M} UTC. Emails of this service arrive."
    )
    letter = Letter(
        to=address,
        subject="doctor: emails arrive",
        text=words,
        html=f"<p>{words}</p>",
        language="en",
        message_id=f"<doctor-{clock.now():%Y%m%d%H%M%S%f}@{ours.config.mail_from.rpartition('@')[2]}>",
        sender="doctor",
    )
    try:
        ours.mailer.send(letter)
    except MailLaterError as trouble:
        yield wrong(f"The mail server did not take the email: {trouble}", "See what SMTP_URL says.")
    except MailRefusedError as refused:
        yield wrong(
            f"The mail server refused the email: {refused}", "See whether MAIL_FROM may send at this server."
        )
    else:
        yield ok("The mail server has taken the email. Check that it arrives, and not in the spam folder.")

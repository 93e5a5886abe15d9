"""Whether letters leave this service."""

from collections.abc import Iterator

from ivr.backoffice.checks.finding import Finding
from ivr.company.policy import service as policy
from ivr.platform.providers.mailer import MailLaterError
from ivr.services import Services


def check_mail(ours: Services) -> Iterator[Finding]:
    """Asks the mail server to let us in, and looks where answers go. It sends no letter."""
    config = ours.config
    if not config.smtp_url:
        none = "no e-mail can be sent, no link and no receipt: set SMTP_URL and MAIL_FROM"
        outbox = "e-mails go to the outbox, to be read in the console"
        yield Finding(not config.is_production, none if config.is_production else outbox)
        return
    try:
        ours.mailer.check()
    except MailLaterError as trouble:
        yield Finding(is_well=False, words=f"no e-mail can be sent: {trouble}")
    else:
        yield Finding(is_well=True, words="the mail server lets us in")
    with ours.database.reading():
        current = policy.current()
    if not (current.reply_to or current.operations_email):
        where = f"customers' answers go to {config.mail_from}"
        yield Finding(is_well=None, words=f"{where}: set where, on the page of the company's settings")

"""A letter as a MIME message: the text, then the HTML, then the files."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from ivr.core import clock
from ivr.core.email_addresses import in_envelope
from ivr.platform.providers.mailer import Letter, MailRefusedError

#: ASCII throughout, so that any mail server takes it: no 8BITMIME, no SMTPUTF8.
_POLICY: Final = SMTP.clone(cte_type="7bit")


def written(letter: Letter, sender: str) -> bytes:
    """Return the message as it is sent. Raises MailRefusedError when it cannot be written: trying again cannot help."""
    try:
        return bytes(_message(letter, sender))
    except Exception as unfit:  # the standard library raises ValueError, MessageError, IndexError and others
        raise MailRefusedError("the email cannot be encoded") from unfit


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(_POLICY)
    message["From"] = Address(letter.sender, addr_spec=sender)
    message["To"] = Address(addr_spec=in_envelope(letter.to))
    if letter.reply_to:
        message["Reply-To"] = Address(letter.sender, addr_spec=in_envelope(letter.reply_to))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers it (RFC 3834)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for file in letter.attachments:
        message.add_attachment(
            file.text, subtype=file.content_type.partition("/")[2], filename=file.name, params=file.params
        )
    message["Content-Language"] = letter.language  # last: the calls above move Content-* into a part
    return message

"""A letter as a MIME message: the text, then the HTML, then the files."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from ivr.core import clock
from ivr.platform.providers.mailer import Letter


def enveloped(letter: Letter, sender: str) -> EmailMessage:
    """Return the message. Raises ValueError, as the standard library does, for a header of more than one line."""
    message = EmailMessage()
    message["From"] = Address(letter.sender, addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
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

"""Letters are written in the transaction that decides on them; a job sends them."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

from sqlalchemy import delete, select, update

from ivr.company.mail import rendering
from ivr.company.mail.models import RETURNED, Mail, MailState
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import insert_once, session
from ivr.core.email_addresses import email_fault
from ivr.core.errors import Refusal
from ivr.platform.jobs import JSON, enqueue
from ivr.platform.providers import smtp_url
from ivr.platform.providers.mailer import Attachment, Letter
from ivr.platform.timeline import service as timeline

_LONGEST_WHY: Final = 500
#: What a calendar file asks of a calendar; the part of the letter says it as well (RFC 6047, 2.4).
_METHOD: Final = re.compile(r"^METHOD:([A-Z]+)", re.MULTILINE)


class BadAddressError(Refusal):
    message = "That is not an email address that we can send to."


class NotReturnedError(Refusal):
    message = "The email has not bounced: it is on its way, or was delivered. Reload the page."


class Colleague(Protocol):
    """A member of staff who reads a letter."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def languages(self) -> list[str]: ...


def post(
    kind: str,
    *,
    to: str,
    language: str,
    key: str,
    intake_id: int | None = None,
    calendar: str | None = None,
    **values: JSON,
) -> bool:
    """Write a letter to ``to``, sent after the commit. Returns False when the key already has a letter.

    ``values`` are what the templates of ``kind`` need, ``calendar`` an iCalendar file to attach. The letter is
    rendered once here, so that a fault reaches the caller of this function. Raises BadAddressError.
    """
    if fault := email_fault(to):
        raise BadAddressError(fault)
    subject = rendering.render(kind, language, {**values, **_known("")}).subject
    row = {
        "key": key,
        "intake_id": intake_id,
        "kind": kind,
        "to": to,
        "language": language,
        "subject": subject,
        "values": values,
        "calendar": calendar,
        "state": MailState.QUEUED,
        "created_at": clock.now(),
    }
    mail_id = insert_once(Mail, **row)
    if mail_id is None:
        return False
    enqueue("mail.send", mail_id=mail_id)
    if intake_id is not None:
        timeline.append(intake_id, "mail_queued", key=str(mail_id), subject=subject, to=to)
    return True


def post_to(reader: Colleague, kind: str, *, key: str, **values: JSON) -> bool:
    """Write a letter to a member of staff, by name and in the first of their languages, as ``post`` does."""
    return post(
        kind,
        to=reader.email,
        language=reader.languages[0],
        key=key,
        intake_id=None,
        calendar=None,
        name=reader.name,
        **values,
    )


def mark(to: str) -> str:
    """Return a short mark of an address, for the keys of a letter that several readers get.

    A key has 120 characters, and an address may be longer.
    """
    return sha256(to.encode()).hexdigest()[:12]


def again(key: str, *, to: str) -> None:
    """Send the letter of that key again, to ``to``, after it bounced or failed. It keeps its Message-ID.

    Raises BadAddressError, NotReturnedError.
    """
    if fault := email_fault(to):
        raise BadAddressError(fault)
    anew = {"state": MailState.QUEUED, "to": to, "why": None, "created_at": clock.now()}
    returned = Mail.key == key, Mail.state.in_(RETURNED)
    mail = session.scalar(update(Mail).where(*returned).values(anew).returning(Mail))
    if mail is None:
        raise NotReturnedError
    enqueue("mail.send", mail_id=mail.id)
    if mail.intake_id is not None:
        timeline.append(mail.intake_id, "mail_queued", key=_event_key(mail), subject=mail.subject, to=to)


def withdraw(key: str) -> bool:
    """Take back the letter of that key, where no mail server has taken it yet. Returns whether there was one."""
    waiting = Mail.key == key, Mail.state == MailState.QUEUED
    found = session.execute(delete(Mail).where(*waiting).returning(Mail.id, Mail.intake_id, Mail.subject))
    gone = found.one_or_none()
    if gone is not None and gone.intake_id is not None:
        timeline.append(gone.intake_id, "mail_withdrawn", key=str(gone.id), subject=gone.subject)
    return gone is not None


def letter(mail_id: int, *, address: str, sender: str) -> Letter | None:
    """Return the letter to send, or None when it is sent already or no longer wanted.

    ``address`` is the URL of this service, ``sender`` the email address that letters come from.
    """
    mail = session.get(Mail, mail_id)
    if mail is None or mail.state != MailState.QUEUED:
        return None
    words = rendering.render(mail.kind, mail.language, {**mail.values, **_known(address)})
    return Letter(
        to=mail.to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        language=mail.language,
        message_id=smtp_url.message_id(mail.id, mail.key, sender),
        sender=smtp_url.one_line(policy.current().company_name),
        reply_to=policy.current().reply_to or policy.current().operations_email,
        attachments=(_calendar(mail.calendar),) if mail.calendar else (),
    )


def _calendar(text: str) -> Attachment:
    method = _METHOD.search(text)
    params = {"method": method[1]} if method else {}
    return Attachment("onsite-support.ics", "text/calendar", text, params)


def sent(mail_id: int) -> None:
    """Note that the mail server accepted the letter."""
    _became(mail_id, MailState.SENT)


def bounced(mail_id: int, why: str) -> None:
    """Note that the mail server refused the letter permanently."""
    _became(mail_id, MailState.BOUNCED, why)


def failed(mail_id: int, why: str) -> None:
    """Note that the attempts are used up."""
    _became(mail_id, MailState.FAILED, why)


def last_of(kind: str) -> Mail | None:
    """Return the letter of this kind that was written last."""
    return session.scalar(select(Mail).where(Mail.kind == kind).order_by(Mail.id.desc()).limit(1))


def queued_before(moment: datetime) -> list[int]:
    """Return the ids of the letters that were queued before that moment and still are."""
    waiting = Mail.state == MailState.QUEUED, Mail.created_at < moment
    return list(session.scalars(select(Mail.id).where(*waiting).order_by(Mail.id)))


def opened(key: str) -> None:
    """Note that the link in the letter of that key was opened. Only the first time counts."""
    first = Mail.key == key, Mail.opened_at.is_(None)
    found = session.execute(
        update(Mail)
        .where(*first)
        .values(opened_at=clock.now())
        .returning(Mail.id, Mail.intake_id, Mail.subject)
    ).one_or_none()
    if found and found.intake_id is not None:
        timeline.append(found.intake_id, "mail_opened", key=str(found.id), subject=found.subject)


def _became(mail_id: int, state: MailState, why: str | None = None) -> None:
    mail = session.get(Mail, mail_id)
    if mail is None or mail.state != MailState.QUEUED:  # withdrawn while it was on its way, or told before
        return
    mail.state, mail.why = state, smtp_url.one_line(why)[:_LONGEST_WHY] if why else None
    mail.sent_at = clock.now() if state == MailState.SENT else None
    if mail.intake_id is None and state == MailState.SENT:
        mail.values = {}  # the link to a person's own pages is theirs alone
    if mail.intake_id is not None:
        said = {"subject": mail.subject, "to": mail.to} | ({"why": mail.why} if mail.why else {})
        timeline.append(mail.intake_id, f"mail_{state}", key=_event_key(mail), **said)


def _event_key(mail: Mail) -> str:
    """The timeline shows the result of each sending: a letter that is sent again gets a new key."""
    return f"{mail.id}:{mail.created_at.isoformat()}"


def _known(address: str) -> dict[str, object]:
    return {"company": policy.current(), "address": address}

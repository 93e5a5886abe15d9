"""One notice on its way: claimed before it is sent, settled afterwards.

Whoever sends has it for a while. A process that dies in between leaves it begun; the next one sends it once more and
says so. If that one dies too, nobody knows, and it is not sent a third time.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import joinedload

from ivr.backoffice.alarms import rules
from ivr.backoffice.alarms.models import AlarmNotice
from ivr.backoffice.alarms.rules import LASTS, ChannelKind, NoticeState, What
from ivr.company.mail import rendering
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform.providers import smtp_url
from ivr.platform.providers.mailer import Letter

#: How often a process may die over it.
_LOST_AT_MOST: Final = 1


@dataclass(frozen=True)
class Message:
    """What to send: words for all channels, and where to."""

    id: int
    what: What
    kind: ChannelKind
    target: dict[str, Any]
    title: str
    text: str
    staff_id: int | None
    tries: int


def begin(notice_id: int, *, address: str) -> Message | None:
    """Claim the notice and return what to send; None when it is settled, not wanted any more, or in another's hands.

    ``address`` is the URL of this service.
    """
    now = clock.now()
    theirs = AlarmNotice.id == notice_id, AlarmNotice.state == NoticeState.QUEUED
    is_free = or_(AlarmNotice.begun_at.is_(None), AlarmNotice.begun_at <= now - LASTS)
    lost = AlarmNotice.lost + case((AlarmNotice.begun_at.is_(None), 0), else_=1)
    claim = update(AlarmNotice).where(*theirs, is_free)
    if not changed(claim.values(begun_at=now, tries=AlarmNotice.tries + 1, lost=lost), in_session=False):
        return None
    loaded = joinedload(AlarmNotice.alarm), joinedload(AlarmNotice.channel)
    notice = session.get_one(AlarmNotice, notice_id, options=loaded, populate_existing=True)
    if notice.channel.removed_at is not None or not _is_wanted(notice):
        _settle(notice_id, NoticeState.DROPPED)
        return None
    if notice.lost > _LOST_AT_MOST:
        _settle(
            notice_id,
            NoticeState.UNKNOWN,
            "The service stopped twice while it was sent: it may have arrived.",
        )
        return None
    return _message(notice, address)


def waiting() -> list[int]:
    """Return the notices that nobody has sent yet, the oldest first."""
    queued = AlarmNotice.state == NoticeState.QUEUED
    return list(session.scalars(select(AlarmNotice.id).where(queued).order_by(AlarmNotice.made_at)))


def sent(notice_id: int) -> None:
    """Note that the channel has taken it."""
    _settle(notice_id, NoticeState.SENT)


def not_sent(notice_id: int, why: str, *, is_last: bool) -> None:
    """Note that it has failed: it is tried again, unless this was the last try."""
    if is_last:
        _settle(notice_id, NoticeState.FAILED, why)
    else:
        _change(notice_id, begun_at=None, why=why[:200])


def letter(message: Message, to: str, *, sender: str) -> Letter:
    """Return the message as a letter. It has the same Message-ID each time, so that a mail server knows a repeat."""
    values = {"title": message.title, "text": message.text, "company": policy.current(), "address": ""}
    words = rendering.render("alarm", "en", values)
    key = f"alarm-{message.id}-{to}"
    return Letter(
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        language="en",
        message_id=smtp_url.message_id(message.id, key, sender),
        sender=smtp_url.one_line(policy.current().company_name),
    )


def staff_of(message: Message) -> Staff | None:
    """Return who is to be called, if they still work here."""
    staff = session.get(Staff, message.staff_id) if message.staff_id else None
    return staff if staff and staff.is_active else None


def _is_wanted(notice: AlarmNotice) -> bool:
    alarm = notice.alarm
    if alarm is None or notice.what != What.RAISED:
        return True
    return alarm.acknowledged_at is None and alarm.ended_at is None


def _message(notice: AlarmNotice, address: str) -> Message:
    alarm = notice.alarm
    if alarm is None:
        said = "This is a test. When something needs you, it is told here."
        title = "Test alarm"
    else:
        said = rules.sentence(alarm.cause, alarm.about, alarm.figure)
        title = "Alarm"
        if notice.what == What.OVER:
            title, said = "Over", f"This is over: {said}"
    again = (
        "It is sent a second time, because nobody knows whether the first one arrived." if notice.lost else ""
    )
    text = "\n".join(line for line in (said, again, f"{address}/alarms") if line)
    return Message(
        id=notice.id,
        what=notice.what,
        kind=notice.channel.kind,
        target=notice.channel.target,
        title=f"{title}: {policy.current().company_name}",
        text=text,
        staff_id=notice.channel.staff_id,
        tries=notice.tries,
    )


def _settle(notice_id: int, state: NoticeState, why: str | None = None) -> None:
    _change(notice_id, state=state, settled_at=clock.now(), why=why and why[:200])


def _change(notice_id: int, **values: object) -> None:
    queued = AlarmNotice.id == notice_id, AlarmNotice.state == NoticeState.QUEUED
    changed(update(AlarmNotice).where(*queued).values(values))

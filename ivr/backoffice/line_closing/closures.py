"""An owner closes the service by hand, by telephone or in the console. It reopens by itself."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.intake import clips
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import outlook
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.hours.models import Closing
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.platform.timeline import service as timeline

#: A later end is set as a special day.
CLOSED_AT_MOST: Final = timedelta(days=31)
#: The subject of its lines in the audit.
SUBJECT: Final = "The line, manually"


class NotAheadError(Refusal):
    message = "Choose a time ahead, within the next 31 days."


def in_force() -> Closing | None:
    """Return the closing that holds now; of several, the one that ends last."""
    return next(iter(_in_force()), None)


def usual_end_times() -> tuple[datetime, datetime]:
    """Return the two usual ends of a closing: see ``outlook.ways_to_close``."""
    return outlook.ways_to_close(hours.calendar(), clock.now())


def reopens_at(until_at: datetime) -> datetime:
    """Return when callers are answered again after a closing until then."""
    return outlook.reopens_at(hours.calendar(), until_at)


def close(until_at: datetime, by: Somebody, how: str) -> Closing:
    """Close the service from now until then; a closing in force moves its end and keeps its message.

    ``how`` is for the audit. Calls in the queue or in conversation go on. Raises NotAheadError.
    """
    now = clock.now()
    if not now < until_at <= now + CLOSED_AT_MOST:
        raise NotAheadError
    before = _told()
    closing, *others = _in_force() or [Closing(from_at=now, until_at=until_at)]
    put_off_to = closing.until_at
    for other in others:  # two owners may close at the same moment
        other.ended_at = now
    closing.until_at, closing.closed_by = until_at, by.id
    session.add(closing)
    _changed(before, by, how)
    if until_at < put_off_to:
        _sooner(closing, put_off_to)
    return closing


def reopen(by: Somebody, how: str) -> bool:
    """Reopens the service before the set time. Returns whether it was closed by hand."""
    before, closings = _told(), _in_force()
    for closing in closings:
        closing.ended_at = clock.now()
    if closings:
        _changed(before, by, how)
    for closing in closings:
        _sooner(closing, closing.until_at)
    return bool(closings)


def set_message(intake: Intake, by: Somebody) -> None:
    """Play callers the recording of that intake, an owner's own call, while the service is closed."""
    closing = in_force()
    if closing is not None:
        before = "a recording" if closing.message_intake_id else "our own words"
        closing.message_intake_id = intake.id
        policy.record("What callers hear while it is closed manually", before, "a new recording", by)
        timeline.append(None, "line_by_hand", now=_told())


def message_url() -> str | None:
    """Return the URL of the owner's recording, a path of ours or the telephone network's address; None without one."""
    closing = in_force()
    if closing is None or closing.message_intake_id is None:
        return None
    return clips.latest_url(closing.message_intake_id)


def _in_force() -> list[Closing]:
    now = clock.now()
    wanted = Closing.from_at <= now, Closing.until_at > now, Closing.ended_at.is_(None)
    return list(
        session.scalars(select(Closing).where(*wanted).order_by(Closing.until_at.desc(), Closing.id.desc()))
    )


def _sooner(closing: Closing, than: datetime) -> None:
    callbacks.bring_forward(reopens_at(than), promised_before=closing.from_at)


def _changed(before: str, by: Somebody, how: str) -> None:
    session.flush()
    hours.look_again()
    policy.record(SUBJECT, before, f"{_told()}, {how}", by)
    timeline.append(None, "line_by_hand", now=_told())  # open pages reload


def _told() -> str:
    calendar = hours.calendar()
    closure = hours_rules.closure(calendar, clock.now())
    return (
        f"closed until {hours_rules.local(calendar, closure.until_at):%Y-%m-%d %H:%M}"
        if closure
        else "not closed"
    )

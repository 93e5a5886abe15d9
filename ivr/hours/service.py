"""The opening hours of the line, read once a transaction, and what to say about them."""

from datetime import datetime

from ivr import clock
from ivr.db import session
from ivr.hours import rules
from ivr.hours import spoken as words
from ivr.hours.models import THE_ROW, StoredCalendar
from ivr.hours.rules import Calendar, Status

_READ = "hours.calendar"


def calendar() -> Calendar:
    """The owner's opening hours, or the company's when the owner has set none. One statement a transaction.

    Raises UnreadableHoursError.
    """
    if _READ not in session.info:
        kept = session.get(StoredCalendar, THE_ROW)
        session.info[_READ] = kept.to_calendar() if kept else rules.COMPANY
    read: Calendar = session.info[_READ]
    return read


def set_calendar(new: Calendar) -> None:
    """Keep these opening hours from now on. Raises NeverOpenError when no day of the week is open."""
    if not new.week:
        raise rules.NeverOpenError
    session.merge(StoredCalendar.of(new, at=clock.now()))
    session.flush()
    session.info.pop(_READ, None)


def status_now() -> Status:
    return status_at(clock.now())


def status_at(at: datetime) -> Status:
    return rules.status(calendar(), at)


def spoken(at: datetime, language: str) -> str:
    """That moment in words, as seen from now: "tomorrow, Tuesday, at 7 a.m. Pacific"."""
    return words.spoken_moment(calendar(), at, now=clock.now(), language=language)


def spoken_reason(language: str) -> str:
    """In whole sentences, why the line is closed now, or until when it is open."""
    return words.spoken_reason(calendar(), status_now(), language)

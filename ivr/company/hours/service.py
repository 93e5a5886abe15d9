"""The company's opening hours, read again after each change, and what to say about them."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from ivr.company.hours import outlook, rules, sentences
from ivr.company.hours.models import THE_ROW, Closing, StoredCalendar
from ivr.company.hours.rules import Calendar, Status
from ivr.company.policy import cache
from ivr.core import clock
from ivr.core.db import session

_READ: Final = "hours.calendar"
#: A call may ask what the hours were when it began.
_LONGEST_CALL: Final = timedelta(hours=12)


def calendar() -> Calendar:
    """Return the owner's opening hours, else the company's default, with the closings by hand.

    Raises UnreadableHoursError.
    """
    return cache.cached(_READ, _read)


def set_calendar(new: Calendar) -> None:
    """Store new opening hours. Raises NeverOpenError when no weekday is open."""
    if not new.week:
        raise rules.NeverOpenError
    session.merge(StoredCalendar.of(new, at=clock.now()))
    session.flush()
    look_again()


def look_again() -> None:
    """Note that this transaction has changed the hours."""
    cache.changed(_READ)


def _read() -> Calendar:
    kept = session.get(StoredCalendar, THE_ROW)
    recent = select(Closing).where(Closing.until_at > clock.now() - _LONGEST_CALL).order_by(Closing.id)
    closures = tuple(one.to_closure() for one in session.scalars(recent))
    return replace(kept.to_calendar() if kept else rules.COMPANY, closures=closures)


def status_now() -> Status:
    return status_at(clock.now())


def status_at(at: datetime) -> Status:
    return rules.status(calendar(), at)


def next_time(wall: time) -> datetime:
    """Return the next moment at which the company's time zone has that time."""
    return outlook.next_time(calendar(), wall, clock.now())


def spoken(at: datetime, language: str) -> str:
    """Return that moment in words, relative to now: "tomorrow, Tuesday, at 7 a.m. Pacific"."""
    return sentences.spoken_moment(calendar(), at, now=clock.now(), language=language)


def spoken_end(at: datetime, language: str) -> str:
    """Return that moment in words, to follow "until": "4 p.m. Pacific", "tomorrow, Tuesday, at 7 a.m. Pacific"."""
    return sentences.spoken_end(calendar(), at, now=clock.now(), language=language)


def spoken_day(at: datetime, language: str) -> str:
    """Return that moment in a word or two, to follow "until": "4 p.m.", "tomorrow", "Wednesday", "January 4th"."""
    return sentences.spoken_day(calendar(), at, now=clock.now(), language=language)


def spoken_reason(language: str) -> str:
    """Say in whole sentences why the company is closed now, or until when it is open."""
    return sentences.spoken_reason(calendar(), status_now(), language)

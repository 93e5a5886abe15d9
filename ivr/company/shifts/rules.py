"""When a person is on shift, by their week and what changes it. Pure; moments are UTC.

A week is read off the clock on the wall of the person's zone, and converted to UTC last: a night shift is seven hours
long when the clocks go forward and nine when they go back.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from ivr.company.hours import zones
from ivr.company.hours.rules import NotAWeekdayError
from ivr.core.errors import Refusal

_DAY: Final = timedelta(days=1)
LONGEST_REASON: Final = 100
#: A longer change is a typing error: parental leave is half a year.
LONGEST_CHANGE: Final = timedelta(days=366)
MOST_IN_A_WEEK: Final = 42


class ShiftRequestKind(StrEnum):
    """What somebody asks for."""

    LEAVE = "leave"
    SWAP = "swap"


class RequestState(StrEnum):
    """What has become of it. One that is open when its time begins can no longer be agreed to."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    #: It was agreed to, and an owner has taken that back.
    TAKEN_BACK = "taken_back"


class OverlapError(Refusal):
    message = "Two shifts of this week overlap. Make them one, or end the first where the second begins."


class TooManyShiftsError(Refusal):
    message = "A week has at most 42 shifts."


class BadChangeError(Refusal):
    message = "The end must be after the start, and at most a year later."


class BadReasonError(Refusal):
    message = "A reason is one line of at most 100 characters."


class WeeklyHours(NamedTuple):
    """A shift of every week. Monday is 0; an end that is not after the start is on the next day."""

    weekday: int
    starts: time
    ends: time


class Span(NamedTuple):
    """From ``starts_at`` on, until just before ``ends_at``."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


class Change(NamedTuple):
    """What somebody has set for a stretch of time: on shift in it, or off."""

    span: Span
    is_on: bool


def check_week(week: Iterable[WeeklyHours]) -> None:
    """Raise NotAWeekdayError, TooManyShiftsError, OverlapError."""
    week = list(week)
    if any(one.weekday not in range(7) for one in week):
        raise NotAWeekdayError
    if len(week) > MOST_IN_A_WEEK:
        raise TooManyShiftsError
    minutes = sorted(_of_week(one) for one in week)
    ends = [*minutes, *((start + _WEEK, end + _WEEK) for start, end in minutes[:1])]
    if any(later[0] < earlier[1] for earlier, later in pairwise(ends)):
        raise OverlapError


def check_change(span: Span, reason: str | None) -> None:
    """Raise BadChangeError, BadReasonError."""
    if not timedelta() < span.ends_at - span.starts_at <= LONGEST_CHANGE:
        raise BadChangeError
    if reason is not None and (len(reason) > LONGEST_REASON or not reason.isprintable()):
        raise BadReasonError


def weekly_spans(week: Iterable[WeeklyHours], zone: str, first: date, days: int) -> list[Span]:
    """Return the shifts that begin on one of so many days from ``first`` on, in the zone's calendar, in order."""
    found = []
    by_weekday: dict[int, list[WeeklyHours]] = {}
    for one in week:
        by_weekday.setdefault(one.weekday, []).append(one)
    for day in (first + n * _DAY for n in range(days)):
        for one in by_weekday.get(day.weekday(), ()):
            last = day if one.ends > one.starts else day + _DAY
            starts_at = zones.moment(zone, datetime.combine(day, one.starts))
            ends_at = zones.moment(zone, datetime.combine(last, one.ends))
            if starts_at < ends_at:  # else the whole shift is in the hour that spring skips
                found.append(Span(starts_at, ends_at))
    return joined(found)


def changed_spans(spans: Iterable[Span], changes: Iterable[Change]) -> list[Span]:
    """Return the spans after the changes, which are in the order in which they were made: a later one wins."""
    spans = list(spans)
    for change in changes:
        spans = joined([*spans, change.span]) if change.is_on else without(spans, change.span)
    return joined(spans)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the same time in order, in as few spans as can be."""
    found: list[Span] = []
    for one in sorted(spans):
        if found and one.starts_at <= found[-1].ends_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, one.ends_at))
        else:
            found.append(one)
    return found


def without(spans: Iterable[Span], away: Span) -> list[Span]:
    """Return what is left of the spans outside ``away``."""
    return [
        part
        for one in spans
        for part in (
            Span(one.starts_at, min(one.ends_at, away.starts_at)),
            Span(max(one.starts_at, away.ends_at), one.ends_at),
        )
        if part.starts_at < part.ends_at
    ]


_WEEK: Final = 7 * 24 * 3600


def _of_week(one: WeeklyHours) -> tuple[int, int]:
    """Return start and end as seconds from Monday, midnight, of a week without a change of the clock."""
    start, end = (at.hour * 3600 + at.minute * 60 + at.second for at in (one.starts, one.ends))
    if end <= start:
        end += 24 * 3600
    return one.weekday * 24 * 3600 + start, one.weekday * 24 * 3600 + end

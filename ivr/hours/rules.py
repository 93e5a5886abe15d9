"""When the line is open. Pure: the time is an argument, aware; hours are those of the clock on the wall.

Days are counted on the zone's own calendar and turned into moments last, so the nights when the clocks change
need no care here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple

from ivr.errors import Refusal
from ivr.hours import federal, zones

Reason = Literal["open", "before_hours", "after_hours", "closed_day", "holiday", "special", "closure"]

MIDNIGHT: Final = time()
REASON_AT_MOST: Final = 80
#: A weekday is gone today, may be Christmas Day, then New Year's Day; no weekday is a holiday three weeks running.
WEEKS_TO_LOOK: Final = 4


class ClosesBeforeItOpensError(Refusal):
    """The closing hour must be after the opening hour of the same day."""


class NotAWeekdayError(Refusal):
    """A day of the week is 0 (Monday) to 6 (Sunday)."""


class DayGivenTwiceError(Refusal):
    """A date can be a special day only once."""


class BadReasonError(Refusal):
    """A reason is one line of at most 80 letters: it is read out on the telephone."""


class UnknownZoneError(Refusal):
    """That is not the name of a time zone, such as America/Los_Angeles."""


class NeverOpenError(Refusal):
    """These hours never open."""


@dataclass(frozen=True)
class Window:
    """The hours of a day: open at ``opens`` to the second, closed again from ``closes`` on.

    Midnight as ``closes`` is the end of the day. Raises ClosesBeforeItOpensError.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("hours are read off the clock on the wall: they carry no zone")
        if self.closes <= self.opens and self.closes != MIDNIGHT:
            raise ClosesBeforeItOpensError


@dataclass(frozen=True)
class SpecialDay:
    """What the owner says about one date; it wins over the week and over a holiday. No window: closed all day.

    ``reason`` is read out after "closed today for"; it may be empty. Raises BadReasonError.
    """

    day: date
    window: Window | None
    reason: str = ""

    def __post_init__(self) -> None:
        if len(self.reason) > REASON_AT_MOST or not self.reason.isprintable():
            raise BadReasonError


@dataclass(frozen=True)
class Calendar:
    """The whole of the opening hours. A weekday (Monday is 0) that is not in ``week`` is closed.

    Raises UnknownZoneError, NotAWeekdayError, DayGivenTwiceError.
    """

    zone: str = "America/Los_Angeles"
    week: Mapping[int, Window] = field(default_factory=dict)
    special_days: tuple[SpecialDay, ...] = ()
    observes_holidays: bool = True

    def __post_init__(self) -> None:
        if not zones.is_known(self.zone):
            raise UnknownZoneError
        if not self.week.keys() <= set(range(7)):
            raise NotAWeekdayError
        if len({special.day for special in self.special_days}) < len(self.special_days):
            raise DayGivenTwiceError


class Closure(NamedTuple):
    """The owner has closed the line by hand, from a moment on (UTC); it ends by itself at ``until_at``."""

    from_at: datetime
    until_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at


class Day(NamedTuple):
    """One date: its hours, or None; why, if it is closed; the name of the holiday or the owner's reason."""

    window: Window | None
    why: Reason
    occasion: str | None


@dataclass(frozen=True)
class Status:
    """How things stand at one moment. Moments are UTC; ``closes_at`` is None when the line is closed.

    ``next_opening`` is the one after the present hours.
    """

    reason: Reason
    closes_at: datetime | None
    next_opening: datetime
    today: Day

    @property
    def open(self) -> bool:
        return self.reason == "open"

    @property
    def holiday(self) -> str | None:
        """The day's name: a holiday, or the owner's reason for a special day, which may be open."""
        return self.today.occasion


#: The hours that the company tells its customers.
COMPANY: Final = Calendar(week=dict.fromkeys(range(5), Window(time(7), time(16))))


def is_open(calendar: Calendar, at: datetime, closures: Iterable[Closure] = ()) -> bool:
    """Whether the line is open at that moment."""
    hours = _moments(calendar, local(calendar, at).date())
    return hours is not None and hours[0] <= at < hours[1] and not any(one.holds(at) for one in closures)


def status(calendar: Calendar, at: datetime, closures: Iterable[Closure] = ()) -> Status:
    """All there is to say about that moment. Raises NeverOpenError.

    A closure counts where the line would be open; it opens again when the last that holds ends, within hours.
    """
    today = local(calendar, at).date()
    day, hours, reopens = on(calendar, today), _moments(calendar, today), next_opening(calendar, at)
    ends = max((one.until_at for one in closures if one.holds(at)), default=at)
    if ends > at:
        reopens = within_hours(calendar, ends)
    if hours is None:
        return Status(day.why, None, reopens, day)
    opens, closes = hours
    if opens <= at < closes:
        return Status("closure", None, reopens, day) if ends > at else Status("open", closes, reopens, day)
    return Status("before_hours" if at < opens else "after_hours", None, reopens, day)


def on(calendar: Calendar, day: date) -> Day:
    """What the calendar says about that date."""
    for special in calendar.special_days:
        if special.day == day:
            return Day(special.window, "special", special.reason or None)
    if calendar.observes_holidays and (name := federal.holidays(day.year).get(day)):
        return Day(None, "holiday", name)
    return Day(calendar.week.get(day.weekday()), "closed_day", None)


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The first opening after that moment, UTC; when open, the one after the present hours.

    Raises NeverOpenError, but never while a day of the week is open.
    """
    for day in _days_from(calendar, local(calendar, at).date()):
        hours = _moments(calendar, day)
        if hours and hours[0] > at:
            return hours[0]
    raise NeverOpenError


def within_hours(calendar: Calendar, at: datetime) -> datetime:
    """That moment when the line is open then, or else the next opening. Raises NeverOpenError."""
    return at if is_open(calendar, at) else next_opening(calendar, at)


def moment(calendar: Calendar, wall: datetime) -> datetime:
    """The UTC moment at which the clock on the calendar's wall shows that naive time. Raises ValueError for another."""
    if wall.tzinfo is not None:
        raise ValueError(f"{wall!r} is a moment already")
    return zones.moment(calendar.zone, wall)


def local(calendar: Calendar, at: datetime) -> datetime:
    """That moment by the clock on the calendar's wall, aware. Raises ValueError for a naive one."""
    return zones.wall_clock(calendar.zone, at)


def _days_from(calendar: Calendar, today: date) -> list[date]:
    """Every date that can be the next open one: a special day takes one weekday of one week away at most."""
    weeks = WEEKS_TO_LOOK + len(calendar.special_days)
    days = {today + timedelta(days=n) for n in range(7 * weeks)}
    return sorted(days | {special.day for special in calendar.special_days if special.day > today})


def _moments(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    window = on(calendar, day).window
    if window is None:
        return None
    closing_day = day + timedelta(days=1) if window.closes == MIDNIGHT else day
    opens = zones.moment(calendar.zone, datetime.combine(day, window.opens))
    closes = zones.moment(calendar.zone, datetime.combine(closing_day, window.closes))
    return (opens, closes) if opens < closes else None  # all of it in the hour that spring skips

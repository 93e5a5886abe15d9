"""When the company is open. Pure: the time is an aware argument; hours are local time.

Days are counted on the zone's calendar and converted to UTC last, so daylight saving needs no care here.
Over 200 lines: what a calendar is and what it says of a moment are read together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple

from ivr.company.hours import federal, zones
from ivr.core.errors import Refusal

Reason = Literal["open", "before_hours", "after_hours", "closed_day", "holiday", "special", "closure"]

MIDNIGHT: Final = time()
REASON_AT_MOST: Final = 80
#: A weekday may be over today, be Christmas Day, then New Year's Day; no weekday is a holiday three weeks running.
WEEKS_TO_LOOK: Final = 4


class ClosesBeforeItOpensError(Refusal):
    message = "The closing hour must be after the opening hour of the same day."


class NotAWeekdayError(Refusal):
    message = "A day of the week is 0 (Monday) to 6 (Sunday)."


class DayGivenTwiceError(Refusal):
    message = "A date can be a special day only once."


class BadReasonError(Refusal):
    message = "A reason is one line of at most 80 characters: it is read out on the phone."


class UnknownZoneError(Refusal):
    message = "That is not the name of a time zone, such as America/Los_Angeles."


class NeverOpenError(Refusal):
    message = "These hours never open."


@dataclass(frozen=True)
class Window:
    """The hours of a day: open from ``opens`` on, to the second, and closed from ``closes`` on.

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
    """What the owner sets for one date; it overrides the week and holidays. No window: closed all day.

    ``reason`` is read out after "closed today for"; it may be empty. ``spanish`` is its Spanish version.
    Raises BadReasonError.
    """

    day: date
    window: Window | None
    reason: str = ""
    spanish: str = ""

    def __post_init__(self) -> None:
        if not (is_reason(self.reason) and is_reason(self.spanish)):
            raise BadReasonError


class Closure(NamedTuple):
    """The owner closed the service by hand from ``from_at`` (UTC); it reopens by itself at ``until_at``."""

    from_at: datetime
    until_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at


@dataclass(frozen=True)
class Calendar:
    """The complete opening hours. A weekday (Monday is 0) that is not in ``week`` is closed.

    ``closures`` override everything. They are stored separately.
    Raises UnknownZoneError, NotAWeekdayError, DayGivenTwiceError.
    """

    zone: str = "America/Los_Angeles"
    week: Mapping[int, Window] = field(default_factory=dict)
    special_days: tuple[SpecialDay, ...] = ()
    observes_holidays: bool = True
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        if not zones.is_known(self.zone):
            raise UnknownZoneError
        if not self.week.keys() <= set(range(7)):
            raise NotAWeekdayError
        if len({special.day for special in self.special_days}) < len(self.special_days):
            raise DayGivenTwiceError


class Day(NamedTuple):
    """One date: its hours, or None; why it is closed; the name of the holiday or the owner's reason.

    ``spanish`` is the owner's reason in Spanish, if they gave one.
    """

    window: Window | None
    why: Reason
    occasion: str | None
    spanish: str | None = None


@dataclass(frozen=True)
class Status:
    """What holds at one moment. Datetimes are UTC; ``closes_at`` is None when the company is closed.

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


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the company is open at that moment."""
    hours = opening(calendar, local(calendar, at).date())
    return hours is not None and hours[0] <= at < hours[1] and closure(calendar, at) is None


def status(calendar: Calendar, at: datetime) -> Status:
    """Return the status at that moment. Raises NeverOpenError."""
    today = local(calendar, at).date()
    day, hours, reopens = hours_on(calendar, today), opening(calendar, today), next_opening(calendar, at)
    if closure(calendar, at):
        return Status("closure", None, reopens, day)
    if hours is None:
        return Status(day.why, None, reopens, day)
    opens, closes = hours
    if opens <= at < closes:
        ahead = (one.from_at for one in calendar.closures if one.from_at > at)
        return Status("open", min([closes, *ahead]), reopens, day)
    return Status("before_hours" if at < opens else "after_hours", None, reopens, day)


def closure(calendar: Calendar, at: datetime) -> Closure | None:
    """Return the closure by hand that holds at that moment; of several, the one that ends last."""
    holding = (one for one in calendar.closures if one.holds(at))
    return max(holding, key=lambda one: one.until_at, default=None)


def by_the_week(calendar: Calendar) -> Calendar:
    """Return the same hours without closures by hand."""
    return replace(calendar, closures=())


def hours_on(calendar: Calendar, day: date) -> Day:
    """Return the calendar's hours on that date."""
    for special in calendar.special_days:
        if special.day == day:
            return Day(special.window, "special", special.reason or None, special.spanish or None)
    if calendar.observes_holidays and (name := federal.holidays(day.year).get(day)):
        return Day(None, "holiday", name)
    return Day(calendar.week.get(day.weekday()), "closed_day", None)


def opening(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """Return when that day opens and closes, in UTC, or None. Closures by hand are ignored."""
    window = hours_on(calendar, day).window
    if window is None:
        return None
    closing_day = day + timedelta(days=1) if window.closes == MIDNIGHT else day
    opens = zones.moment(calendar.zone, datetime.combine(day, window.opens))
    closes = zones.moment(calendar.zone, datetime.combine(closing_day, window.closes))
    return (opens, closes) if opens < closes else None  # the whole window is in the hour that spring skips


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """Return the first opening after that moment, in UTC; when open, the one after the present hours.

    Raises NeverOpenError; this cannot happen while a weekday is open.
    """
    for day in _days_from(calendar, local(calendar, at).date()):
        for opens in _openings(calendar, day):
            if opens > at:
                return opens
    raise NeverOpenError


def within_hours(calendar: Calendar, at: datetime) -> datetime:
    """Return that moment if the company is open then, otherwise the next opening. Raises NeverOpenError."""
    return at if is_open(calendar, at) else next_opening(calendar, at)


def is_same_closing(calendar: Calendar, earlier: datetime, at: datetime) -> bool:
    """Whether the company is closed at ``at``, and has not been open since ``earlier``."""
    return (
        not is_open(calendar, at) and not is_open(calendar, earlier) and next_opening(calendar, earlier) > at
    )


def is_reason(text: str) -> bool:
    """Whether the text can be read out as a reason: one line of at most 80 letters, or nothing."""
    return len(text) <= REASON_AT_MOST and text.isprintable()


def moment(calendar: Calendar, wall: datetime) -> datetime:
    """Return the UTC moment of a naive local time in the calendar's zone. Raises ValueError for an aware one."""
    if wall.tzinfo is not None:
        raise ValueError(f"{wall!r} is a moment already")
    return zones.moment(calendar.zone, wall)


def midnight(calendar: Calendar, day: date) -> datetime:
    """Return the UTC moment at which that day begins in the calendar's zone: days last 23, 24 or 25 hours."""
    return zones.moment(calendar.zone, datetime.combine(day, MIDNIGHT))


def local(calendar: Calendar, at: datetime) -> datetime:
    """Return that moment in the calendar's time zone, aware. Raises ValueError for a naive one."""
    return zones.wall_clock(calendar.zone, at)


def _days_from(calendar: Calendar, today: date) -> list[date]:
    """Return every date that can be the next open one: each special day closes a weekday in one week at most."""
    closed = sum((one.until_at - one.from_at).days // 7 + 2 for one in calendar.closures)
    weeks = WEEKS_TO_LOOK + len(calendar.special_days) + closed
    days = {today + timedelta(days=n) for n in range(7 * weeks)}
    return sorted(days | {special.day for special in calendar.special_days if special.day > today})


def _openings(calendar: Calendar, day: date) -> list[datetime]:
    """Return when a closed company opens on that day: when its hours begin, or when a closure ends within them."""
    hours = opening(calendar, day)
    if hours is None:
        return []
    opens, closes = hours
    ends = {
        one.until_at
        for one in calendar.closures
        if one.from_at < one.until_at and opens < one.until_at < closes
    }
    return sorted(one for one in {opens, *ends} if closure(calendar, one) is None)

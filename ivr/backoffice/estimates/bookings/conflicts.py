"""What about a window does not fit the company. The operator is asked, and books by confirming. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from ivr.backoffice.estimates.bookings.rules import Window
from ivr.company.hours.rules import Calendar, Reason, hours_on, local, opening
from ivr.core.errors import Refusal

PAST: Final = "past"


class Conflict(NamedTuple):
    """One thing that does not fit, in a sentence for the person who books."""

    kind: Reason | Literal["past", "overlap", "off_shift", "leave"]
    sentence: str


class Other(NamedTuple):
    """Another visit: its intake's reference, the customer's name, and its window."""

    reference: str
    name: str | None
    window: Window


class UnconfirmedError(Refusal):
    """The window does not fit. ``confirmation`` confirms exactly this."""

    message = "That time doesn't work."

    def __init__(self, window: Window, conflicts: Sequence[Conflict]) -> None:
        super().__init__(" ".join(one.sentence for one in conflicts))
        self.conflicts = conflicts
        self.confirmation = confirmation(window, conflicts)


def conflicts(
    window: Window, *, now: datetime, calendar: Calendar, others: Iterable[Other]
) -> list[Conflict]:
    """Return all that does not fit: a window in the past, outside open hours, or during another visit."""
    return [
        *_in_the_past(window, now),
        *_outside_hours(window, calendar),
        *_while_closed_by_hand(window, calendar),
        *_over_others(window, calendar, others),
    ]


def confirmation(window: Window, found: Iterable[Conflict]) -> str:
    """Return a hash of the window and its conflicts. It leaves out how long ago the window began: that grows."""
    asked = [one.kind if one.kind == PAST else one.sentence for one in found]
    return sha256("\n".join([*(at.isoformat() for at in window), *asked]).encode()).hexdigest()[:32]


def _in_the_past(window: Window, now: datetime) -> Iterator[Conflict]:
    if window.starts_at < now:
        yield Conflict("past", f"This window began {_long(now - window.starts_at)} ago.")


def _outside_hours(window: Window, calendar: Calendar) -> Iterator[Conflict]:
    day = local(calendar, window.starts_at).date()
    then, hours = hours_on(calendar, day), opening(calendar, day)
    if hours is None:
        yield Conflict(then.why, _why_closed(day, then.why, then.occasion))
        return
    opens, closes = hours
    occasion = f", for {then.occasion}" if then.occasion else ""
    if window.starts_at < opens:
        limit = f"({_clock(opens, calendar)}{occasion})"
        yield Conflict(
            "before_hours", f"{_clock(window.starts_at, calendar)} is before opening time {limit}."
        )
    if window.ends_at > closes:
        late = window.starts_at if window.starts_at >= closes else window.ends_at
        limit = f"({_clock(closes, calendar)}{occasion})"
        yield Conflict("after_hours", f"{_clock(late, calendar)} is after closing time {limit}.")


def _why_closed(day: date, why: Reason, occasion: str | None) -> str:
    if why == "holiday":
        return f"{_day(day)} is a holiday: {occasion}."
    if why == "special":
        return f"The company is closed on {_day(day)}{f': {occasion}' if occasion else ''}."
    return f"{_day(day)} is not a working day."


def _while_closed_by_hand(window: Window, calendar: Calendar) -> Iterator[Conflict]:
    until = [one.until_at for one in calendar.closures if _overlap(Window(*one), window)]
    if until:
        there = local(calendar, max(until))
        yield Conflict(
            "closure",
            f"The line is closed manually until {_day(there.date())}, {_clock(max(until), calendar)}.",
        )


def _over_others(window: Window, calendar: Calendar, others: Iterable[Other]) -> Iterator[Conflict]:
    for reference, name, other in sorted(others, key=lambda one: (one.window, one.reference)):
        if _overlap(other, window):
            who = f"{reference}, {name}," if name else reference
            hours = f"{_clock(other.starts_at, calendar)} to {_clock(other.ends_at, calendar)}"
            yield Conflict("overlap", f"{who} is booked {hours} that day.")


def _overlap(one: Window, other: Window) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _day(day: date) -> str:
    return f"{day:%A, %B} {day.day}"


def _clock(at: datetime, calendar: Calendar) -> str:
    return f"{local(calendar, at):%I:%M %p}".removeprefix("0")


def _long(span: timedelta) -> str:
    """Return the rounded duration: "2 hours"."""
    for unit, length in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        if count := span // length:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"

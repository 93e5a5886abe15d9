"""Whether a technician can make a visit: on shift, and never at two visits at once. Pure."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from ivr.backoffice.estimates.bookings.rules import Window
from ivr.company.shifts.rules import Span, joined


class Standing(StrEnum):
    """How somebody stands to a visit."""

    FREE = "free"
    OFF_SHIFT = "off_shift"
    LEAVE = "leave"
    #: At another visit, or on the way there.
    BUSY = "busy"


class Visit(NamedTuple):
    """A visit as far as it takes somebody's time. ``hours`` is the work that was sold, 0 when nobody knows."""

    reference: str
    window: Window
    hours: int
    is_remote: bool

    @property
    def span(self) -> Span:
        """Until the window ends, or for as long as the work lasts when they arrive as it begins."""
        ends_at = max(self.window.ends_at, self.window.starts_at + timedelta(hours=self.hours))
        return Span(self.window.starts_at, ends_at)


class Week(NamedTuple):
    """What somebody has in the time that is looked at."""

    #: Without shifts they are on shift whenever the company is open, but for leave.
    has_shifts: bool
    shifts: Sequence[Span]
    leave: Sequence[Span]
    visits: Sequence[Visit]


def standing(visit: Visit, week: Week, drive: timedelta) -> Standing:
    """Return how whoever has this week stands to the visit; ``drive`` is the time between two sites."""
    if clash(visit, week.visits, drive) is not None:
        return Standing.BUSY
    if week.has_shifts and any(
        one.starts_at <= visit.window.starts_at and visit.window.ends_at <= one.ends_at
        for one in joined(week.shifts)
    ):
        return Standing.FREE
    if any(_overlap(one, Span(*visit.window)) for one in week.leave):
        return Standing.LEAVE
    return Standing.OFF_SHIFT if week.has_shifts else Standing.FREE


def clash(visit: Visit, others: Iterable[Visit], drive: timedelta) -> Visit | None:
    """Return the first of the other visits that leaves no time for this one. A remote visit needs no drive."""
    return next(
        (one for one in sorted(others, key=lambda one: one.window) if _clash(visit, one, drive)), None
    )


def _clash(one: Visit, other: Visit, drive: timedelta) -> bool:
    between = timedelta() if one.is_remote or other.is_remote else drive
    padded = Span(other.span.starts_at - between, other.span.ends_at + between)
    return _overlap(one.span, padded)


def _overlap(one: Span, other: Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at

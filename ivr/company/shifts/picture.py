"""Who works when: people with the time in which they are on shift, and the open hours in which somebody is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.company.shifts import coverage, queries
from ivr.company.shifts.coverage import Gap, Person
from ivr.company.shifts.rules import Span
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session

#: So far ahead gaps are looked for.
AHEAD: Final = timedelta(days=14)
#: In the order in which they are shown. Owners are rung for no calls.
WORKING: Final = (Role.TECHNICIAN, Role.OPERATOR, Role.FIELD)


@dataclass(frozen=True)
class Worker:
    """A person, and their shifts in the time that was asked for."""

    id: int
    name: str
    role: Role
    languages: tuple[str, ...]
    has_shifts: bool
    #: When they are on shift; of whoever has no shifts, all the time but for their leave.
    spans: Sequence[Span]
    #: When they are switched off from now on, whatever their shifts say; None while they are available.
    away: Span | None
    #: They are switched off without an end, so they count as absent for the present half hour only.
    is_away_for_now: bool

    @property
    def reachable(self) -> Person:
        """The time in which they can be rung."""
        spans = coverage.outside(self.spans, [self.away] if self.away else [])
        return Person(self.role, frozenset(self.languages), spans)


def workers(first: datetime, until: datetime) -> list[Worker]:
    """Return everybody who has shifts or could have them, by role and name, with their shifts in that time."""
    frame, now = Span(first, until), clock.now()
    shifts: dict[int, list[Span]] = {}
    for shift in queries.shifts_between(first, until):
        shifts.setdefault(shift.staff_id, []).append(shift.span)
    leave: dict[int, list[Span]] = {}
    for change in queries.changes_between(first, until):
        if not change.is_on:
            leave.setdefault(change.staff_id, []).append(Span(change.starts_at, change.ends_at))
    theirs = select(Staff).where(Staff.is_active, Staff.role.in_(WORKING)).order_by(Staff.name, Staff.id)
    found = [
        Worker(
            id=one.id,
            name=one.name,
            role=one.role,
            languages=tuple(one.languages),
            has_shifts=one.has_shifts,
            spans=coverage.within(shifts.get(one.id, []), frame)
            if one.has_shifts
            else coverage.outside([frame], leave.get(one.id, [])),
            away=_away(one, now),
            is_away_for_now=not one.is_available and one.away_until is None,
        )
        for one in session.scalars(theirs)
    ]
    return sorted(found, key=lambda one: WORKING.index(one.role))


def gaps(first: datetime, until: datetime, people: Sequence[Worker]) -> list[Gap]:
    """Return the open time in which one of these people is missing, in order."""
    open_ = coverage.open_spans(hours.calendar(), first, until)
    return coverage.coverage(open_, [one.reachable for one in people], policy.current().languages)


def gaps_ahead() -> list[Gap]:
    """Return the gaps of the coming 14 days, from this moment on."""
    now = clock.now()
    until = coverage.next_half_hour(now) + AHEAD
    return gaps(now, until, workers(now, until))


def _away(staff: Staff, now: datetime) -> Span | None:
    if staff.is_available:
        return None
    until = staff.away_until or coverage.next_half_hour(now)
    return Span(now, until) if until > now else None

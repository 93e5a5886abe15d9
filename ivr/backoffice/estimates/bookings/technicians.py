"""Who can make a visit: technicians and field technicians, by their shifts, leave and other visits.

What is read here holds until the transaction ends once it has the lock of ``service.lock_bookings``.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from ivr.backoffice.estimates.bookings import fit
from ivr.backoffice.estimates.bookings.conflicts import Conflict
from ivr.backoffice.estimates.bookings.fit import Standing, Visit, Week
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Who, Window
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import MOST_HOURS, EstimateKind
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.policy import service as policy
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal

#: Who can be sent, or can help from afar.
VISITING: Final = (Role.TECHNICIAN, Role.FIELD)
#: No visit that begins so long before a moment still lasts at it, and no drive is as long.
_LONGEST: Final = timedelta(hours=MOST_HOURS * 2)


class BusyTechnicianError(Refusal):
    message = "They have another visit at that time. Nobody can be at two visits at once."


class NoTechnicianError(Refusal):
    message = "They don't do visits. Choose a technician on the team."


class Candidate(NamedTuple):
    """Somebody who makes visits, and how they stand to one; None where no window is known."""

    id: int
    name: str
    role: Role
    standing: Standing | None


@dataclass(frozen=True)
class Crew:
    """All who make visits, and what they have in some stretch of time."""

    people: Sequence[Staff]
    weeks: Mapping[int, Week]
    #: Visits for which nobody is chosen.
    open_visits: Sequence[Visit]
    drive: timedelta

    def standing(self, staff_id: int, visit: Visit) -> Standing:
        return fit.standing(visit, self.weeks[staff_id], self.drive)

    def clash(self, staff_id: int, visit: Visit) -> Visit | None:
        return fit.clash(visit, self.weeks[staff_id].visits, self.drive)

    def candidates(self, visit: Visit) -> list[Candidate]:
        """Return everybody: who is free comes first, of these whose role it is, then by name."""
        theirs = Role.TECHNICIAN if visit.is_remote else Role.FIELD
        order, stand = list(Standing), {one.id: self.standing(one.id, visit) for one in self.people}
        in_order = sorted(
            self.people, key=lambda one: (order.index(stand[one.id]), one.role != theirs, one.name, one.id)
        )
        return [Candidate(one.id, one.name, one.role, stand[one.id]) for one in in_order]


def everybody() -> Sequence[Staff]:
    """Return all who make visits, by name."""
    theirs = Staff.is_active, Staff.role.in_(VISITING)
    return session.scalars(select(Staff).where(*theirs).order_by(Staff.name, Staff.id)).all()


def crew(first: datetime, until: datetime, *, besides: int) -> Crew:
    """Return who makes visits, and what they have in this time, ``besides`` the visit of that intake."""
    people = everybody()
    mine, found = _shifts(people, first, until), _visits(first, until, besides)
    away: dict[int, list[Span]] = defaultdict(list)
    for change in shifts_queries.changes_between(first, until):
        if not change.is_on:
            away[change.staff_id].append(change.change.span)
    weeks = {one.id: Week(one.has_shifts, mine[one.id], away[one.id], found[one.id]) for one in people}
    return Crew(people, weeks, found[None], timedelta(seconds=policy.current().visit_drive_seconds))


def conflicts(who: Who, visit: Visit, *, besides: int) -> Iterator[Conflict]:
    """Yield what does not fit about whom the operator has chosen, for the operator to confirm.

    Raises NoTechnicianError, BusyTechnicianError: nobody confirms that.
    """
    if who.technician_id is None:
        return
    # Whoever changes their shifts, or has them leave, locks their row too: that is seen here, or sees this.
    session.execute(select(Staff.id).where(Staff.id == who.technician_id).with_for_update(key_share=True))
    found = crew(*visit.span, besides=besides)
    person = next((one for one in found.people if one.id == who.technician_id), None)
    if person is None:
        raise NoTechnicianError
    other = found.clash(person.id, visit)
    if other is not None:
        raise BusyTechnicianError(
            f"{person.name} has visit {other.reference} then, or not enough drive time between the two. "
            "Choose another technician or another time."
        )
    standing = found.standing(person.id, visit)
    if standing is Standing.OFF_SHIFT:
        yield Conflict("off_shift", f"{person.name} is off shift then.")
    if standing is Standing.LEAVE:
        yield Conflict("leave", f"{person.name} is on leave then.")


def as_visit(intake_id: int, reference: str, window: Window, *, is_remote: bool) -> Visit:
    """Return the visit of this intake as it would be in the window."""
    return Visit(reference, window, hours_of([intake_id]).get(intake_id, 0), is_remote)


def hours_of(intake_ids: Collection[int]) -> dict[int, int]:
    """Return how many hours of work were sold, by intake. Who has been sent nothing is left out."""
    hours = (Estimate.hours_included + Estimate.extra_hours).label("hours")
    sold = select(Estimate.intake_id, Estimate.kind, hours).order_by(Estimate.version)
    visits: dict[int, int] = {}
    further: Counter[int] = Counter()
    for row in session.execute(sold.where(Estimate.intake_id.in_(intake_ids), Estimate.is_good)):
        if row.kind == EstimateKind.VISIT:
            visits[row.intake_id] = row.hours  # the newest counts
        else:
            further[row.intake_id] += row.hours
    return {intake_id: visits.get(intake_id, 0) + further[intake_id] for intake_id in visits | further}


def _visits(first: datetime, until: datetime, besides: int) -> dict[int | None, list[Visit]]:
    """Return the visits near this time by their technicians; of None those without one."""
    rows = session.execute(
        select(Booking, Intake.reference)
        .join(Intake, Intake.id == Booking.intake_id)
        .where(Booking.starts_at < until + _LONGEST, Booking.starts_at > first - _LONGEST)
        .where(Booking.intake_id != besides, Intake.stage != Stage.CLOSED, ~Booking.is_cancelled)
    ).all()
    hours = hours_of([booking.intake_id for booking, _ in rows])
    found: dict[int | None, list[Visit]] = defaultdict(list)
    for booking, reference in rows:
        sold = hours.get(booking.intake_id, 0)
        found[booking.technician_id].append(Visit(reference, booking.window, sold, booking.is_remote))
    return found


def _shifts(people: Sequence[Staff], first: datetime, until: datetime) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    if until < clock.now() + shifts.AHEAD - timedelta(days=2):
        for shift in shifts_queries.shifts_between(first, until):
            found[shift.staff_id].append(shift.span)
    else:  # further ahead than shifts are stored
        for one in people:
            found[one.id] = shifts.spans_of(one, first, until)
    return found

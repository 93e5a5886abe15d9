"""Visits that whoever has them cannot make are given to nobody, and whoever booked them is told by letter.

All of one person's are given up in one transaction, so that one letter names them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text

from ivr.backoffice.estimates.bookings import fit, service, technicians
from ivr.backoffice.estimates.bookings.fit import Standing, Visit
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Who
from ivr.backoffice.estimates.bookings.technicians import Crew
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import TO_VISIT, Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.company.shifts import letters
from ivr.company.shifts import service as shifts
from ivr.company.shifts.models import ShiftChange
from ivr.company.shifts.rules import WeeklyHours
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.email_addresses import email_fault
from ivr.platform.timeline import service as timeline

#: When whoever makes a visit was chosen: what was known by then was confirmed.
_CHOSEN_AT: Final = func.coalesce(Booking.assigned_at, Booking.booked_at)


class Because(StrEnum):
    """Why somebody cannot make a visit."""

    LEFT = "left"
    LEAVE = "leave"
    #: Their weekly shifts have changed.
    WEEK = "week"


class WeekBefore(NamedTuple):
    """The week that somebody had until ``changed_at``. Without shifts they were on shift whenever we are open."""

    hours: Sequence[WeeklyHours]
    zone: str
    changed_at: datetime


class Reader(NamedTuple):
    """Somebody to be told."""

    to: str
    name: str
    language: str


def to_release() -> Mapping[int, Sequence[int]]:
    """Return by technician the intakes with a visit to come that they have left or taken leave from since chosen."""
    off = exists().where(
        ShiftChange.staff_id == Booking.technician_id,
        ShiftChange.cancelled_at.is_(None),
        ~ShiftChange.is_on,
        ShiftChange.starts_at < Booking.ends_at,
        ShiftChange.ends_at > Booking.starts_at,
        ShiftChange.made_at >= _CHOSEN_AT,
    )
    gone = or_(~Staff.is_active, Staff.role.not_in(technicians.VISITING))
    found: dict[int, list[int]] = defaultdict(list)
    for intake_id, technician_id in session.execute(_to_come(or_(gone, and_(Staff.is_active, off)))):
        found[technician_id].append(intake_id)
    return found


def release(staff_id: int, intake_ids: Iterable[int]) -> None:
    """Give to nobody those of these visits that the person has and cannot make: a person chooses somebody else."""
    _release(staff_id, intake_ids, partial(_gone_or_away, staff_id))


def week_changed(staff_id: int, before: WeekBefore) -> None:
    """Give to nobody the visits that the person's week had room for before, and has not now.

    One that was off shift before as well was confirmed by whoever booked it, and stays theirs.
    """
    theirs = Booking.technician_id == staff_id, before.changed_at >= _CHOSEN_AT
    intake_ids = session.scalars(_to_come(and_(*theirs))).all()
    _release(staff_id, intake_ids, partial(_only_before, staff_id, before))


def _to_come(which: ColumnElement[bool]) -> Select[int, int]:
    return (
        select(Booking.intake_id, Staff.id)
        .join(Intake, Intake.id == Booking.intake_id)
        .join(Staff, Staff.id == Booking.technician_id)
        .where(Booking.ends_at > clock.now(), ~Booking.is_cancelled, Booking.on_the_way_at.is_(None))
        .where(text(TO_VISIT), Intake.stage == Stage.BOOKED, which)
        .order_by(Booking.starts_at)
    )


def _release(staff_id: int, intake_ids: Iterable[int], why: Callable[[Visit, Crew], Because | None]) -> None:
    locked = [intakes.lock(one) for one in sorted(intake_ids)]
    service.lock_bookings()
    given_up: dict[Because, list[Booking]] = defaultdict(list)
    for intake in locked:
        booking = service.find_booking(intake.id)
        if intake.stage != Stage.BOOKED or booking is None or booking.technician_id != staff_id:
            continue
        if booking.on_the_way_at is not None:  # since the look
            continue
        visit = technicians.as_visit(intake.id, intake.reference, booking.window, is_remote=booking.is_remote)
        because = why(visit, technicians.crew(*visit.span, besides=intake.id))
        if because is not None:
            given_up[because].append(booking)
            service.give(booking, Who(None, is_remote=booking.is_remote))
            name = service.name_of(staff_id)
            timeline.append(intake.id, "visit_unassigned", technician=name, because=because)
    references = {one.id: one.reference for one in locked}
    for because, bookings in given_up.items():
        _tell(staff_id, because, bookings, references)


def _gone_or_away(staff_id: int, visit: Visit, crew: Crew) -> Because | None:
    if staff_id not in crew.weeks:
        return Because.LEFT
    if crew.standing(staff_id, visit) in {Standing.LEAVE, Standing.OFF_SHIFT}:
        return Because.LEAVE
    return None  # they are on shift again, by a later change


def _only_before(staff_id: int, before: WeekBefore, visit: Visit, crew: Crew) -> Because | None:
    if staff_id not in crew.weeks:
        return Because.LEFT
    now = crew.weeks[staff_id]._replace(visits=())
    spans = shifts.spans_by(before.hours, before.zone, staff_id, *visit.span)
    had = now._replace(has_shifts=bool(before.hours), shifts=spans)
    could, can = (fit.standing(visit, one, timedelta()) is Standing.FREE for one in (had, now))
    return Because.WEEK if could and not can else None


def _tell(
    staff_id: int, because: Because, bookings: Sequence[Booking], references: Mapping[int, str]
) -> None:
    """Mail each reader the visits that they are to find somebody for."""
    theirs: dict[Reader, list[Booking]] = defaultdict(list)
    for booking in sorted(bookings, key=lambda one: one.window):
        for reader in _readers(booking.booked_by):
            theirs[reader].append(booking)
    for reader, visits in theirs.items():
        mail.post(
            "visits_unassigned",
            to=reader.to,
            language=reader.language,
            key=f"visits_unassigned:{staff_id}:{clock.now().isoformat()}:{mail.mark(reader.to)}",
            name=reader.name,
            technician=service.name_of(staff_id),
            because=because,
            visits=[
                {
                    "reference": references[one.intake_id],
                    "starts_at": one.starts_at.isoformat(),
                    "ends_at": one.ends_at.isoformat(),
                }
                for one in visits
            ],
            page=f"/intakes/{references[visits[0].intake_id]}" if len(visits) == 1 else "/visits",
        )


def _readers(booked_by: int) -> list[Reader]:
    """Return whoever booked a visit, and the office; without either, the owners."""
    booker = session.get_one(Staff, booked_by)
    still_books = booker.is_active and booker.role in {Role.OPERATOR, Role.OWNER}
    office = policy.current().operations_email
    found = [_reader(booker)] if still_books else []
    found += [Reader(office, "", "en")] if office and office not in {one.to for one in found} else []
    found = [one for one in found if not email_fault(one.to)]
    return found or [_reader(one) for one in letters.owners() if not email_fault(one.email)]


def _reader(staff: Staff) -> Reader:
    return Reader(staff.email, staff.name, staff.languages[0] if staff.languages else "en")

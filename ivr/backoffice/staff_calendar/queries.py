"""What is in a person's calendar: their shifts, their leave, their turns on call and their visits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.staff_calendar.file import Entry
from ivr.callcenter.intake.models import Intake
from ivr.company.on_call import rules as on_call_rules
from ivr.company.on_call import service as on_call
from ivr.company.policy import service as policy
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session

BACK: Final = timedelta(days=7)
AHEAD: Final = timedelta(days=90)


def holder(staff_id: int, version: int) -> Staff | None:
    """Return whose calendar this address opens, while they work here and it is not revoked."""
    theirs = Staff.id == staff_id, Staff.calendar_version == version, Staff.is_active
    return session.scalar(select(Staff).where(*theirs))


def entries(staff: Staff, public_url: str) -> list[Entry]:
    """Return the last days and the next weeks, by start."""
    first, until = clock.now() - BACK, clock.now() + AHEAD
    found = [*_shifts(staff, first, until), *_on_call(staff, first, until)]
    found += _visits(staff, first, until, public_url)
    return sorted(found, key=lambda one: (one.starts_at, one.uid))


def _shifts(staff: Staff, first: datetime, until: datetime) -> Iterator[Entry]:
    for shift in shifts_queries.shifts_between(first, until, staff_id=staff.id):
        # Rows are made anew when the week changes: a shift is known by its start.
        yield Entry(_uid("shift", staff, shift.starts_at), shift.starts_at, shift.ends_at, "Shift")
    for change in shifts_queries.changes_between(first, until, staff_id=staff.id):
        if not change.is_on:
            yield Entry(
                f"leave-{change.id}",
                change.starts_at,
                change.ends_at,
                "On leave",
                details=change.reason or "",
            )


def _on_call(staff: Staff, first: datetime, until: datetime) -> Iterator[Entry]:
    kept = on_call.current()
    turns = on_call_rules.turns(kept.rotation, first, until) if kept.is_on else ()
    for span, whose in turns:
        if whose == staff.id:
            uid = _uid("on-call", staff, span.starts_at)
            yield Entry(uid, span.starts_at, span.ends_at, "On call while the line is closed", is_busy=False)


def _visits(staff: Staff, first: datetime, until: datetime, public_url: str) -> Iterator[Entry]:
    is_named = policy.current().calendar_names_customer
    visits = (
        select(Booking, Intake)
        .join(Intake, Intake.id == Booking.intake_id)
        .where(Booking.technician_id == staff.id, ~Booking.is_cancelled)
        .where(Booking.starts_at < until, Booking.ends_at > first)
    )
    for booking, intake in session.execute(visits):
        name = _one_line(intake.contact_name) if is_named else ""
        kind = "Remote visit" if booking.is_remote else "Visit"
        yield Entry(
            f"visit-{intake.reference}",
            booking.starts_at,
            booking.ends_at,
            f"{kind} {intake.reference}{f', {name}' if name else ''}",
            place="" if booking.is_remote else _one_line(intake.site_address),
            url=f"{public_url}/t/{intake.reference}",
        )


def _uid(kind: str, staff: Staff, starts_at: datetime) -> str:
    return f"{kind}-{staff.id}-{starts_at:%Y%m%dT%H%M%SZ}"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())

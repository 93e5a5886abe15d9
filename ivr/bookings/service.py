"""Booking a visit, and moving it. Everything here runs in the open transaction of ``ivr.db``."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from ivr import clock
from ivr.bookings import letters, rules
from ivr.bookings.models import Booking
from ivr.calls.service import record
from ivr.db import session
from ivr.intake import matters
from ivr.intake.models import Intake
from ivr.quotes import queries as quotes
from ivr.quotes.rules import PAID, VISIT


class Somebody(Protocol):
    """Who books; ``id`` is that of the roster."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def is_owner(self) -> bool: ...


def book(
    intake_id: int, starts_at: datetime, ends_at: datetime, *, by: Somebody, reason: str | None = None
) -> Booking:
    """The customer has agreed to this window; they are mailed a confirmation. A second time it is moved.

    Raises BadWindowError, NotPaidError, NoReasonError, OutOfOrderError.
    """
    intake = session.scalars(select(Intake).where(Intake.id == intake_id).with_for_update()).one()
    now = clock.now()
    rules.check_window(starts_at, ends_at, now=now)
    rules.check_paid(is_paid=is_paid(intake_id), is_owner=by.is_owner, reason=reason)
    matters.visit_booked(intake)
    before = of(intake_id)
    booking = before or Booking(intake_id=intake_id, sequence=-1)
    booking.starts_at, booking.ends_at = starts_at, ends_at
    booking.sequence += 1
    booking.booked_by, booking.booked_at = by.id, now
    booking.reason = None if is_paid(intake_id) else reason
    session.add(booking)
    session.flush()
    record(
        intake_id,
        "booked" if before is None else "booking_moved",
        key=str(booking.sequence),
        staff=by.name,
        due_at=starts_at.isoformat(),
        unpaid=booking.reason or "",
    )
    letters.post(booking, intake)
    return booking


def of(intake_id: int) -> Booking | None:
    """When we come."""
    return session.get(Booking, intake_id)


def is_paid(intake_id: int) -> bool:
    """Whether the visit is paid as it was last estimated."""
    visit = quotes.in_force(intake_id, VISIT)
    return visit is not None and visit.state == PAID

"""Booking a visit, moving it, who makes it, and ending it. ``backoffice.cancellation`` decides whether it may end.

Whoever changes a booking has locked its intake, then all bookings (``lock_bookings``): of two who choose the same
technician at once, the second waits and sees what the first did.
"""

from typing import Protocol

from sqlalchemy import select

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import confirmations, rules, technicians
from ivr.backoffice.estimates.bookings.conflicts import Conflict, Other, UnconfirmedError, conflicts
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import NOBODY, CancelReason, ChangedMeanwhileError, Who, Window
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.company.policy import trail
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.config import LOCAL_SENDER
from ivr.core.db import one_at_a_time, session
from ivr.core.errors import Refusal
from ivr.platform.timeline import service as timeline


class NotBookedError(Refusal):
    message = "No visit is booked."


class Somebody(trail.Somebody, Protocol):
    """The person who books."""

    @property
    def id(self) -> int: ...
    @property
    def is_owner(self) -> bool: ...


def book(
    intake_id: int,
    window: Window,
    *,
    by: Somebody,
    who: Who | None = None,
    reason: str | None = None,
    confirmed: str = "",
    seen: int | None = None,
    sender: str = LOCAL_SENDER,
) -> Booking:
    """Book the window that the customer agreed to and mail a confirmation; a later call moves the visit.

    ``who`` makes it; None leaves that as it is. ``sender`` is the address that letters come from: the calendar file is
    from there unless the owner has set another.
    ``confirmed`` is the confirmation of an UnconfirmedError; it counts only while the conflicts are the same.
    ``seen`` is the sequence of the booking that the person has before them; a visit that was canceled is booked anew.
    Raises BadWindowError, NotPaidError, NoReasonError, ChangedMeanwhileError, NoTechnicianError, BusyTechnicianError,
    UnconfirmedError, OutOfOrderError.
    """
    intake = intakes.lock(intake_id)
    now, paid = clock.now(), is_paid(intake_id)
    rules.check_window(window, now=now)
    rules.check_paid(is_paid=paid, is_owner=by.is_owner, reason=reason)
    before = latest_booking(intake_id)
    stands = before is not None and not before.is_cancelled
    who = who or (before.who if before and stands else NOBODY)
    if before and before.window == window and intake.stage == Stage.BOOKED:
        if who != before.who:
            assign(intake_id, who, by=by, confirmed=confirmed, seen=seen)
        return before  # else the button was pressed twice
    check_seen(before, seen)
    found = _conflicts(intake, window, who)
    _check_confirmed(window, found, confirmed)
    matters.visit_booked(intake)
    booking = before or Booking(intake_id=intake_id, sequence=sequence_of(None))
    if not stands:
        booking.customer_moves = 0
    was = put(booking, window, who)
    booking.booked_by, booking.booked_at = by.id, now
    booking.reason = None if paid else reason
    booking.cancelled_at = booking.cancelled_because = booking.cancelled_words = None
    session.add(booking)
    session.flush()
    _note_booked(booking, was, found, by=by)
    confirmations.post(booking, intake, sender=sender)
    return booking


def _check_confirmed(window: Window, found: list[Conflict], confirmed: str) -> None:
    """Raise UnconfirmedError unless there are no conflicts, or ``confirmed`` confirms exactly these."""
    if found and confirmed != (asks := UnconfirmedError(window, found)).confirmation:
        raise asks


def _note_booked(booking: Booking, was: Window | None, found: list[Conflict], *, by: Somebody) -> None:
    timeline.append(
        booking.intake_id,
        "booking_moved" if was else "booked",
        key=str(booking.sequence),
        staff=by.name,
        due_at=booking.starts_at.isoformat(),
        was_at=was.starts_at.isoformat() if was else "",
        unpaid=booking.reason or "",
        confirmed=[one.kind for one in found],
        with_whom=name_of(booking.technician_id),
    )


def put(booking: Booking, window: Window, who: Who) -> Window | None:
    """Give a booking its window and whoever makes it; what was noted of the day is gone.

    Returns the window that it had before, None if it had no other.
    """
    was = None
    if booking.starts_at is not None and not booking.is_cancelled and booking.window != window:
        was = booking.window
    booking.assigned_at = clock.now()  # leave that was known by now was confirmed
    booking.was_starts_at, booking.was_ends_at = was or (None, None)
    booking.starts_at, booking.ends_at = window
    booking.technician_id, booking.is_remote = who
    booking.on_the_way_at = booking.arrived_at = booking.done_at = None
    booking.sequence += 1
    return was


def assign(
    intake_id: int, who: Who, *, by: trail.Somebody, confirmed: str = "", seen: int | None = None
) -> Booking:
    """Chooses who makes the visit that is booked, or nobody yet. The customer's day stays; a repeat changes nothing.

    Raises NotBookedError, ChangedMeanwhileError, NoTechnicianError, BusyTechnicianError, UnconfirmedError.
    """
    intake = intakes.lock(intake_id)
    booking = find_booking(intake_id)
    if booking is None or intake.stage != Stage.BOOKED:
        raise NotBookedError
    check_seen(booking, seen)
    if booking.who == who:
        return booking
    lock_bookings()
    visit = technicians.as_visit(intake_id, intake.reference, booking.window, is_remote=who.is_remote)
    found = list(technicians.conflicts(who, visit, besides=intake_id))
    _check_confirmed(booking.window, found, confirmed)
    give(booking, who)
    timeline.append(
        intake_id,
        "visit_assigned" if who.technician_id else "visit_unassigned",
        staff=by.name,
        technician=name_of(who.technician_id),
        confirmed=[one.kind for one in found],
    )
    return booking


def give(booking: Booking, who: Who) -> None:
    """Give a booking to somebody else, or to nobody. The day begins anew for them."""
    booking.technician_id, booking.is_remote = who
    booking.assigned_at = clock.now()
    booking.on_the_way_at = booking.arrived_at = booking.done_at = None


def cancel(booking: Booking, because: CancelReason, words: str | None, *, by: trail.Somebody | None) -> None:
    """End the booking; ``by`` None is the customer.

    The row stays: its UID and its sequence go on when the visit is booked again.
    """
    booking.sequence += 1
    booking.cancelled_at, booking.cancelled_because, booking.cancelled_words = clock.now(), because, words
    booking.on_the_way_at = booking.arrived_at = booking.done_at = None
    timeline.append(
        booking.intake_id,
        "booking_cancelled" if by else "customer_cancelled",
        key=str(booking.sequence),
        staff=by.name if by else "",
        due_at=booking.starts_at.isoformat(),
        because=because,
        told=words or "",
    )


def check_seen(booking: Booking | None, seen: int | None) -> None:
    """Raise ChangedMeanwhileError unless the booking stands as somebody has ``seen`` it; None checks nothing."""
    if seen is not None and seen != sequence_of(booking):
        raise ChangedMeanwhileError


def sequence_of(booking: Booking | None) -> int:
    """Return the booking's sequence; -1 before the first."""
    return booking.sequence if booking else -1


def find_booking(intake_id: int) -> Booking | None:
    """Return the intake's booking; None when it has none, or it was canceled."""
    booking = latest_booking(intake_id)
    return booking if booking and not booking.is_cancelled else None


def latest_booking(intake_id: int) -> Booking | None:
    """Return the intake's booking, canceled or not; None when it never had one."""
    return session.get(Booking, intake_id)


def is_paid(intake_id: int) -> bool:
    """Whether the visit is paid according to its latest estimate."""
    visit = estimates_queries.in_force(intake_id, EstimateKind.VISIT)
    return visit is not None and visit.state == EstimateState.PAID


def name_of(technician_id: int | None) -> str:
    """Return the name of whoever makes a visit; empty for nobody."""
    staff = session.get(Staff, technician_id) if technician_id else None
    return staff.name if staff else ""


def lock_bookings() -> None:
    """Locks all bookings until the transaction ends: of two who book at once, the second sees what the first did."""
    one_at_a_time(Booking.__tablename__)


def _conflicts(intake: Intake, window: Window, who: Who) -> list[Conflict]:
    """Return what does not fit now. Raises NoTechnicianError, BusyTechnicianError."""
    lock_bookings()
    then = (
        select(
            *(Booking.starts_at, Booking.ends_at, Booking.technician_id),
            *(Intake.reference, Intake.contact_name),
        )
        .join(Intake, Intake.id == Booking.intake_id)
        .where(Booking.starts_at < window.ends_at, Booking.ends_at > window.starts_at)
        .where(Booking.intake_id != intake.id, Intake.stage != Stage.CLOSED, ~Booking.is_cancelled)
    )
    others = [
        Other(row.reference, row.contact_name, Window(row.starts_at, row.ends_at))
        for row in session.execute(then)
        # Two technicians are at two visits; whoever has none yet may be the same.
        if who.technician_id is None or row.technician_id is None
    ]
    visit = technicians.as_visit(intake.id, intake.reference, window, is_remote=who.is_remote)
    return [
        *conflicts(window, now=clock.now(), calendar=hours.calendar(), others=others),
        *technicians.conflicts(who, visit, besides=intake.id),
    ]

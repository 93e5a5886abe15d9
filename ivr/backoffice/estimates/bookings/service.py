"""Booking a visit, moving it, and ending it. ``backoffice.cancellation`` decides whether it may end."""

from typing import Protocol

from sqlalchemy import select

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import confirmations, rules
from ivr.backoffice.estimates.bookings.conflicts import Conflict, Other, UnconfirmedError, conflicts
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import CancelReason, ChangedMeanwhileError, Window
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.config import LOCAL_SENDER
from ivr.core.db import one_at_a_time, session
from ivr.platform.timeline import service as timeline


class Somebody(matters.Somebody, Protocol):
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
    reason: str | None = None,
    confirmed: str = "",
    seen: int | None = None,
    sender: str = LOCAL_SENDER,
) -> Booking:
    """Books the window that the customer agreed to and mails a confirmation; a later call moves the visit.

    ``sender`` is the address that letters come from: the calendar file is from there unless the owner has set another.
    ``confirmed`` is the confirmation of an UnconfirmedError; it counts only while the conflicts are the same.
    ``seen`` is the sequence of the booking that the person has before them; a visit that was canceled is booked anew.
    Raises BadWindowError, NotPaidError, NoReasonError, ChangedMeanwhileError, UnconfirmedError, OutOfOrderError.
    """
    intake = intakes.lock(intake_id)
    now, paid = clock.now(), is_paid(intake_id)
    rules.check_window(window, now=now)
    rules.check_paid(is_paid=paid, is_owner=by.is_owner, reason=reason)
    before = latest_booking(intake_id)
    if before and before.window == window and intake.stage == Stage.BOOKED:
        return before  # the button was pressed twice
    check_seen(before, seen)
    was = before.window if before and not before.is_cancelled and before.window != window else None
    found = _conflicts(window, intake_id)
    if found and confirmed != (asks := UnconfirmedError(window, found)).confirmation:
        raise asks
    matters.visit_booked(intake)
    booking = before or Booking(intake_id=intake_id, sequence=sequence_of(None))
    booking.was_starts_at, booking.was_ends_at = was or (None, None)
    booking.starts_at, booking.ends_at = window
    booking.sequence += 1
    booking.booked_by, booking.booked_at = by.id, now
    booking.reason = None if paid else reason
    booking.cancelled_at = booking.cancelled_because = booking.cancelled_words = None
    session.add(booking)
    session.flush()
    timeline.append(
        intake_id,
        "booking_moved" if was else "booked",
        key=str(booking.sequence),
        staff=by.name,
        due_at=window.starts_at.isoformat(),
        was_at=was.starts_at.isoformat() if was else "",
        unpaid=booking.reason or "",
        confirmed=[one.kind for one in found],
    )
    confirmations.post(booking, intake, sender=sender)
    return booking


def cancel(booking: Booking, because: CancelReason, words: str | None, *, by: matters.Somebody) -> None:
    """Ends the booking. The row stays: its UID and its sequence go on when the visit is booked again."""
    booking.sequence += 1
    booking.cancelled_at, booking.cancelled_because, booking.cancelled_words = clock.now(), because, words
    timeline.append(
        booking.intake_id,
        "booking_cancelled",
        key=str(booking.sequence),
        staff=by.name,
        due_at=booking.starts_at.isoformat(),
        because=because,
        told=words or "",
    )


def check_seen(booking: Booking | None, seen: int | None) -> None:
    """Raises ChangedMeanwhileError unless the booking stands as somebody has ``seen`` it; None checks nothing."""
    if seen is not None and seen != sequence_of(booking):
        raise ChangedMeanwhileError


def sequence_of(booking: Booking | None) -> int:
    """Returns the booking's sequence; -1 before the first."""
    return booking.sequence if booking else -1


def find_booking(intake_id: int) -> Booking | None:
    """Returns the intake's booking; None when it has none, or it was canceled."""
    booking = latest_booking(intake_id)
    return booking if booking and not booking.is_cancelled else None


def latest_booking(intake_id: int) -> Booking | None:
    """Returns the intake's booking, canceled or not; None when it never had one."""
    return session.get(Booking, intake_id)


def is_paid(intake_id: int) -> bool:
    """Whether the visit is paid according to its latest estimate."""
    visit = estimates_queries.in_force(intake_id, EstimateKind.VISIT)
    return visit is not None and visit.state == EstimateState.PAID


def _conflicts(window: Window, intake_id: int) -> list[Conflict]:
    """Returns what does not fit now. It locks all bookings until the transaction ends: two see each other."""
    one_at_a_time(Booking.__tablename__)
    then = (
        select(Booking.starts_at, Booking.ends_at, Intake.reference, Intake.contact_name)
        .join(Intake, Intake.id == Booking.intake_id)
        .where(Booking.starts_at < window.ends_at, Booking.ends_at > window.starts_at)
        .where(Booking.intake_id != intake_id, Intake.stage != Stage.CLOSED, ~Booking.is_cancelled)
    )
    others = [
        Other(row.reference, row.contact_name, Window(row.starts_at, row.ends_at))
        for row in session.execute(then)
    ]
    return conflicts(window, now=clock.now(), calendar=hours.calendar(), others=others)

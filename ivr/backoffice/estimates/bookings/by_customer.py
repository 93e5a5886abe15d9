"""What customers may do about their visit by themselves, within the owner's rules: move it, or cancel it.

They are offered the company's arrival windows in which whoever they have is free, or somebody else of the same role.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from ivr.backoffice.estimates.bookings import confirmations, marks, service, technicians
from ivr.backoffice.estimates.bookings.fit import Standing, Visit, clash
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Who, Window
from ivr.backoffice.estimates.bookings.technicians import Crew
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar, local, opening
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.config import LOCAL_SENDER
from ivr.core.db import session
from ivr.core.email_addresses import email_fault
from ivr.core.errors import Refusal
from ivr.platform.timeline import service as timeline

#: How far ahead windows are offered, from the first that could be.
DAYS: Final = 14


class CallUsError(Refusal):
    """The customer cannot do it by themselves. ``why`` is a word for the page: off, late, moves, day."""

    message = "Please call us to change this visit."
    why = "off"


class NotAllowedError(CallUsError):
    message = "Visits are changed by phone."


class TooLateError(CallUsError):
    message = "The visit is too soon to change it here."
    why = "late"


class MovedOftenError(CallUsError):
    message = "The visit was moved as often as it can be here."
    why = "moves"


class UnderWayError(CallUsError):
    message = "The visit is over, or the technician is on the way."
    why = "day"


class WindowTakenError(Refusal):
    message = "That time is not free anymore. Pick another."


def check_change(booking: Booking, stage: Stage) -> None:
    """Raise the CallUsError that keeps the customer from canceling the visit, if one does."""
    current, now = policy.current(), clock.now()
    if not current.customer_changes:
        raise NotAllowedError
    if stage != Stage.BOOKED or marks.latest(booking) is not None or booking.starts_at <= now:
        raise UnderWayError
    if booking.starts_at < now + timedelta(hours=current.customer_change_hours):
        raise TooLateError


def check_move(booking: Booking, stage: Stage) -> None:
    """Raise the CallUsError that keeps the customer from moving the visit, if one does."""
    check_change(booking, stage)
    if booking.customer_moves >= policy.current().customer_moves_at_most:
        raise MovedOftenError


def offered(booking: Booking, intake: Intake) -> dict[date, list[Window]]:
    """Return the windows to which the visit can be moved, by their day in the company's time zone."""
    first = clock.now() + timedelta(hours=policy.current().customer_change_hours)
    calendar, found = hours.calendar(), dict[date, list[Window]]()
    crew = technicians.crew(first, first + timedelta(days=DAYS + 1), besides=intake.id)
    wanted = technicians.as_visit(intake.id, intake.reference, booking.window, is_remote=booking.is_remote)
    length = timedelta(hours=policy.current().visit_window_hours)
    for day in (local(calendar, first).date() + timedelta(days=n) for n in range(DAYS + 1)):
        for window in windows_on(calendar, day, length):
            is_other = window.starts_at >= first and window != booking.window
            if is_other and _who(crew, wanted._replace(window=window), booking) is not None:
                found.setdefault(day, []).append(window)
    return found


def windows_on(calendar: Calendar, day: date, length: timedelta) -> Iterator[Window]:
    """Yield the windows of that day: one after the other from opening time on, all within open hours."""
    between = opening(calendar, day)
    if between is None:
        return
    at, closes = between
    while at + length <= closes:
        window = Window(at, at + length)
        is_closed = any(
            one.from_at < window.ends_at and window.starts_at < one.until_at for one in calendar.closures
        )
        if not is_closed:
            yield window
        at += length


def move(intake_id: int, starts_at: datetime, *, seen: int, sender: str = LOCAL_SENDER) -> Booking:
    """Move the visit to the window that begins then, and mail a confirmation.

    ``seen`` is the sequence of the booking on their page. Raises NotBookedError, ChangedMeanwhileError, CallUsError,
    WindowTakenError: of two who want the last window at once, the second is told.
    """
    intake, booking = _standing(intake_id, seen)
    check_move(booking, intake.stage)
    service.lock_bookings()
    windows = (one for windows in offered(booking, intake).values() for one in windows)
    window = next((one for one in windows if one.starts_at == starts_at), None)
    if window is None:
        raise WindowTakenError
    crew = technicians.crew(*window, besides=intake_id)
    visit = technicians.as_visit(intake_id, intake.reference, window, is_remote=booking.is_remote)
    who = _who(crew, visit, booking)
    if who is None:
        raise WindowTakenError
    before, had = booking.window, booking.technician_id
    service.put(booking, window, Who(who, is_remote=booking.is_remote))
    booking.customer_moves += 1
    booking.booked_at = clock.now()
    timeline.append(
        intake_id,
        "customer_moved",
        key=str(booking.sequence),
        due_at=window.starts_at.isoformat(),
        was_at=before.starts_at.isoformat(),
        with_whom=service.name_of(who),
    )
    confirmations.post(booking, intake, sender=sender)
    tell_staff(booking, intake, before, {had, who})
    return booking


def tell_staff(
    booking: Booking, intake: Intake, before: Window, technician_ids: Iterable[int | None]
) -> None:
    """Mail to the office and to the technicians concerned what the customer has done."""
    theirs = [session.get_one(Staff, one).email for one in sorted(one for one in technician_ids if one)]
    office = policy.current().operations_email
    for to in dict.fromkeys(one for one in (office, *theirs) if one and not email_fault(one)):
        mail.post(
            "visit_changed",
            to=to,
            language="en",
            key=f"visit_changed:{intake.id}:{booking.sequence}:{mail.mark(to)}",
            intake_id=intake.id,
            name=intake.contact_name or "",
            reference=intake.reference,
            technician=service.name_of(booking.technician_id),
            is_cancelled=booking.is_cancelled,
            was_starts_at=before.starts_at.isoformat(),
            was_ends_at=before.ends_at.isoformat(),
            starts_at=booking.starts_at.isoformat(),
            ends_at=booking.ends_at.isoformat(),
        )


def _standing(intake_id: int, seen: int) -> tuple[Intake, Booking]:
    intake = intakes.lock(intake_id)
    booking = service.latest_booking(intake_id)
    service.check_seen(booking, seen)
    if booking is None or booking.is_cancelled:
        raise service.NotBookedError
    return intake, booking


def _who(crew: Crew, visit: Visit, booking: Booking) -> int | None:
    """Return who makes the visit then: whoever has it, else who has the fewest others; None when nobody is left.

    Somebody must be left over for each visit of that time that nobody has yet.
    """
    role = Role.TECHNICIAN if visit.is_remote else Role.FIELD
    able = [one for one in crew.people if one.role == role or one.id == booking.technician_id]
    free = [one.id for one in able if crew.standing(one.id, visit) is Standing.FREE]
    waiting = sum(clash(visit, [one], crew.drive) is not None for one in crew.open_visits)
    if len(free) <= waiting:
        return None
    if booking.technician_id in free:
        return booking.technician_id
    return min(free, key=lambda one: (len(crew.weeks[one].visits), one))

"""What is looked after of visits to come: customers are reminded, and nobody keeps a visit that they cannot make."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, exists, func, or_, select, text
from structlog import get_logger

from ivr.backoffice.estimates.bookings import notices, service, technicians
from ivr.backoffice.estimates.bookings.fit import Standing
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.notices import About
from ivr.backoffice.estimates.bookings.rules import Who
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import TO_VISIT, Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.company.mail.service import BadAddressError
from ivr.company.shifts.models import ShiftChange
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.timeline import service as timeline

log = get_logger(__name__)
#: Longer than from the moment of a reminder to the end of the next day, on the longest of days.
_AHEAD: Final = timedelta(hours=36)


def to_remind() -> Sequence[int]:
    """Returns the intakes whose visit is near and of whose day the customer was not reminded yet."""
    now = clock.now()
    return session.scalars(
        select(Booking.intake_id)
        .join(Intake, Intake.id == Booking.intake_id)
        .where(Booking.starts_at > now, Booking.starts_at < now + _AHEAD, ~Booking.is_cancelled)
        .where(Intake.stage == Stage.BOOKED)
        .where(or_(Booking.reminded_for.is_(None), Booking.reminded_for != Booking.starts_at))
        .order_by(Booking.starts_at)
    ).all()


def remind(intake_id: int) -> None:
    """Reminds the customer, if it is time and the visit still stands."""
    intake = intakes.lock(intake_id)
    booking = service.find_booking(intake_id)
    if booking is None or intake.stage != Stage.BOOKED or booking.reminded_for == booking.starts_at:
        return
    if not notices.is_reminder_due(
        booking.window, booked_at=booking.booked_at, now=clock.now(), calendar=hours.calendar()
    ):
        return
    booking.reminded_for = booking.starts_at
    _tell(About.REMINDER, booking, intake)


def tell_on_the_way(intake_id: int, *, sequence: int, at: str) -> None:
    """Tells the customer that somebody is on the way, unless that was taken back or the visit has changed since."""
    intake = intakes.lock(intake_id)
    booking = service.find_booking(intake_id)
    if booking is None or booking.sequence != sequence or booking.on_the_way_at is None:
        return
    if booking.on_the_way_at.isoformat() == at and booking.arrived_at is None:
        _tell(About.ON_THE_WAY, booking, intake)


def to_release() -> Sequence[int]:
    """Returns the intakes whose visit is to come, and whose technician has left or changed shifts since chosen."""
    off = exists().where(
        ShiftChange.staff_id == Booking.technician_id,
        ShiftChange.cancelled_at.is_(None),
        ~ShiftChange.is_on,
        ShiftChange.starts_at < Booking.ends_at,
        ShiftChange.ends_at > Booking.starts_at,
        ShiftChange.made_at >= func.coalesce(Booking.assigned_at, Booking.booked_at),
    )
    gone = or_(~Staff.is_active, Staff.role.not_in(technicians.VISITING))
    return session.scalars(
        select(Booking.intake_id)
        .join(Intake, Intake.id == Booking.intake_id)
        .join(Staff, Staff.id == Booking.technician_id)
        .where(Booking.ends_at > clock.now(), ~Booking.is_cancelled, Booking.on_the_way_at.is_(None))
        .where(text(TO_VISIT), Intake.stage == Stage.BOOKED, or_(gone, and_(Staff.is_active, off)))
        .order_by(Booking.starts_at)
    ).all()


def release(intake_id: int) -> None:
    """Gives the visit to nobody, if whoever has it cannot make it: a person chooses somebody else."""
    intake = intakes.lock(intake_id)
    booking = service.find_booking(intake_id)
    if intake.stage != Stage.BOOKED or booking is None or booking.technician_id is None:
        return
    service.lock_bookings()
    visit = technicians.as_visit(intake_id, intake.reference, booking.window, is_remote=booking.is_remote)
    crew = technicians.crew(*visit.span, besides=intake_id)
    if booking.technician_id not in crew.weeks:
        because = "left"
    elif crew.standing(booking.technician_id, visit) in {Standing.LEAVE, Standing.OFF_SHIFT}:
        because = "leave"
    else:
        return  # they are on shift again, by a later change
    name = service.name_of(booking.technician_id)
    service.give(booking, Who(None, is_remote=booking.is_remote))
    timeline.append(intake_id, "visit_unassigned", technician=name, because=because)


def _tell(about: About, booking: Booking, intake: Intake) -> None:
    try:
        notices.tell(about, booking, intake)
    except BadAddressError:  # the intake's page shows that letters to it do not arrive
        log.info("visit_notice_not_mailed", intake=intake.id, about=about)

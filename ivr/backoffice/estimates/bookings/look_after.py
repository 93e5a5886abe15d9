"""Customers are told when their visit is near, and when somebody is on the way to it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select
from structlog import get_logger

from ivr.backoffice.estimates.bookings import notices, service
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.notices import About
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.company.mail.service import BadAddressError
from ivr.core import clock
from ivr.core.db import session

log = get_logger(__name__)
#: Longer than from the moment of a reminder to the end of the next day, on the longest of days.
_AHEAD: Final = timedelta(hours=36)


def to_remind() -> Sequence[int]:
    """Return the intakes whose visit is near and of whose day the customer was not reminded yet."""
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
    """Tell the customer that somebody is on the way, unless that was taken back or the visit has changed since."""
    intake = intakes.lock(intake_id)
    booking = service.find_booking(intake_id)
    if booking is None or booking.sequence != sequence or booking.on_the_way_at is None:
        return
    if booking.on_the_way_at.isoformat() == at and booking.arrived_at is None:
        _tell(About.ON_THE_WAY, booking, intake)


def _tell(about: About, booking: Booking, intake: Intake) -> None:
    try:
        notices.tell(about, booking, intake)
    except BadAddressError:  # the intake's page shows that letters to it do not arrive
        log.info("visit_notice_not_mailed", intake=intake.id, about=about)

"""What a customer is told of the day of their visit, by whatever reaches them: a letter today.

A further channel is a function like ``by_letter``, named in ``CHANNELS``. Each tells a thing once, whatever is run
again: ``key`` is the same for the same thing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from ivr.backoffice.estimates.bookings import service
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.callcenter.intake.models import Intake
from ivr.company.hours.rules import Calendar, local, moment
from ivr.company.mail import service as mail

#: When the customer is reminded on the day before, by the company's clock.
_REMINDED: Final = time(15)


class About(StrEnum):
    """What they are told."""

    REMINDER = "reminder"
    ON_THE_WAY = "on_the_way"


@dataclass(frozen=True)
class Notice:
    """One thing to tell the customer of this intake. ``technician`` is a first name, empty where nobody is chosen."""

    about: About
    intake: Intake
    window: Window
    is_remote: bool
    technician: str
    key: str


def tell(about: About, booking: Booking, intake: Intake) -> None:
    """Tell the customer, once for each day that the visit was given. Raises BadAddressError."""
    names = service.name_of(booking.technician_id).split()
    notice = Notice(
        about,
        intake,
        booking.window,
        booking.is_remote,
        technician=names[0] if names else "",
        key=f"visit_{about}:{intake.id}:{booking.sequence}",
    )
    for channel in CHANNELS:
        channel(notice)


def by_letter(notice: Notice) -> None:
    """Mail it to the customer if there is an address. Raises BadAddressError."""
    intake = notice.intake
    if not intake.contact_email:
        return
    mail.post(
        f"visit_{notice.about}",
        to=intake.contact_email,
        language=intake.language,
        key=notice.key,
        intake_id=intake.id,
        name=intake.contact_name or "",
        reference=intake.reference,
        place=" ".join((intake.site_address or "").split()),
        technician=notice.technician,
        is_remote=notice.is_remote,
        starts_at=notice.window.starts_at.isoformat(),
        ends_at=notice.window.ends_at.isoformat(),
    )


CHANNELS: Final[tuple[Callable[[Notice], None], ...]] = (by_letter,)


def is_reminder_due(window: Window, *, booked_at: datetime, now: datetime, calendar: Calendar) -> bool:
    """Whether the customer is to be reminded by now: from 15:00 of the day before on, until the window begins.

    Of a visit that was booked, or moved, on its own day the confirmation has just told them.
    """
    day: date = local(calendar, window.starts_at).date()
    at = moment(calendar, datetime.combine(day - timedelta(days=1), _REMINDED))
    return at <= now < window.starts_at and local(calendar, booked_at).date() < day

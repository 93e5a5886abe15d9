"""The booking confirmation, with a calendar file."""

from ivr.backoffice.estimates.bookings import calendar
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.callcenter.intake.models import Intake
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy


def post(booking: Booking, intake: Intake, *, was: Window | None) -> None:
    """Mails it to the customer if there is an address; ``was`` is the window before a move. Raises BadAddressError."""
    if not intake.contact_email:
        return
    mail.post(
        "booking_confirmed",
        to=intake.contact_email,
        language=intake.language,
        key=f"booking:{intake.id}:{booking.sequence}",
        intake_id=intake.id,
        calendar=file(booking, intake),
        name=intake.contact_name or "",
        reference=intake.reference,
        starts_at=booking.starts_at.isoformat(),
        ends_at=booking.ends_at.isoformat(),
        place=intake.site_address or "",
        was_starts_at=was.starts_at.isoformat() if was else "",
        was_ends_at=was.ends_at.isoformat() if was else "",
    )


def file(booking: Booking, intake: Intake) -> str:
    """Returns the calendar file. Letter and page give the same one, so that no calendar shows the visit twice."""
    return calendar.calendar_file(
        uid=f"{intake.reference}@onsite-support",
        sequence=booking.sequence,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        stamp=booking.booked_at,
        title=f"{policy.current().company_name}: {intake.reference}",
        place=" ".join((intake.site_address or "").split()),
    )

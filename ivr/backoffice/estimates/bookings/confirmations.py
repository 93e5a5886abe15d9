"""The letters about a booking: the confirmation and the cancellation, each with a calendar file."""

from ivr.backoffice.estimates.bookings import calendar, explanations
from ivr.backoffice.estimates.bookings.calendar import Person
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.letters import about, page_of
from ivr.callcenter.intake.models import Intake
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy


def post(booking: Booking, intake: Intake, *, sender: str) -> None:
    """Mail it to the customer if there is an address; ``sender`` is ours. Raises BadAddressError."""
    was = booking.window_before
    _post(
        "booking_confirmed",
        booking,
        intake,
        sender=sender,
        page=page_of(intake.id),
        was_starts_at=was.starts_at.isoformat() if was else "",
        was_ends_at=was.ends_at.isoformat() if was else "",
    )


def post_cancelled(booking: Booking, intake: Intake, *, paid_cents: int, sender: str) -> None:
    """Mail that the visit is canceled, and why, as ``post`` does; ``paid_cents`` is what the customer has paid."""
    _post(
        "booking_cancelled",
        booking,
        intake,
        sender=sender,
        why=explanations.why(intake.language, booking.cancelled_because),
        words=booking.cancelled_words or "",
        money=explanations.money(intake.language, paid_cents),
    )


def file(booking: Booking, intake: Intake, *, sender: str) -> str:
    """Return the calendar file. Letter and page give the same one, so that no calendar shows the visit twice.

    It is from the company's own email address; where the owner has set none, from ``sender``, as the letters are.
    """
    company = policy.current()
    return calendar.calendar_file(
        uid=f"{intake.reference}@onsite-support",
        sequence=booking.sequence,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        stamp=(booking.cancelled_at if booking.is_cancelled else None) or booking.booked_at,
        title=f"{company.company_name}: {intake.reference}",
        place=" ".join((intake.site_address or "").split()),
        organizer=Person(company.company_name, company.operations_email or sender),
        attendee=Person(intake.contact_name or intake.contact_email, intake.contact_email)
        if intake.contact_email
        else None,
        is_cancelled=booking.is_cancelled,
    )


def _post(kind: str, booking: Booking, intake: Intake, *, sender: str, **values: str) -> None:
    if not intake.contact_email:
        return
    mail.post(
        kind,
        to=intake.contact_email,
        language=intake.language,
        key=f"booking:{intake.id}:{booking.sequence}",
        intake_id=intake.id,
        calendar=file(booking, intake, sender=sender),
        starts_at=booking.starts_at.isoformat(),
        ends_at=booking.ends_at.isoformat(),
        **about(intake),
        **values,
    )

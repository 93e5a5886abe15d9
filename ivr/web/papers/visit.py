"""The paper for a visit: one page that the technician takes along and the customer signs. A browser prints it."""

from typing import Any

from ivr.backoffice.estimates.bookings import queries as bookings_queries
from ivr.callcenter.intake import notes
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.web.console.common import words


def shown(intake_id: int) -> dict[str, Any] | None:
    """Return what its template shows, read in the open transaction; None while no visit is booked."""
    visit = bookings_queries.visit_of(intake_id)
    if visit is None:
        return None
    return {
        "visit": visit,
        "intake": visit.intake,
        "notes": notes.of([intake_id]).get(intake_id, []),
        "company": policy.current(),
        "calendar": hours.calendar(),
        "words": words,
    }


def qr_code(text: str) -> str:
    """Return the picture of a QR code as the address of an image, made here: nobody else is told the text."""
    import segno  # noqa: PLC0415  # few requests need it

    return segno.make_qr(text, error="m").svg_data_uri(light="#fff", border=3, scale=3)

"""A visit that is booked is canceled: its day goes, the matter and the customer's money stay."""

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import confirmations
from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.payments import queries as payments_queries
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.matters import Somebody
from ivr.callcenter.intake.stages import Stage
from ivr.core import clock
from ivr.core.config import LOCAL_SENDER
from ivr.core.errors import Refusal


class CancelledAlreadyError(Refusal):
    message = "The visit is canceled already."


class VisitOverError(Refusal):
    message = "The visit is over. Note that it is done, or move it to a new day."


def cancel(
    intake_id: int,
    because: str,
    words: str,
    *,
    by: Somebody,
    seen: int | None = None,
    sender: str = LOCAL_SENDER,
) -> None:
    """Cancels the visit and mails the customer why: the reason ``because``, and ``words`` if there are any.

    ``seen`` is the sequence of the booking that the person has before them, ``sender`` the address of our letters.
    Raises NoCancelReasonError, LongWordsError, NotBookedError, CancelledAlreadyError, VisitOverError,
    ChangedMeanwhileError.
    """
    reason, told = bookings_rules.read_cancellation(because, words)
    intake = intakes.lock(intake_id)
    booking = _standing(intake_id, intake.stage)
    bookings.check_seen(booking, seen)
    paid_cents = payments_queries.account(intake_id).paid_cents
    bookings.cancel(booking, reason, told, by=by)
    matters.visit_cancelled(
        intake,
        has_paid=paid_cents > 0 or bookings.is_paid(intake_id),
        is_sent=estimates_queries.in_force(intake_id, EstimateKind.VISIT) is not None,
    )
    confirmations.post_cancelled(booking, intake, paid_cents=paid_cents, sender=sender)


def _standing(intake_id: int, stage: Stage) -> Booking:
    """Returns the booking of a visit that is still to come."""
    booking = bookings.latest_booking(intake_id)
    if booking is None:
        raise bookings.NotBookedError
    if booking.is_cancelled:
        raise CancelledAlreadyError
    if stage != Stage.BOOKED or booking.ends_at <= clock.now():
        raise VisitOverError
    return booking

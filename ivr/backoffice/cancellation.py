"""A visit that is booked is canceled: its day goes, the matter and the customer's money stay."""

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import by_customer, confirmations
from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import CancelReason
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments import service as payments
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.config import LOCAL_SENDER
from ivr.core.errors import Refusal


class CancelledAlreadyError(Refusal):
    message = "The visit is canceled already."


class VisitOverError(Refusal):
    message = "The visit is over. Mark it as done, or move it to a new day."


def cancel(
    intake_id: int,
    because: str,
    words: str,
    *,
    by: Somebody,
    seen: int | None = None,
    sender: str = LOCAL_SENDER,
) -> None:
    """Cancel the visit and mail the customer why: the reason ``because``, and ``words`` if there are any.

    ``seen`` is the sequence of the booking that the person has before them, ``sender`` the address of our letters.
    Raises NoCancelReasonError, LongWordsError, NotBookedError, CancelledAlreadyError, VisitOverError,
    ChangedMeanwhileError.
    """
    reason, told = bookings_rules.read_cancellation(because, words)
    intake = intakes.lock(intake_id)
    booking = _standing(intake_id, intake.stage)
    bookings.check_seen(booking, seen)
    _end(booking, intake, reason, told, by=by, sender=sender)


def cancel_by_customer(intake_id: int, *, seen: int, sender: str = LOCAL_SENDER) -> None:
    """Cancel the visit for its customer, within the owner's rules; what they have paid becomes a payment task.

    Raises NotBookedError, CancelledAlreadyError, VisitOverError, ChangedMeanwhileError, CallUsError.
    """
    intake = intakes.lock(intake_id)
    bookings.check_seen(bookings.latest_booking(intake_id), seen)
    booking = _standing(intake_id, intake.stage)
    by_customer.check_change(booking, intake.stage)
    paid_cents = _end(booking, intake, CancelReason.ASKED, None, by=None, sender=sender)
    if paid_cents > 0:
        payments.open_task(intake_id, payments_rules.VISIT_CANCELED, f"{booking.sequence}", paid_cents)
    by_customer.tell_staff(booking, intake, booking.window, [booking.technician_id])


def _end(
    booking: Booking,
    intake: Intake,
    reason: CancelReason,
    told: str | None,
    *,
    by: Somebody | None,
    sender: str,
) -> int:
    """End the booking, move the matter back and mail the customer. Returns what they have paid, in cents."""
    paid_cents = payments_queries.account(intake.id).paid_cents
    bookings.cancel(booking, reason, told, by=by)
    matters.visit_cancelled(
        intake,
        has_paid=paid_cents > 0 or bookings.is_paid(intake.id),
        is_sent=estimates_queries.in_force(intake.id, EstimateKind.VISIT) is not None,
    )
    confirmations.post_cancelled(booking, intake, paid_cents=paid_cents, sender=sender)
    return paid_cents


def _standing(intake_id: int, stage: Stage) -> Booking:
    """Return the booking of a visit that is still to come."""
    booking = bookings.latest_booking(intake_id)
    if booking is None:
        raise bookings.NotBookedError
    if booking.is_cancelled:
        raise CancelledAlreadyError
    if stage != Stage.BOOKED or booking.ends_at <= clock.now():
        raise VisitOverError
    return booking

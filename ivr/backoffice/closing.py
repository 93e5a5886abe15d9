"""How a matter ends: a person closes it, but never while the customer's money or a visit is pending."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ivr.backoffice.estimates.bookings import marks
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.payments import queries as payments_queries
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.callcenter.routing import offers
from ivr.company.hours import service as hours
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.errors import Refusal
from ivr.core.money import format_cents


class PaidError(Refusal):
    message = "The customer has paid. Book the visit, or refund the payment first."


class PaymentIssueError(Refusal):
    message = "There is a payment issue. Resolve it first, below under Money."


class OnItsWayError(Refusal):
    message = (
        "The customer has paid by bank transfer. Wait until the money has arrived, or the bank has refused."
    )


class VisitAheadError(Refusal):
    message = "A visit is booked. Cancel it, or mark it as done once the technician has been there."


class CanceledVisitError(Refusal):
    message = "The visit was canceled. Book it again first, on the day the technician was there."


class NotYetError(Refusal):
    message = "The visit has not begun yet."


def close(intake_id: int, why: str, *, by: Somebody) -> None:
    """Close the matter for the reason ``why``; open promises and offer end. Repeating it changes nothing.

    Raises NoClosingReasonError, PaidError, PaymentIssueError, OnItsWayError, VisitAheadError.
    """
    intake = intakes.lock(intake_id)
    if intake.stage != Stage.CLOSED:
        refuse_pending(intake)
    matters.close(intake, why, by=by)
    settlement.close_all(intake_id, because="matter", by=by.name)
    offers.withdraw_settled(intake_id)


def refuse_pending(intake: Intake) -> None:
    """Refuse while money or a visit is pending.

    Raises PaidError, PaymentIssueError, OnItsWayError, VisitAheadError.
    """
    account = payments_queries.account(intake.id)
    if account.tasks:
        raise PaymentIssueError
    if payments_queries.on_their_way(intake.id):
        raise OnItsWayError
    booking = bookings.find_booking(intake.id)
    if intake.stage == Stage.BOOKED and booking and (account.paid_cents > 0 or booking.ends_at > clock.now()):
        raise VisitAheadError
    if intake.stage not in {Stage.DONE, Stage.CLOSED} and account.paid_cents > 0:
        paid = format_cents(account.paid_cents)
        raise PaidError(f"The customer has paid {paid}. Book the visit, or refund the payment first.")


def reopen(intake_id: int, *, by: Somebody) -> None:
    """Reopens a closed matter where it was; a visit noted as done becomes not done. Repeating it changes nothing."""
    intake = intakes.lock(intake_id)
    if not matters.reopen(intake, because="person", by=by):
        matters.not_done(intake, by=by)
        marks.not_done(intake_id)


def visit_done(intake_id: int, *, by: Somebody, written: Callable[[datetime, Any], str]) -> None:
    """Note that the visit took place. ``written`` formats the time for the refusal. Repeating it changes nothing.

    Raises NotYetError, CanceledVisitError, OutOfOrderError.
    """
    intake = intakes.lock(intake_id)
    booking = bookings.latest_booking(intake_id)
    if booking is not None and booking.is_cancelled:
        raise CanceledVisitError
    if intake.stage == Stage.BOOKED and booking is not None and booking.starts_at > clock.now():
        raise NotYetError(f"The visit begins {written(booking.starts_at, hours.calendar())}.")
    matters.visit_done(intake, by=by)

"""Refunds from the console: asked for once, carried out by a job, entered by what the provider tells, as all money is.

The row with its random key is committed before the provider is asked, and every request carries the key: a press that
comes twice, and a worker that dies after the provider has answered, refund once.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from ivr.backoffice.payments import queries, rules
from ivr.backoffice.payments.models import Checkout, LedgerEntry, PaymentEvent, RefundOrder
from ivr.backoffice.payments.rules import RefundState
from ivr.callcenter.intake import service as intakes
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.core.money import format_cents
from ivr.platform.jobs import enqueue
from ivr.platform.providers.checkout import PaymentEventKind
from ivr.platform.timeline import service as timeline

LONGEST_REASON: Final = 300


class NoReasonError(Refusal):
    message = f"Enter a short reason for the refund, {LONGEST_REASON} characters at most."


class NoSuchPaymentError(Refusal):
    message = "That payment isn't part of this intake, or no payment provider is set up to refund it."


class TooMuchError(Refusal):
    """There is less left of the payment than is to go back."""

    message = "This payment is already fully refunded."

    def __init__(self, left_cents: int) -> None:
        super().__init__(f"Refund {format_cents(left_cents)} at most." if left_cents > 0 else self.message)


@dataclass(frozen=True)
class Refundable:
    """A payment that is in an intake's ledger, and what may still go back of it, in cents."""

    entry_id: int
    cents: int
    left_cents: int


def refundable(entries: Sequence[Any], orders: Sequence[RefundOrder]) -> list[Refundable]:
    """Return the payments among the lines of an intake's ledger (id, quote_id, kind, cents, ref), in their order."""
    return [
        Refundable(one.id, one.cents, rules.left_to_refund(one.ref, entries, orders))
        for one in entries
        if one.kind == rules.PAYMENT
    ]


def ask(intake_id: int, entry_id: int, cents: int, reason: str, *, provider: str, by: Any) -> RefundOrder:
    """Have so much of a payment refunded. ``by`` is the member of staff, ``provider`` the one that is set up.

    Raises NoReasonError, NoSuchPaymentError, TooMuchError.
    """
    reason = " ".join(reason.split())
    if not (0 < len(reason) <= LONGEST_REASON and reason.isprintable()):
        raise NoReasonError
    intake = intakes.lock(
        intake_id
    )  # of two who refund the same at once the second sees what the first has asked for
    entry = session.get(LedgerEntry, entry_id)
    if entry is None or entry.intake_id != intake_id or entry.kind != rules.PAYMENT:
        raise NoSuchPaymentError
    checkout = _checkout(entry.ref, provider)
    left = rules.left_to_refund(entry.ref, queries.account(intake_id).entries, of_intake(intake_id))
    if not 0 < cents <= left:
        raise TooMuchError(left)
    order = RefundOrder(
        key=secrets.token_urlsafe(24),
        intake_id=intake_id,
        checkout_id=checkout.id,
        payment=entry.ref,
        cents=cents,
        reason=reason,
        asked_by=by.id,
        asked_at=clock.now(),
    )
    session.add(order)
    session.flush()
    enqueue("payments.refund", key=f"refund:{order.id}", refund_id=order.id)
    timeline.append(intake.id, "refund_asked", key=order.key, staff=by.name, cents=cents, words=reason)
    return order


def of_intake(intake_id: int) -> Sequence[RefundOrder]:
    """Return the refunds that staff asked for, the oldest first."""
    wanted = select(RefundOrder).where(RefundOrder.intake_id == intake_id)
    return session.scalars(wanted.order_by(RefundOrder.id)).all()


def asked(order_id: int) -> RefundOrder | None:
    """Return the order while the provider has not answered, else None."""
    order = session.get(RefundOrder, order_id)
    return order if order is not None and order.state == RefundState.ASKED else None


def sent(order_id: int, refund_id: str) -> None:
    """The provider has made the refund. Its event enters it; a job asks for it, in case none comes."""
    order = session.get_one(RefundOrder, order_id, with_for_update=True, populate_existing=True)
    if order.state != RefundState.ASKED:
        return
    order.state, order.refund_id, order.settled_at = RefundState.SENT, refund_id, clock.now()
    payment = order.payment
    enqueue("payments.note_refunds", key=f"refunds:{payment}", checkout_id=order.checkout_id, payment=payment)


def refused(order_id: int) -> None:
    """The provider does not make this refund."""
    order = session.get_one(RefundOrder, order_id, with_for_update=True, populate_existing=True)
    if order.state != RefundState.ASKED:
        return
    order.state, order.settled_at = RefundState.REFUSED, clock.now()
    timeline.append(order.intake_id, "refund_refused", key=order.key, cents=order.cents)


def _checkout(payment: str, provider: str) -> Checkout:
    paid = PaymentEvent.payment == payment, PaymentEvent.what == PaymentEventKind.PAID
    named = select(Checkout).join(PaymentEvent, PaymentEvent.checkout_id == Checkout.id)
    found = session.scalar(named.where(PaymentEvent.provider == provider, *paid).limit(1))
    if found is None:
        raise NoSuchPaymentError
    return found

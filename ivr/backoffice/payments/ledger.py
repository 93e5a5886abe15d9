"""What the provider reports, entered once. Events may repeat, be late and come in any order: the sums are the same."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from structlog import get_logger

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD, EstimateState
from ivr.backoffice.payments import fees, queries, receipts, rules
from ivr.backoffice.payments.models import Checkout, LedgerEntry, PaymentEvent, PaymentTask, RefundOrder
from ivr.backoffice.payments.rules import CheckoutState, Entry
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.core import clock
from ivr.core.db import insert_once, session
from ivr.platform.jobs import enqueue
from ivr.platform.providers.checkout import Event, PaymentEventKind, Refund
from ivr.platform.timeline import service as timeline

log = get_logger(__name__)

#: An event without a known payment may have crossed the event that names it: each looked before the other committed.
_CROSSED: Final = timedelta(minutes=1)


def take(provider: str, event: Event) -> None:
    """Enters an event of the provider. A repeated event, or one of another service, changes nothing."""
    if event.what == PaymentEventKind.OTHER:
        return
    checkout = _named(provider, event.key) or _of_payment(provider, event.payment)
    if checkout is None and (event.key or not event.payment):
        log.info("payment_event_not_ours", provider=provider, what=event.what)
        return
    number = insert_once(
        PaymentEvent,
        provider=provider,
        event_id=event.id,
        what=event.what,
        payment=event.payment,
        dispute=event.dispute,
        status=event.status,
        cents=event.cents,
        currency=event.currency,
        at=clock.now(),
    )
    if number is None:
        return
    if checkout is None:
        enqueue("payments.match", run_at=clock.now() + _CROSSED, event_id=number)
        return
    _work(checkout, session.get_one(PaymentEvent, number))


def match(event_id: int) -> None:
    """Try once more to find the payment of an event that came too early."""
    row = session.get_one(PaymentEvent, event_id)
    checkout = _of_payment(row.provider, row.payment)
    if row.checkout_id is None and checkout is not None:
        _work(checkout, row)


def note_refunds(checkout_id: int, refunds: Iterable[Refund]) -> None:
    """Enters those refunds of a payment that are new."""
    checkout = session.get_one(Checkout, checkout_id)
    intake = intakes.lock(checkout.intake_id)
    _enter(intake, rules.entries_of_refunds(refunds, checkout.quote_id))
    _settle(intake)


def _work(checkout: Checkout, row: PaymentEvent) -> None:
    """Apply this event, and then the events that waited to learn their payment."""
    intake = intakes.lock(checkout.intake_id)
    waited = select(PaymentEvent).where(
        PaymentEvent.provider == row.provider,
        PaymentEvent.payment == row.payment,
        PaymentEvent.checkout_id.is_(None),
        PaymentEvent.id != row.id,
    )
    for one in (row, *session.scalars(waited)):
        one.checkout_id = checkout.id
        _apply(intake, checkout, one.event)
    _settle(intake)


def _apply(intake: Intake, checkout: Checkout, event: Event) -> None:
    checkout.state = rules.state_after(event.what, checkout.state)
    if event.what in {PaymentEventKind.PENDING, PaymentEventKind.FAILED, PaymentEventKind.DISPUTED}:
        ref = event.dispute or checkout.key
        timeline.append(
            intake.id,
            f"payment_{event.what}",
            key=f"{ref}:{event.status}",
            cents=event.cents,
            status=event.status,
        )
    if event.what == PaymentEventKind.PENDING:
        _close_the_others(checkout)
    if event.what == PaymentEventKind.REFUNDED and event.payment:
        payment = event.payment
        enqueue("payments.note_refunds", key=f"refunds:{payment}", checkout_id=checkout.id, payment=payment)
    new = _enter(intake, rules.entries_of(event, checkout.quote_id))
    for entry in new:
        if entry.kind == rules.PAYMENT:
            matters.reopen(intake, because="payment")
            fees.ask(checkout.id, entry.ref)
            receipts.post(intake, _charged(intake, checkout.quote_id), entry, checkout.provider)


def _close_the_others(checkout: Checkout) -> None:
    """Have a job close what is still open for the same money: pages of this estimate, and of the one in its place."""
    quote = estimates_queries.get(checkout.quote_id)
    in_force = estimates_queries.in_force(quote.intake_id, quote.kind)
    for quote_id in {quote.id, in_force.id if in_force else quote.id}:
        if any(one.state == CheckoutState.OPEN for one in queries.unsettled(quote_id)):
            enqueue("payments.close_pages", key=f"close_pages:{quote_id}", quote_id=quote_id)


def _charged(intake: Intake, quote_id: int) -> Estimate:
    """Return the estimate that this money pays: the one that asked for it or, if void, its replacement."""
    quote = estimates_queries.get(quote_id)
    if quote.state not in GOOD:
        in_force = estimates_queries.in_force(intake.id, quote.kind)
        # Nothing asks for this money: it is the customer's credit.
        if in_force is None or in_force.state == EstimateState.PAID:
            return quote
        quote = in_force
    _enter(intake, [rules.charge(quote.id, quote.total_cents)])
    return quote


def _enter(intake: Intake, wanted: Iterable[Entry]) -> list[Entry]:
    """Enters the entries that the ledger lacks, and returns them."""
    new = []
    for entry in wanted:
        if insert_once(
            LedgerEntry,
            intake_id=intake.id,
            quote_id=entry.quote_id,
            kind=entry.kind,
            cents=entry.cents,
            ref=entry.ref,
            at=clock.now(),
        ):
            new.append(entry)
            timeline.append(intake.id, f"ledger_{entry.kind}", key=entry.ref, cents=abs(entry.cents))
    return new


def _settle(intake: Intake) -> None:
    lines = queries.entries(intake.id)
    for quote_id in sorted(rules.covered(lines)):
        estimates.paid(quote_id)
        if queries.unsettled(quote_id):
            enqueue("payments.close_pages", key=f"close_pages:{quote_id}", quote_id=quote_id)
    told = session.scalars(select(PaymentEvent).join(Checkout).where(Checkout.intake_id == intake.id))
    ours = session.scalars(select(RefundOrder.refund_id).where(RefundOrder.intake_id == intake.id))
    wanted = rules.concerns(lines, [row.event for row in told], set(filter(None, ours)))
    tasks = {
        (task.kind, task.ref): task
        for task in session.scalars(
            select(PaymentTask).where(
                PaymentTask.intake_id == intake.id, PaymentTask.kind.not_in(rules.APART)
            )
        )
    }
    now = clock.now()
    for one in wanted:
        task = tasks.pop((one.kind, one.ref), None)
        if task is None:
            session.add(
                PaymentTask(intake_id=intake.id, kind=one.kind, ref=one.ref, cents=one.cents, opened_at=now)
            )
        elif task.closed_by is None:  # the concern had passed, and is back
            task.closed_at = None
    for task in tasks.values():
        task.closed_at = task.closed_at or now


def _named(provider: str, key: str | None) -> Checkout | None:
    if key is None:
        return None
    return session.scalar(select(Checkout).where(Checkout.key == key, Checkout.provider == provider))


def _of_payment(provider: str, payment: str | None) -> Checkout | None:
    if payment is None:
        return None
    return session.scalar(
        select(Checkout)
        .join(PaymentEvent, PaymentEvent.checkout_id == Checkout.id)
        .where(PaymentEvent.provider == provider, PaymentEvent.payment == payment)
        .limit(1)
    )

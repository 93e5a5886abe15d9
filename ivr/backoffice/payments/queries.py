"""Reads money: ledgers, sums, open tasks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, false, func, null, select, true, union_all

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD, EstimateState
from ivr.backoffice.payments import rules
from ivr.backoffice.payments.models import Checkout, LedgerEntry, PaymentEvent, PaymentTask
from ivr.backoffice.payments.rules import CheckoutState, Entry
from ivr.callcenter.intake.models import Intake
from ivr.core.db import session


@dataclass(frozen=True)
class Account:
    """An intake's money: its ledger in order, the sum, and the tasks for a person; both with their columns."""

    entries: Sequence[Row[Any]]
    tasks: Sequence[Row[Any]]
    balance_cents: int
    paid_cents: int

    @property
    def is_owed(self) -> bool:
        """Whether the customer has still to pay what was charged: what was given back to them is not asked for."""
        charged = {one.quote_id for one in self.entries if one.kind == rules.CHARGE}
        return bool(charged - rules.covered(self.entries))

    def missing(self, quote: Estimate) -> int:
        """Return what is still to pay on this estimate, in cents."""
        return rules.missing(self.entries, quote.id, quote.total_cents)

    def paid_on(self, quote: Estimate) -> int:
        """Return what was paid by the link of this estimate, in cents."""
        theirs = (one for one in self.entries if one.kind == rules.PAYMENT and one.quote_id == quote.id)
        return sum(one.cents for one in theirs)


@dataclass(frozen=True)
class Sums:
    """How the money for an estimate stands, in cents."""

    total: int
    #: Each payment by itself.
    paid: Sequence[int]
    #: What is still to pay on it.
    missing: int
    #: What was paid beyond everything due in the intake.
    excess: int


def account(intake_id: int) -> Account:
    """Return everything about an intake's money."""
    rows = session.execute(_account(), {"intake_id": intake_id}).all()
    entries = [row for row in rows if not row.is_task]
    return Account(
        entries=entries,
        tasks=[row for row in rows if row.is_task],
        balance_cents=sum(row.cents for row in entries),
        paid_cents=sum(row.cents for row in entries if row.kind != rules.CHARGE),
    )


@cache
def _account() -> Any:
    """The ledger and the open tasks in one statement; each in its order."""
    its: BindParameter[int] = bindparam("intake_id")
    task = PaymentTask
    entries = select(
        *(LedgerEntry.id, LedgerEntry.quote_id, LedgerEntry.kind, LedgerEntry.cents, LedgerEntry.ref),
        LedgerEntry.at,
        false().label("is_task"),
    ).where(LedgerEntry.intake_id == its)
    tasks = select(
        *(task.id, null(), task.kind, task.cents, task.ref), task.opened_at, true().label("is_task")
    ).where(task.intake_id == its, task.closed_at.is_(None))
    return union_all(entries, tasks).order_by("is_task", "id")


def entries(intake_id: int) -> list[Entry]:
    """Return the ledger of an intake as the rules' entries."""
    wanted = select(LedgerEntry).where(LedgerEntry.intake_id == intake_id).order_by(LedgerEntry.id)
    return [Entry(row.kind, row.cents, row.ref, row.quote_id) for row in session.scalars(wanted)]


def missing(quote: Estimate) -> int:
    """Return what is still to pay on this estimate, in cents."""
    return rules.missing(entries(quote.intake_id), quote.id, quote.total_cents)


def sums(quote: Estimate) -> Sums:
    """Return the state of the money for this estimate. A void estimate has nothing to pay."""
    lines = entries(quote.intake_id)
    return Sums(
        total=quote.total_cents,
        paid=[line.cents for line in lines if line.kind == rules.PAYMENT and line.quote_id == quote.id],
        missing=missing(quote) if quote.state in GOOD else 0,
        excess=max(0, rules.balance(lines)),
    )


def providers(payments: Collection[str]) -> dict[str, str]:
    """Return the payment provider of each of these payments, by payment id."""
    told = select(PaymentEvent.payment, PaymentEvent.provider).where(PaymentEvent.payment.in_(payments))
    return {str(payment): provider for payment, provider in session.execute(told)}


def balance(intake_id: int) -> int:
    """Return the sum of an intake's ledger in cents: above zero the customer has credit, below zero they owe."""
    return (
        session.scalar(
            select(func.coalesce(func.sum(LedgerEntry.cents), 0)).where(LedgerEntry.intake_id == intake_id)
        )
        or 0
    )


def paid_cents(intake_ids: Collection[int]) -> dict[int, int]:
    """Return, by intake, the cents paid and not refunded; intakes without a payment are left out."""
    sums = session.execute(
        select(LedgerEntry.intake_id, func.sum(LedgerEntry.cents))
        .where(LedgerEntry.intake_id.in_(intake_ids), LedgerEntry.kind != rules.CHARGE)
        .group_by(LedgerEntry.intake_id)
    )
    return {intake_id: int(cents) for intake_id, cents in sums}


def state(quote_id: int) -> CheckoutState | None:
    """Return the state of paying an estimate, None before the first checkout."""
    states = select(Checkout.state).where(Checkout.quote_id == quote_id).order_by(Checkout.number.desc())
    return rules.state_of(session.scalars(states).all())


def on_its_way_before(quote: Estimate) -> Sequence[Row[int, int]]:
    """Return what is on its way from a bank for estimates that this one replaced: their versions, and the cents.

    When it arrives it counts for this one. Empty unless this estimate is the one that can be paid.
    """
    if quote.state != EstimateState.SENT:
        return []
    replaced = Estimate.intake_id == quote.intake_id, Estimate.kind == quote.kind, ~Estimate.is_good
    wanted = select(Estimate.version, Checkout.cents).join(Checkout, Checkout.quote_id == Estimate.id)
    return session.execute(
        wanted.where(*replaced, Checkout.state == CheckoutState.PENDING).order_by(Checkout.id)
    ).all()


def is_on_its_way(quote: Estimate) -> bool:
    """Whether a bank was told to pay this estimate, or one that it replaced: until then nobody is asked for it."""
    return state(quote.id) == CheckoutState.PENDING or bool(on_its_way_before(quote))


def on_their_way(intake_id: int) -> frozenset[int]:
    """Return the estimates of an intake, by id, that a bank was told to pay and has not paid yet."""
    pending = Checkout.intake_id == intake_id, Checkout.state == CheckoutState.PENDING
    return frozenset(session.scalars(select(Checkout.quote_id).where(*pending)))


def unsettled(quote_id: int) -> Sequence[Checkout]:
    """Return the checkouts of an estimate whose pages may still change."""
    wanted = select(Checkout).where(Checkout.quote_id == quote_id, Checkout.state.in_(rules.UNSETTLED))
    return session.scalars(wanted.where(Checkout.page_id.is_not(None)).order_by(Checkout.id)).all()


def open_tasks() -> Sequence[Row[int, str, str, int, datetime]]:
    """Return the open payment tasks, oldest first: id, reference of the intake, kind, cents, since."""
    return session.execute(
        select(PaymentTask.id, Intake.reference, PaymentTask.kind, PaymentTask.cents, PaymentTask.opened_at)
        .join(Intake, PaymentTask.intake_id == Intake.id)
        .where(PaymentTask.closed_at.is_(None))
        .order_by(PaymentTask.opened_at, PaymentTask.id)
    ).all()

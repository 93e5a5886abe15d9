"""Checkouts, the provider's events about them, and the ledger. No card data: it never reaches us."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.backoffice.payments.rules import CheckoutState, RefundState
from ivr.core.db import Base, SealedJSON, Word
from ivr.platform.providers.checkout import Event, Line, Order, PaymentEventKind


class Checkout(Base):
    """A customer's way to pay one estimate. The row exists before the provider is asked for its page."""

    __tablename__ = "checkout"
    __table_args__ = (UniqueConstraint("quote_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random; every request to the provider carries it, and its events return it.
    key: Mapped[str] = mapped_column(String(43), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))
    #: The first, second, ... of this estimate: two clicks at the same moment share one number.
    number: Mapped[int]
    provider: Mapped[str] = mapped_column(String(10))
    state: Mapped[CheckoutState] = mapped_column(Word(CheckoutState, 10), default=CheckoutState.OPEN)
    cents: Mapped[int]
    #: The order as sent to the provider. A repeat must send the same.
    asked: Mapped[dict[str, Any]] = mapped_column(SealedJSON)
    #: The provider's page, once the provider has answered.
    page_id: Mapped[str | None] = mapped_column(String(255), index=True)
    page_url: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]

    @property
    def order(self) -> Order:
        lines = [Line(**line) for line in self.asked["lines"]]
        return Order(**{**self.asked, "lines": lines})


class PaymentEvent(Base):
    """One event of the provider, stored once. Until its payment is found it has no checkout."""

    __tablename__ = "payment_event"
    __table_args__ = (
        UniqueConstraint("provider", "event_id"),
        Index("ix_payment_event_provider_payment", "provider", "payment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(10))
    event_id: Mapped[str] = mapped_column(String(255))
    checkout_id: Mapped[int | None] = mapped_column(ForeignKey("checkout.id"), index=True)
    what: Mapped[str] = mapped_column(String(10))
    payment: Mapped[str | None] = mapped_column(String(255))
    dispute: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(40))
    cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime]

    @property
    def event(self) -> Event:
        return Event(
            id=self.event_id,
            what=PaymentEventKind(self.what),
            payment=self.payment,
            dispute=self.dispute,
            status=self.status,
            cents=self.cents,
            currency=self.currency,
        )


class LedgerEntry(Base):
    """A line of an intake's payment ledger. Lines are only added; the balance is their sum and is not stored.

    The fee alone comes later: it is between the provider and us, and no part of the balance.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))
    kind: Mapped[str] = mapped_column(String(20))
    #: Charges are negative, payments positive.
    cents: Mapped[int]
    #: Derived from the provider's id, so that nothing is entered twice.
    ref: Mapped[str] = mapped_column(String(280), unique=True)
    at: Mapped[datetime]
    #: What the provider kept of a payment, above zero. None until it tells, and on every other line.
    fee_cents: Mapped[int | None]


class RefundOrder(Base):
    """A refund that staff asked for. Its row exists before the provider is asked; the ledger has what that tells."""

    __tablename__ = "refund_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random; every request to the provider carries it.
    key: Mapped[str] = mapped_column(String(43), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    checkout_id: Mapped[int] = mapped_column(ForeignKey("checkout.id"))
    #: The provider's name for the payment, and for the refund once it is made.
    payment: Mapped[str] = mapped_column(String(255))
    refund_id: Mapped[str | None] = mapped_column(String(255))
    cents: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[RefundState] = mapped_column(Word(RefundState, 10), default=RefundState.ASKED)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    #: When the provider answered.
    settled_at: Mapped[datetime | None]


class PaymentTask(Base):
    """Something about an intake's money that a person must look at. A person closes it, or it closes once resolved."""

    __tablename__ = "payment_task"
    __table_args__ = (
        UniqueConstraint("intake_id", "kind", "ref"),
        Index("ix_payment_task_open", "closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(280))
    cents: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: Who closed it; empty when it closed by itself.
    closed_by: Mapped[str | None] = mapped_column(String(200))

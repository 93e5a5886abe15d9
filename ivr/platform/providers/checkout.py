"""What the service asks of a payment provider, and what the provider may answer.

Called by jobs and by the customer's page, outside any transaction. Nothing of a card ever reaches us: the provider
shows its own page. Money is integer cents of US dollars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ivr.core.errors import Refusal

CURRENCY = "usd"


class PaymentUnavailableError(Refusal):
    message = (
        "The payment page cannot be reached just now. Nothing was charged. Please try again in a minute."
    )


class PaymentRefusedError(Refusal):
    message = (
        "The payment page cannot be opened. Nothing was charged. Please call us, and we will help you to pay."
    )


class PaymentsOffError(Refusal):
    message = "Paying online is switched off here. Nothing was charged. Please call us to pay."


class NotGenuineError(Exception):
    """A webhook that the provider has not signed, or has signed long ago, or that is no event at all."""


@dataclass(frozen=True)
class Line:
    """One line of what is bought."""

    name: str
    unit_cents: int
    quantity: int


@dataclass(frozen=True)
class Order:
    """What a customer is asked to pay. ``key`` is random: the same key is the same order, whenever it is asked."""

    key: str
    intake_reference: str
    quote_id: int
    lines: Sequence[Line]
    email: str | None
    language: str
    paid_url: str
    back_url: str

    @property
    def total_cents(self) -> int:
        return sum(line.unit_cents * line.quantity for line in self.lines)


@dataclass(frozen=True)
class Page:
    """The provider's page for one order. ``id`` is the provider's."""

    id: str
    url: str
    expires_at: datetime


class PaymentEventKind(StrEnum):
    """What an event tells."""

    PAID = "paid"
    #: The customer is through with the page; the bank takes its time.
    PENDING = "pending"
    FAILED = "failed"
    EXPIRED = "expired"
    #: Something about refunds changed: ``PaymentProvider.refunds`` knows what.
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    #: Nothing that moves money here.
    OTHER = "other"


@dataclass(frozen=True)
class Event:
    """Something that happened at the provider. It may come late, again, or before what caused it."""

    id: str
    what: PaymentEventKind
    #: The ``key`` of our order, where the event carries it.
    key: str | None = None
    #: The provider's name for the payment.
    payment: str | None = None
    #: The provider's name for the dispute.
    dispute: str | None = None
    #: The provider's word for how a dispute stands.
    status: str = ""
    cents: int = 0
    currency: str = CURRENCY


@dataclass(frozen=True)
class Refund:
    """Money that goes back, or (``came_back``) was refused by the customer's bank and is ours again."""

    id: str
    cents: int
    came_back: bool = False


class PaymentProvider(Protocol):
    """A payment provider.

    Every method but ``read_event`` raises PaymentUnavailableError or PaymentRefusedError where it must.
    """

    name: str
    #: The address at which its pages stand, for the pages that send people there; empty for our own.
    pages: str

    def check(self, webhook: str) -> list[str]:
        """What is wrong with the account, in words; ``webhook`` is where its events should come. Changes nothing."""

    def open_checkout(self, order: Order) -> Page:
        """A page where the order can be paid. The same order again is the same page: a time-out may be repeated."""

    def close_checkout(self, page_id: str) -> None:
        """Nobody can pay on this page any more. One that is paid or closed is no error."""

    def look(self, page_id: str) -> Event:
        """How the page stands now, as the event that would say so; its id is the same for the same answer."""

    def refunds(self, payment: str) -> list[Refund]:
        """All refunds of a payment."""

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """The event in a webhook. Raises NotGenuineError."""

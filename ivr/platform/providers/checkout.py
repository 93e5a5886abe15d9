"""What the service asks of a payment provider, and what the provider may answer.

Jobs and the customer's page call it, outside any transaction. No data of a card ever reaches us: the provider shows its
own page. Money is integer cents of US dollars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ivr.core.errors import Refusal

CURRENCY = "usd"


class PaymentUnavailableError(Refusal):
    message = "The payment page isn't responding. Nothing was charged. Please try again in a minute."


class PaymentRefusedError(Refusal):
    message = "We can't open the payment page. Nothing was charged. Please call us, and we'll help you pay."


class PaymentsOffError(Refusal):
    message = "Paying online is switched off here. Nothing was charged. Please call us to pay."


class NotGenuineError(Exception):
    """A webhook that the provider has not signed, or has signed long ago, or that is no event at all."""


@dataclass(frozen=True)
class Line:
    """One line of an order."""

    name: str
    unit_cents: int
    quantity: int


@dataclass(frozen=True)
class Order:
    """What a customer is asked to pay. ``key`` is random; the same key always means the same order."""

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
    #: The customer has finished the page; the bank has not decided yet.
    PENDING = "pending"
    FAILED = "failed"
    EXPIRED = "expired"
    #: The refunds of a payment changed: ``PaymentProvider.refunds`` returns them.
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    #: No money of ours moves.
    OTHER = "other"


@dataclass(frozen=True)
class Event:
    """Something that happened at the provider. It may come late, twice, or before the event that caused it."""

    id: str
    what: PaymentEventKind
    #: The ``key`` of our order, where the event carries it.
    key: str | None = None
    #: The provider's name for the payment.
    payment: str | None = None
    #: The provider's name for the dispute.
    dispute: str | None = None
    #: The provider's word for the state of a dispute.
    status: str = ""
    cents: int = 0
    currency: str = CURRENCY


@dataclass(frozen=True)
class Refund:
    """Money that goes back to a customer. With ``came_back`` the customer's bank refused it, and it is ours again."""

    id: str
    cents: int
    came_back: bool = False


@dataclass(frozen=True)
class Account:
    """How our account at the provider stands.

    ``is_overdue``: it waits for facts about the company, and is late. ``tells_fees``: our key may read them.
    """

    takes_payments: bool = True
    pays_out: bool = True
    is_overdue: bool = False
    tells_fees: bool = True


class PaymentProvider(Protocol):
    """A payment provider.

    Every method but ``read_event`` may raise PaymentUnavailableError or PaymentRefusedError.
    """

    name: str
    #: The origin of its payment pages, for our pages that send people there; empty when the payment pages are ours.
    pages: str

    def check(self, webhook: str) -> list[str]:
        """Return the faults of the account, in words. ``webhook`` is the URL for its events. Changes nothing."""

    def account(self) -> Account:
        """Return how our account stands. Changes nothing."""

    def open_checkout(self, order: Order) -> Page:
        """Return a page where the order can be paid. The same order gets the same page: repeat it after a time-out."""

    def close_checkout(self, page_id: str) -> None:
        """Close this page, so that it takes no payment. A page that is paid or closed is no error."""

    def look(self, page_id: str) -> Event:
        """Return the page's state now, as the event that would report it. The same state has the same event id."""

    def refunds(self, payment: str) -> list[Refund]:
        """Return all refunds of a payment."""

    def refund(self, payment: str, cents: int, *, key: str) -> Refund:
        """Refund so much of a payment. The same key refunds once, however often and however late it is asked.

        Raises PaymentRefusedError where less is left of the payment.
        """

    def fee(self, payment: str) -> int | None:
        """Return what the provider keeps of a payment, in cents; None while it does not know, or never tells."""

    def redact(self, page_ids: Sequence[str], *, key: str, under_way: str | None) -> str | None:
        """Have the provider erase what is personal of these pages and of the payments on them. Money stays.

        Returns None once it is done; until then the id of what is under way there, to be asked with again. ``key`` is
        the same at each repeat. Raises PaymentRefusedError for pages that cannot be redacted, or not yet.
        """

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Return the event in a webhook. Raises NotGenuineError."""

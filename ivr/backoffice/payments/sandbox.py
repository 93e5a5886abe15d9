"""A payment provider for a service without an account: we serve its page, so that payment can be tried.

Its state is the events in our own table. Production never uses it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from ivr.backoffice.payments import ledger
from ivr.backoffice.payments.models import Checkout, PaymentEvent
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.providers.checkout import (
    Account,
    Event,
    NotGenuineError,
    Order,
    Page,
    PaymentEventKind,
    PaymentRefusedError,
    Refund,
)

NAME: Final = "sandbox"
_BEFORE: Final = "sandbox-"


class SandboxProvider:
    """A ``PaymentProvider`` whose pages are ours, below ``public_url``."""

    name = NAME
    pages = ""

    def __init__(self, database: Database, public_url: str) -> None:
        self._database = database
        self._public_url = public_url

    def check(self, webhook: str) -> list[str]:  # noqa: ARG002  # the protocol's shape
        """Return no faults: there is no account."""
        return []

    def account(self) -> Account:
        """Return that all is well: there is no account."""
        return Account()

    def open_checkout(self, order: Order) -> Page:
        page_id = _BEFORE + order.key
        return Page(page_id, f"{self._public_url}/sandbox-till/{page_id}", clock.now() + timedelta(days=1))

    def close_checkout(self, page_id: str) -> None:
        if self.look(page_id).what == PaymentEventKind.OTHER:
            with self._database.transaction():
                ledger.take(NAME, Event(f"expired-{page_id}", PaymentEventKind.EXPIRED, key=key_of(page_id)))

    def look(self, page_id: str) -> Event:
        told = select(PaymentEvent).join(Checkout).where(Checkout.page_id == page_id)
        with self._database.reading() as session:
            events = [row.event for row in session.scalars(told.order_by(PaymentEvent.id))]
        for what in (
            PaymentEventKind.PAID,
            PaymentEventKind.FAILED,
            PaymentEventKind.EXPIRED,
            PaymentEventKind.PENDING,
        ):
            for event in events:
                if event.what == what:
                    return event
        return Event(f"look-{page_id}", PaymentEventKind.OTHER)

    def refunds(self, payment: str) -> list[Refund]:
        told = select(PaymentEvent).where(
            PaymentEvent.provider == NAME,
            PaymentEvent.payment == payment,
            PaymentEvent.what == PaymentEventKind.REFUNDED,
        )
        with self._database.reading() as session:
            return [Refund(row.event_id, row.cents) for row in session.scalars(told)]

    def refund(self, payment: str, cents: int, *, key: str) -> Refund:
        """Refunds it at once: the event of it is taken as a webhook's would be."""
        told = select(PaymentEvent).where(PaymentEvent.provider == NAME, PaymentEvent.payment == payment)
        made = f"refund-{key}"
        with self._database.transaction() as session:
            events = session.scalars(told).all()
            paid = sum(one.cents for one in events if one.what == PaymentEventKind.PAID)
            back = sum(one.cents for one in events if one.what == PaymentEventKind.REFUNDED)
            if made not in {one.event_id for one in events}:
                if cents > paid - back:
                    raise PaymentRefusedError
                ledger.take(NAME, Event(made, PaymentEventKind.REFUNDED, payment=payment, cents=cents))
        return Refund(made, cents)

    def fee(self, payment: str) -> int | None:
        """Return 2.9 % of it and 30 cents: what Stripe's list says of cards in the United States."""
        told = PaymentEvent.payment == payment, PaymentEvent.what == PaymentEventKind.PAID
        wanted = select(PaymentEvent.cents).where(PaymentEvent.provider == NAME, *told)
        with self._database.reading() as session:
            cents = session.scalar(wanted.limit(1))
        return None if cents is None else (29 * cents + 500) // 1000 + 30

    def redact(self, page_ids: Sequence[str], *, key: str, under_way: str | None) -> str | None:  # noqa: ARG002  # the protocol's shape
        """Return None: it keeps nothing but our own table, where nobody is named."""
        return None

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:  # noqa: ARG002  # the protocol's shape
        """Raise NotGenuineError: the sandbox sends no webhooks."""
        raise NotGenuineError("the sandbox sends no webhooks")


def key_of(page_id: str) -> str:
    """Return the order key of a sandbox page."""
    return page_id.removeprefix(_BEFORE)

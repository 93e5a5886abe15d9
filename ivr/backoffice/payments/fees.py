"""What the provider keeps of a payment. No event tells it: a job asks soon after the payment, and again until it knows.

Once a fee is told, the payment before it is asked about too, where that has none. So those that were paid before this
release, or while the key could not read fees, get theirs.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from ivr.backoffice.payments import rules
from ivr.backoffice.payments.models import Checkout, LedgerEntry, PaymentEvent
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform.jobs import enqueue
from ivr.platform.providers.checkout import PaymentEventKind

#: The provider works a fee out after it has told of the payment. The pauses grow, up to this age of the payment.
_FIRST_LOOK: Final = timedelta(seconds=15)
_LAST_LOOK: Final = timedelta(days=7)


def ask(checkout_id: int, payment: str, *, after: timedelta = _FIRST_LOOK) -> None:
    """Have a job ask what the provider kept of this payment."""
    when = clock.now() + after
    enqueue("payments.note_fee", key=f"fee:{payment}", run_at=when, checkout_id=checkout_id, payment=payment)


def unknown(payment: str) -> LedgerEntry | None:
    """Return the entry of this payment while its fee is not known, else None."""
    wanted = LedgerEntry.ref == payment, LedgerEntry.kind == rules.PAYMENT, LedgerEntry.fee_cents.is_(None)
    return session.scalar(select(LedgerEntry).where(*wanted))


def note(checkout: Checkout, payment: str, cents: int | None) -> None:
    """Enters the fee that the provider told, None for none: it is then asked again while the payment is young."""
    entry = unknown(payment)
    if entry is None:
        return
    if cents is None:
        age = clock.now() - entry.at
        if age < _LAST_LOOK:
            ask(checkout.id, payment, after=max(_FIRST_LOOK, age))
        return
    changed(update(LedgerEntry).where(LedgerEntry.id == entry.id).values(fee_cents=cents))
    _ask_before(entry, checkout.provider)


def _ask_before(entry: LedgerEntry, provider: str) -> None:
    earlier = select(LedgerEntry).where(LedgerEntry.kind == rules.PAYMENT, LedgerEntry.id < entry.id)
    before = session.scalar(earlier.order_by(LedgerEntry.id.desc()).limit(1))
    if before is None or before.fee_cents is not None:
        return
    told = PaymentEvent.payment == before.ref, PaymentEvent.what == PaymentEventKind.PAID
    ours = PaymentEvent.provider == provider, PaymentEvent.checkout_id.is_not(None)
    if checkout_id := session.scalar(select(PaymentEvent.checkout_id).where(*told, *ours).limit(1)):
        ask(checkout_id, before.ref)

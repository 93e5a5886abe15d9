"""What an event means for the ledger, and what the ledger means. Pure.

Every entry has a name made from the provider's own (``ref``), and a ledger holds a name once. So a ledger is a
set, its balance a sum, and neither can tell in which order, or how often, the events came.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from ivr.platform.providers.checkout import CURRENCY, Event, Line, PaymentEventKind, Refund

CHARGE: Final = "charge"
PAYMENT: Final = "payment"
REFUND: Final = "refund"
REFUND_RETURNED: Final = "refund_returned"
DISPUTE: Final = "dispute"
DISPUTE_WON: Final = "dispute_won"


class CheckoutState(StrEnum):
    """How a customer's try to pay an estimate stands."""

    OPEN = "open"
    PENDING = "pending"
    FAILED = "failed"
    EXPIRED = "expired"
    PAID = "paid"


#: The page may still bring news.
UNSETTLED: Final = frozenset({CheckoutState.OPEN, CheckoutState.PENDING})
#: How far a checkout has come. An event that says less than is known already changes nothing.
RANK: Final[Mapping[CheckoutState, int]] = {
    CheckoutState.OPEN: 0,
    CheckoutState.PENDING: 1,
    CheckoutState.FAILED: 2,
    CheckoutState.EXPIRED: 2,
    CheckoutState.PAID: 3,
}

#: A dispute with one of these words has moved no money: the bank asks, or the matter ended before it did more.
_ONLY_ASKED: Final = ("warning_", "prevented")
_ENDED_WELL: Final = frozenset({"won", "warning_closed", "prevented"})


@dataclass(frozen=True)
class Entry:
    """A line of the ledger: what the customer was charged is negative, what they paid positive."""

    kind: str
    cents: int
    ref: str
    quote_id: int


@dataclass(frozen=True)
class Concern:
    """Something about an intake's money that a person must look at. ``ref`` tells one from the next of its kind."""

    kind: str
    ref: str
    cents: int


def state_after(what: PaymentEventKind, known: CheckoutState) -> CheckoutState:
    """How a checkout stands after the provider has told this of it."""
    match what:
        case PaymentEventKind.PENDING:
            told = CheckoutState.PENDING
        case PaymentEventKind.FAILED:
            told = CheckoutState.FAILED
        case PaymentEventKind.EXPIRED:
            told = CheckoutState.EXPIRED
        case PaymentEventKind.PAID:
            told = CheckoutState.PAID
        case PaymentEventKind.REFUNDED | PaymentEventKind.DISPUTED | PaymentEventKind.OTHER:
            return known
        case _:
            assert_never(what)
    return told if RANK[told] > RANK[known] else known


def entries_of(event: Event, quote_id: int) -> list[Entry]:
    """What the event adds. Money in another currency adds nothing: dollars and pesos have no sum."""
    if event.currency != CURRENCY or event.cents <= 0:
        return []
    if event.what == PaymentEventKind.PAID and event.payment:
        return [Entry(PAYMENT, event.cents, event.payment, quote_id)]
    if event.what == PaymentEventKind.DISPUTED and event.dispute and not event.status.startswith(_ONLY_ASKED):
        taken = Entry(DISPUTE, -event.cents, event.dispute, quote_id)
        won = Entry(DISPUTE_WON, event.cents, f"{event.dispute}:won", quote_id)
        return [taken, won] if event.status == "won" else [taken]
    return []


def entries_of_refunds(refunds: Iterable[Refund], quote_id: int) -> list[Entry]:
    """What refunds add: each goes out, and one that the customer's bank refused comes in again."""
    entries = []
    for one in refunds:
        entries.append(Entry(REFUND, -one.cents, one.id, quote_id))
        if one.came_back:
            entries.append(Entry(REFUND_RETURNED, one.cents, f"{one.id}:returned", quote_id))
    return entries


def charge(quote_id: int, total_cents: int) -> Entry:
    """What a customer owes for an estimate that they have begun to pay."""
    return Entry(CHARGE, -total_cents, f"quote:{quote_id}", quote_id)


def balance(entries: Iterable[Entry]) -> int:
    """Above zero the customer has credit, below zero they owe."""
    return sum(entry.cents for entry in entries)


def paid(entries: Iterable[Entry]) -> int:
    """What the customer has paid and not got back."""
    return sum(entry.cents for entry in entries if entry.kind != CHARGE)


def covered(entries: Collection[Entry]) -> set[int]:
    """The estimates that are paid, of those charged for: by their own payments, or by the intake's sum.

    Money that is taken back later does not make an estimate unpaid: that is for a person. Nor can it, or the answer
    would hang on whether the refund was heard of before the payment.
    """
    charged = {entry.quote_id for entry in entries if entry.kind == CHARGE}
    if balance(entries) >= 0:
        return charged
    own = [entry for entry in entries if entry.kind in {CHARGE, PAYMENT}]
    return {one for one in charged if balance(entry for entry in own if entry.quote_id == one) >= 0}


def concerns(entries: Collection[Entry], events: Iterable[Event]) -> set[Concern]:
    """What a person must look at, in a ledger and in all that was ever told about it."""
    found: set[Concern] = set()
    disputes: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.what == PaymentEventKind.PAID and event.currency != CURRENCY:
            found.add(Concern("wrong_currency", event.payment or event.id, event.cents))
        elif event.what == PaymentEventKind.FAILED and not covered(entries):
            found.add(Concern("payment_failed", event.payment or event.id, event.cents))
        elif event.what == PaymentEventKind.DISPUTED and event.dispute:
            disputes[event.dispute].add(event.status)
    found |= {
        Concern("dispute_lost" if "lost" in words else "dispute_open", dispute, 0)
        for dispute, words in disputes.items()
        if not words & _ENDED_WELL
    }
    found |= {Concern("refunded", one.ref, -one.cents) for one in entries if one.kind == REFUND}
    found |= {
        Concern("refund_returned", one.ref, one.cents) for one in entries if one.kind == REFUND_RETURNED
    }
    left = balance(entries)
    if left > 0:
        found.add(Concern(_why_too_much(entries), f"{left}", left))
    elif left < 0:
        found.add(Concern(_why_too_little(entries), f"{left}", -left))
    return found


def _why_too_much(entries: Collection[Entry]) -> str:
    payments = Counter(entry.quote_id for entry in entries if entry.kind == PAYMENT)
    if any(times > 1 for times in payments.values()):
        return "paid_twice"
    return "paid_superseded" if _not_charged(entries) else "overpaid"


def _why_too_little(entries: Collection[Entry]) -> str:
    kinds = {entry.kind for entry in entries}
    if DISPUTE in kinds or REFUND in kinds:
        return "taken_back"
    return "superseded_short" if _not_charged(entries) else "underpaid"


def _not_charged(entries: Collection[Entry]) -> set[int]:
    charged = {entry.quote_id for entry in entries if entry.kind == CHARGE}
    return {entry.quote_id for entry in entries if entry.kind == PAYMENT} - charged


def lines_to_pay(
    *, base_cents: int, units: int, increment_cents: int, missing_cents: int, language: str
) -> list[Line]:
    """The base and the increments, as the estimate says; or, when part of it is paid, what is missing."""
    words = _WORDS.get(language, _WORDS["en"])
    if missing_cents != base_cents + units * increment_cents:
        return [Line(words["rest"], missing_cents, 1)]
    lines = [Line(words["base"], base_cents, 1), Line(words["increment"], increment_cents, units)]
    return [line for line in lines if line.unit_cents and line.quantity]


_WORDS: Final = {
    "en": {
        "base": "Onsite visit: the trip and the first hour",
        "increment": "Additional increments of the estimate",
        "rest": "Onsite visit: the rest of the estimate",
    },
    "es": {
        "base": "Visita en sitio: el viaje y la primera hora",
        "increment": "Incrementos adicionales del presupuesto",
        "rest": "Visita en sitio: el resto del presupuesto",
    },
}

"""What an event means for the ledger, and what the ledger means. Pure.

Every entry has a name derived from the provider's id (``ref``), and a ledger holds a name once. So a ledger is a
set and its balance a sum: neither depends on the order of the events or on repeats.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, assert_never

from ivr.platform.providers.checkout import CURRENCY, Event, Line, PaymentEventKind, Refund

CHARGE: Final = "charge"
PAYMENT: Final = "payment"
REFUND: Final = "refund"
REFUND_RETURNED: Final = "refund_returned"
DISPUTE: Final = "dispute"
DISPUTE_WON: Final = "dispute_won"
#: A task about time on site: ``paid_time`` opens and closes it.
UNPAID_TIME: Final = "unpaid_time"
#: The customer has canceled a visit that they paid for.
VISIT_CANCELED: Final = "visit_canceled"
#: Kinds of tasks that the ledger knows nothing of.
APART: Final = frozenset({UNPAID_TIME, VISIT_CANCELED})


class Moved(StrEnum):
    """Which way money moved."""

    IN = "payments"
    BACK = "refunds"
    DISPUTED = "disputes"


KINDS: Final = {
    Moved.IN: frozenset({PAYMENT}),
    Moved.BACK: frozenset({REFUND, REFUND_RETURNED}),
    Moved.DISPUTED: frozenset({DISPUTE, DISPUTE_WON}),
}


@dataclass(frozen=True)
class Period:
    """Lines from ``since`` on and before ``until``, of one way that money moved or of all."""

    since: datetime | None = None
    until: datetime | None = None
    moved: Moved | None = None


class CheckoutState(StrEnum):
    """The state of a customer's attempt to pay an estimate."""

    OPEN = "open"
    PENDING = "pending"
    FAILED = "failed"
    EXPIRED = "expired"
    PAID = "paid"


class RefundState(StrEnum):
    """The state of a refund that staff asked for."""

    #: The provider has not answered yet.
    ASKED = "asked"
    #: The provider has made it.
    SENT = "sent"
    #: The provider does not make it.
    REFUSED = "refused"


#: States in which the page may still change.
UNSETTLED: Final = frozenset({CheckoutState.OPEN, CheckoutState.PENDING})
#: The progress of a checkout: an event that says less than is known changes nothing.
RANK: Final[Mapping[CheckoutState, int]] = {
    CheckoutState.OPEN: 0,
    CheckoutState.PENDING: 1,
    CheckoutState.FAILED: 2,
    CheckoutState.EXPIRED: 2,
    CheckoutState.PAID: 3,
}

#: Dispute states in which no money has moved: the bank only asks, or the dispute ended before it took money.
_ONLY_ASKED: Final = ("warning_", "prevented")
_ENDED_WELL: Final = frozenset({"won", "warning_closed", "prevented"})


@dataclass(frozen=True)
class Entry:
    """A line of the payment ledger, in cents: charges are negative, payments positive."""

    kind: str
    cents: int
    ref: str
    quote_id: int


@dataclass(frozen=True)
class Concern:
    """Something about an intake's money that a person must look at. ``ref`` distinguishes concerns of one kind."""

    kind: str
    ref: str
    cents: int


def state_after(what: PaymentEventKind, known: CheckoutState) -> CheckoutState:
    """Return the state of a checkout after this event."""
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


def state_of(checkouts: Sequence[CheckoutState]) -> CheckoutState | None:
    """Return the state of paying an estimate, from those of its checkouts, the latest first; None before the first.

    What is on its way from a bank counts before a page that was opened meanwhile.
    """
    latest = checkouts[0] if checkouts else None
    if latest != CheckoutState.PAID and CheckoutState.PENDING in checkouts:
        return CheckoutState.PENDING
    return latest


def entries_of(event: Event, quote_id: int) -> list[Entry]:
    """Return the entries that the event adds. Other currencies add none: dollars and pesos cannot be summed."""
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
    """Return the entries of refunds: each takes money out, and one that the customer's bank rejects puts it back."""
    entries = []
    for one in refunds:
        entries.append(Entry(REFUND, -one.cents, one.id, quote_id))
        if one.came_back:
            entries.append(Entry(REFUND_RETURNED, one.cents, f"{one.id}:returned", quote_id))
    return entries


def charge(quote_id: int, total_cents: int) -> Entry:
    """Return the charge for an estimate that the customer has begun to pay."""
    return Entry(CHARGE, -total_cents, f"quote:{quote_id}", quote_id)


def left_to_refund(payment: str, entries: Collection[Any], orders: Iterable[Any]) -> int:
    """Return how many cents of this payment may still go back, never less than 0.

    ``entries`` is the ledger of the intake. What was refunded elsewhere, or disputed, is known of the estimate alone:
    it counts against each of its payments. ``orders`` are the refunds that staff asked for.
    """
    paid = next(one for one in entries if one.kind == PAYMENT and one.ref == payment)
    entered: dict[str, int] = {one.ref: one.cents for one in entries}
    asked = [one for one in orders if one.state != RefundState.REFUSED]
    waiting = sum(one.cents for one in asked if one.refund_id not in entered)
    mine = [one for one in asked if one.payment == payment]
    gone = sum(one.cents - entered.get(f"{one.refund_id}:returned", 0) for one in mine)
    left = sum(one.cents for one in entries if one.kind != CHARGE and one.quote_id == paid.quote_id)
    return int(max(0, min(paid.cents - gone, left - waiting)))


def balance(entries: Iterable[Any]) -> int:
    """Return the sum in cents: above zero the customer has credit, below zero they owe."""
    return sum(int(entry.cents) for entry in entries)


def paid(entries: Iterable[Entry]) -> int:
    """Return what the customer has paid and not got back, in cents."""
    return sum(entry.cents for entry in entries if entry.kind != CHARGE)


def covered(entries: Collection[Any]) -> set[int]:
    """Return the ids of charged estimates that are paid: by payments for them and the ones before, or by the sum.

    A payment for an estimate that was never charged is for the one in its place: it fills up what is short, once.
    A later refund or dispute does not make an estimate unpaid: a person decides that. Otherwise the result would depend
    on whether the refund or the payment arrived first.
    """
    charged = {entry.quote_id for entry in entries if entry.kind == CHARGE}
    if balance(entries) >= 0:
        return charged
    own = [entry for entry in entries if entry.kind in {CHARGE, PAYMENT}]
    left = balance(entry for entry in own if entry.quote_id not in charged)
    found = set()
    for one in sorted(charged):
        short = max(0, -balance(entry for entry in own if entry.quote_id == one))
        if short <= left:
            left -= short
            found.add(one)
    return found


def missing(entries: Collection[Any], quote_id: int, total_cents: int) -> int:
    """Return what is still to pay on this estimate, in cents. ``entries`` is the ledger of its intake."""
    lines = list(entries)
    if not any(line.kind == CHARGE and line.quote_id == quote_id for line in lines):
        lines.append(charge(quote_id, total_cents))
    if quote_id in covered(lines):
        return 0
    # What is missing elsewhere (a refund of the first visit, say) is not asked for here.
    return min(total_cents, -balance(lines))


def concerns(
    entries: Collection[Entry], events: Iterable[Event], intended: Collection[str] = ()
) -> set[Concern]:
    """Return what a person must look at, from a ledger and all events about it.

    ``intended`` are the refunds that staff asked for here: nobody need be told of them.
    """
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
    found |= {
        Concern("refunded", one.ref, -one.cents)
        for one in entries
        if one.kind == REFUND and one.ref not in intended
    }
    found |= {
        Concern("refund_returned", one.ref, one.cents) for one in entries if one.kind == REFUND_RETURNED
    }
    left = balance(entries)
    if left > 0:
        found.add(Concern(_why_too_much(entries), f"{left}", left))
    elif (short := left + _meant(entries, intended)) < 0:
        found.add(Concern(_why_too_little(entries), f"{short}", -short))
    return found


def _meant(entries: Collection[Entry], intended: Collection[str]) -> int:
    """Return the cents that staff gave back, and that arrived."""
    its = {*intended, *(f"{one}:returned" for one in intended)}
    return -balance(one for one in entries if one.kind in {REFUND, REFUND_RETURNED} and one.ref in its)


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
    """Return the estimate's base and increments or, when part of it is paid, the missing sum."""
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

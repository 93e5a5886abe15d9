"""The ledger's rules: a set of entries, however often and in whatever order its events came."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments.rules import CHARGE, PAYMENT, Concern, Entry
from ivr.platform.providers.checkout import Event, Line, PaymentEventKind, Refund

QUOTE = 1


def paid(payment: str = "pi_1", cents: int = 450_00, quote: int = QUOTE) -> Entry:
    return Entry(PAYMENT, cents, payment, quote)


def concern(entries: Sequence[Entry]) -> list[str]:
    return sorted(one.kind for one in payments_rules.concerns(entries, []))


def test_an_exact_payment_settles_the_estimate() -> None:
    entries = [payments_rules.charge(QUOTE, 450_00), paid()]
    assert payments_rules.balance(entries) == 0
    assert payments_rules.paid(entries) == 450_00
    assert payments_rules.covered(entries) == {QUOTE}
    assert payments_rules.concerns(entries, []) == set()


@pytest.mark.parametrize(
    ("entries", "kind", "cents", "covered"),
    [
        ([payments_rules.charge(1, 450_00), paid(cents=475_00)], "overpaid", 25_00, {1}),
        ([payments_rules.charge(1, 450_00), paid(cents=400_00)], "underpaid", 50_00, set()),
        ([payments_rules.charge(1, 450_00), paid("pi_1"), paid("pi_2")], "paid_twice", 450_00, {1}),
        ([payments_rules.charge(2, 400_00), paid(quote=1)], "paid_superseded", 50_00, {2}),
        ([payments_rules.charge(2, 500_00), paid(quote=1)], "superseded_short", 50_00, set()),
        ([paid(quote=1)], "paid_superseded", 450_00, set()),
    ],
)
def test_every_wrong_sum_has_its_name(entries: list[Entry], kind: str, cents: int, covered: set[int]) -> None:
    (found,) = payments_rules.concerns(entries, [])
    assert (found.kind, found.cents) == (kind, cents)
    assert payments_rules.covered(entries) == covered


def test_one_estimate_is_paid_while_another_is_short() -> None:
    entries = [
        payments_rules.charge(1, 450_00),
        paid(),
        payments_rules.charge(2, 100_00),
        paid("pi_2", 75_00, 2),
    ]
    assert payments_rules.covered(entries) == {1}
    assert concern(entries) == ["underpaid"]


def test_a_refund_is_a_line_and_one_that_comes_back_is_another() -> None:
    base = [payments_rules.charge(QUOTE, 450_00), paid()]
    gone = [*base, *payments_rules.entries_of_refunds([Refund("re_1", 50_00)], QUOTE)]
    assert payments_rules.paid(gone) == 400_00
    assert concern(gone) == ["refunded", "taken_back"]

    back = [*base, *payments_rules.entries_of_refunds([Refund("re_1", 50_00, came_back=True)], QUOTE)]
    assert payments_rules.paid(back) == 450_00
    assert concern(back) == ["refund_returned", "refunded"]


def test_a_refund_that_staff_asked_for_concerns_nobody() -> None:
    base = [payments_rules.charge(QUOTE, 450_00), paid()]
    gone = [*base, *payments_rules.entries_of_refunds([Refund("re_1", 50_00)], QUOTE)]
    assert payments_rules.concerns(gone, [], {"re_1"}) == set()

    more = [*gone, *payments_rules.entries_of_refunds([Refund("re_2", 30_00)], QUOTE)]
    found = {(one.kind, one.cents) for one in payments_rules.concerns(more, [], {"re_1"})}
    assert found == {("refunded", 30_00), ("taken_back", 30_00)}, "what the dashboard gave back, and no more"

    back = [*base, *payments_rules.entries_of_refunds([Refund("re_1", 50_00, came_back=True)], QUOTE)]
    assert {one.kind for one in payments_rules.concerns(back, [], {"re_1"})} == {"refund_returned"}


@pytest.mark.parametrize("first", [400_00, 450_00])
def test_what_was_paid_for_the_version_before_keeps_this_one_paid_when_a_part_goes_back(first: int) -> None:
    entries = [payments_rules.charge(2, 500_00), paid(cents=first, quote=1)]
    entries.append(paid("pi_2", 500_00 - first, 2))
    assert payments_rules.covered(entries) == {2}
    entries += payments_rules.entries_of_refunds([Refund("re_1", 25_00)], 1)
    assert payments_rules.covered(entries) == {2}
    assert payments_rules.missing(entries, 2, 500_00) == 0


def test_what_was_paid_for_a_version_before_counts_once() -> None:
    entries = [
        payments_rules.charge(2, 500_00),
        payments_rules.charge(3, 450_00),
        paid(cents=500_00, quote=1),
    ]
    assert payments_rules.covered(entries) == {2}
    assert payments_rules.missing(entries, 3, 450_00) == 450_00


def test_paying_twice_is_mended_by_a_refund() -> None:
    entries = [payments_rules.charge(QUOTE, 450_00), paid("pi_1"), paid("pi_2")]
    entries += payments_rules.entries_of_refunds([Refund("re_1", 450_00)], QUOTE)
    assert payments_rules.balance(entries) == 0
    assert concern(entries) == ["refunded"]


@pytest.mark.parametrize(
    ("status", "balance"),
    [
        ("needs_response", -450_00),
        ("under_review", -450_00),
        ("lost", -450_00),
        ("won", 0),
        ("warning_needs_response", 0),
        ("warning_closed", 0),
        ("prevented", 0),
    ],
)
def test_a_dispute_takes_the_money_until_it_is_won(status: str, balance: int) -> None:
    event = Event("e", PaymentEventKind.DISPUTED, payment="pi_1", dispute="dp_1", status=status, cents=450_00)
    assert payments_rules.balance(payments_rules.entries_of(event, QUOTE)) == balance


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ({"needs_response"}, ["dispute_open"]),
        ({"warning_needs_response"}, ["dispute_open"]),
        ({"needs_response", "lost"}, ["dispute_lost"]),
        ({"won", "needs_response"}, []),
        ({"warning_needs_response", "warning_closed"}, []),
    ],
)
def test_a_dispute_is_a_concern_until_it_ends_well(words: set[str], kinds: list[str]) -> None:
    told = [Event(word, PaymentEventKind.DISPUTED, dispute="dp_1", status=word) for word in words]
    assert [one.kind for one in payments_rules.concerns([], told)] == kinds


def test_money_of_another_country_and_a_bank_that_refuses_are_for_a_person() -> None:
    told = [
        Event("e1", PaymentEventKind.PAID, payment="pi_1", cents=450_00, currency="mxn"),
        Event("e2", PaymentEventKind.FAILED, payment="pi_2", cents=450_00),
    ]
    assert {one.kind for one in payments_rules.concerns([], told)} == {"wrong_currency", "payment_failed"}
    settled = [payments_rules.charge(QUOTE, 450_00), paid()]
    assert {one.kind for one in payments_rules.concerns(settled, told)} == {"wrong_currency"}


@pytest.mark.parametrize(
    "event",
    [
        Event("e", PaymentEventKind.PAID, payment="pi_1", cents=450_00, currency="mxn"),
        Event("e", PaymentEventKind.PAID, payment="pi_1", cents=0),
        Event("e", PaymentEventKind.PAID, cents=450_00),
        Event("e", PaymentEventKind.PENDING, payment="pi_1", cents=450_00),
        Event("e", PaymentEventKind.FAILED, payment="pi_1", cents=450_00),
        Event("e", PaymentEventKind.OTHER),
    ],
)
def test_what_is_no_payment_adds_nothing(event: Event) -> None:
    assert payments_rules.entries_of(event, QUOTE) == []


def test_what_is_to_pay_has_two_lines_and_later_one() -> None:
    def asked(missing: int, units: int = 4, language: str = "en") -> list[Line]:
        return payments_rules.lines_to_pay(
            base_cents=350_00, units=units, increment_cents=25_00, missing_cents=missing, language=language
        )

    assert [(line.unit_cents, line.quantity) for line in asked(450_00)] == [(350_00, 1), (25_00, 4)]
    assert [(line.unit_cents, line.quantity) for line in asked(350_00, units=0)] == [(350_00, 1)]
    assert [(line.unit_cents, line.quantity) for line in asked(50_00)] == [(50_00, 1)]
    assert asked(50_00, language="es")[0].name != asked(50_00)[0].name


events = st.builds(
    Event,
    id=st.integers(0, 40).map(str),
    what=st.sampled_from(PaymentEventKind),
    payment=st.sampled_from(["pi_1", "pi_2", None]),
    dispute=st.sampled_from(["dp_1", None]),
    status=st.sampled_from(["needs_response", "won", "lost", "warning_closed"]),
    # Of one payment, Stripe never tells two sums.
    cents=st.just(450_00),
)


def shuffled_and_repeated(happened: list[Event]) -> st.SearchStrategy[tuple[list[Event], list[Event]]]:
    return st.tuples(st.just(happened), st.permutations([*happened, *happened[:3]]))


@given(st.lists(events, max_size=10).flatmap(shuffled_and_repeated))
def test_any_order_and_any_repeats_give_the_same_ledger(told: tuple[list[Event], list[Event]]) -> None:
    once, again = told
    assert ledger(again) == ledger(once)
    assert payments_rules.balance(ledger(again).values()) == payments_rules.balance(ledger(once).values())


def ledger(happened: list[Event]) -> dict[str, Entry]:
    """As the table keeps it: the first of each name."""
    kept: dict[str, Entry] = {}
    for event in happened:
        for entry in payments_rules.entries_of(event, QUOTE):
            kept.setdefault(entry.ref, entry)
    return kept


@given(st.lists(st.integers(1, 3), max_size=6), st.integers(0, 40))
def test_the_balance_is_what_was_paid_less_what_was_charged(payments: list[int], units: int) -> None:
    total = 350_00 + units * 25_00
    entries = [payments_rules.charge(QUOTE, total)]
    entries += [paid(f"pi_{n}", total * times) for n, times in enumerate(payments)]
    assert payments_rules.balance(entries) == total * (sum(payments) - 1)
    assert payments_rules.paid(entries) == total * sum(payments)
    assert (QUOTE in payments_rules.covered(entries)) == (sum(payments) >= 1)
    assert (Concern("underpaid", str(-total), total) in payments_rules.concerns(entries, [])) == (
        not payments
    )


def test_a_charge_is_named_for_its_estimate() -> None:
    assert payments_rules.charge(7, 450_00) == Entry(CHARGE, -450_00, "quote:7", 7)

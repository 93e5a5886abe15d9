"""Paying at Stripe: the webhook enters it once, whatever becomes of the deliveries."""

import itertools
import random
from datetime import timedelta

import pytest
import time_machine

from ivr.backoffice.payments.models import LedgerEntry, PaymentEvent
from ivr.company.mail.models import Mail
from ivr.core import clock
from tests.support.fake_stripe import FakeStripe, signed
from tests.support.shop import Shop

pytestmark = pytest.mark.quick

WHOLE = [("charge", -450_00), ("payment", 450_00)]


def test_a_customer_pays_and_the_estimate_is_paid(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    assert provider.sessions[page]["amount_total"] == 450_00
    assert shop.ledger() == []

    shop.deliver(provider.pay(page))

    assert shop.ledger() == WHOLE
    assert shop.balance() == 0
    assert shop.quote_state() == "paid"
    assert shop.tasks() == []
    thanks = shop.client.get(f"/pay/{shop.quote}/thanks").text
    assert "Your payment of $450" in thanks
    assert shop.reference in thanks


def test_the_same_delivery_again_changes_nothing(shop: Shop, provider: FakeStripe) -> None:
    delivery = provider.pay(shop.page())
    for _ in range(3):
        shop.deliver(delivery)

    assert shop.ledger() == WHOLE
    assert shop.count(PaymentEvent) == 1
    assert shop.timeline().count("ledger_payment") == 1


def test_two_clicks_lead_to_one_page(shop: Shop, provider: FakeStripe) -> None:
    assert shop.page() == shop.page()
    assert len(provider.sessions) == len(shop.checkouts()) == 1


def test_an_address_that_the_provider_refuses_stops_nobody_from_paying(
    shop: Shop, provider: FakeStripe
) -> None:
    provider.refused_emails = {"rosa@example.com"}
    page = shop.page()
    assert "customer_email" not in provider.created_with[-1]
    assert shop.page() == page, "a second press leads to the same page"
    shop.deliver(provider.pay(page))
    assert shop.ledger() == WHOLE


def test_a_corrected_address_is_on_the_next_page_and_the_page_before_is_closed(
    shop: Shop, provider: FakeStripe
) -> None:
    before = shop.page()
    shop.customer(contact_email="rosa.diaz@example.com")

    after = shop.page()
    assert provider.created_with[-1]["customer_email"] == "rosa.diaz@example.com"
    shop.work()
    assert provider.sessions[before]["status"] == "expired", "nobody pays on two"
    assert provider.sessions[after]["status"] == "open"
    assert shop.page() == after
    shop.deliver(provider.pay(after))
    assert shop.ledger() == WHOLE


def test_an_address_is_corrected_after_an_outage(shop: Shop, provider: FakeStripe) -> None:
    """The checkout that never got a page is kept for a day, with the address of then."""
    provider.trouble += ["500"] * 3
    assert shop.to_the_till().status_code == 503
    shop.customer(contact_email="rosa.diaz@example.com")

    shop.page()
    assert provider.created_with[-1]["customer_email"] == "rosa.diaz@example.com"


def test_an_outage_is_told_and_the_next_try_opens_one_page(shop: Shop, provider: FakeStripe) -> None:
    provider.trouble += ["500"] * 3
    refused = shop.to_the_till()
    assert refused.status_code == 503
    assert "Nothing was charged" in refused.text

    shop.page()
    assert len(provider.sessions) == len(shop.checkouts()) == 1


def test_a_slow_bank(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    pending = provider.pay(page, later=True)
    arrived = provider.money_arrives(page)
    shop.deliver(arrived)
    shop.deliver(pending)
    assert shop.checkouts()[0].state == "paid", "what is known already is not unlearnt"
    assert shop.ledger() == WHOLE


def test_a_bank_that_refuses_is_for_a_person_until_the_customer_pays(
    shop: Shop, provider: FakeStripe
) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page, later=True))
    assert "still processing" in shop.client.get(f"/pay/{shop.quote}/thanks").text
    shop.deliver(provider.bank_refuses(page))
    assert shop.tasks() == [("payment_failed", 450_00)]
    assert shop.ledger() == []
    assert "didn&#39;t go through" in shop.client.get(f"/pay/{shop.quote}/thanks").text

    shop.deliver(provider.pay(shop.page()))
    assert shop.tasks() == []
    assert shop.quote_state() == "paid"


@pytest.mark.parametrize(
    ("cents", "task", "state"),
    [(475_00, ("overpaid", 25_00), "paid"), (400_00, ("underpaid", 50_00), "sent")],
)
def test_the_sum_is_looked_at_again(
    shop: Shop, provider: FakeStripe, cents: int, task: tuple[str, int], state: str
) -> None:
    shop.deliver(provider.pay(shop.page(), cents=cents))
    assert shop.tasks() == [task]
    assert shop.quote_state() == state


def test_what_is_missing_is_asked_as_one_line(shop: Shop, provider: FakeStripe) -> None:
    shop.deliver(provider.pay(shop.page(), cents=400_00))
    page = shop.page()
    assert provider.sessions[page]["amount_total"] == 50_00

    shop.deliver(provider.pay(page))
    assert shop.balance() == 0
    assert shop.tasks() == []
    assert shop.quote_state() == "paid"


def test_pesos_are_no_dollars(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    provider.sessions[page]["currency"] = "mxn"
    shop.deliver(provider.pay(page))
    assert shop.ledger() == []
    assert shop.tasks() == [("wrong_currency", 450_00)]


def test_paying_twice_is_for_a_person_until_it_is_given_back(shop: Shop, provider: FakeStripe) -> None:
    first = shop.page()
    with time_machine.travel(shop.checkouts()[0].created_at + timedelta(hours=23, minutes=50)):
        second = shop.page()
        assert first != second, "the first is about to expire"
        shop.deliver(provider.pay(second))
        shop.deliver(provider.pay(first))
        assert shop.tasks() == [("paid_twice", 450_00)]
        assert shop.balance() == 450_00
        assert shop.to_the_till().status_code == 503, "there is nothing more to pay"

        shop.deliver(provider.refund(first, 450_00))
        shop.work()
    assert shop.balance() == 0
    assert shop.tasks() == [("refunded", 450_00)]


def test_the_other_page_is_closed_once_one_is_paid(shop: Shop, provider: FakeStripe) -> None:
    first = shop.page()
    with time_machine.travel(shop.checkouts()[0].created_at + timedelta(hours=23, minutes=50)):
        shop.deliver(provider.pay(shop.page()))
        shop.work()
    assert provider.sessions[first]["status"] == "expired"
    assert shop.checkouts()[0].state == "expired"


@pytest.mark.parametrize(
    ("units", "task", "state"),
    [(2, ("paid_superseded", 50_00), "paid"), (6, ("superseded_short", 50_00), "sent")],
)
def test_money_for_an_estimate_that_was_replaced_counts_for_the_new_one(
    shop: Shop, provider: FakeStripe, units: int, task: tuple[str, int], state: str
) -> None:
    page = shop.page()
    shop.estimate(units)
    shop.deliver(provider.pay(page))
    assert shop.tasks() == [task]
    assert shop.quote_state() == state


def test_a_refund_is_for_the_owner_and_is_entered_once(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page))
    told = [provider.refund(page, 25_00), provider.refund(page, 50_00)]
    for delivery in (*reversed(told), *told):
        shop.deliver(delivery)
        shop.work()
    assert shop.ledger() == [*WHOLE, ("refund", -50_00), ("refund", -25_00)]
    assert shop.tasks() == [("refunded", 25_00), ("refunded", 50_00), ("taken_back", 75_00)]

    shop.deliver(provider.refund_fails(provider.refunds[0]["id"]))
    shop.work()
    assert shop.balance() == -50_00
    assert ("refund_returned", 25_00) in shop.tasks()


def test_a_dispute_takes_the_money_and_winning_it_brings_it_back(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page))
    shop.deliver(provider.dispute(page, "needs_response"))
    assert shop.balance() == -450_00
    assert shop.tasks() == [("dispute_open", 0), ("taken_back", 450_00)]

    shop.deliver(provider.dispute(page, "won", kind="closed"))
    assert shop.balance() == 0
    assert shop.tasks() == []


def test_every_order_of_events_ends_in_the_same_ledger(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    told = [
        provider.pay(page, later=True),
        provider.money_arrives(page),
        provider.refund(page, 25_00),
        provider.dispute(page, "needs_response"),
        provider.dispute(page, "won", kind="closed"),
    ]
    luck = random.Random(7)  # noqa: S311  # no secret
    orders = luck.sample(list(itertools.permutations(told)), 6)
    expected = [*WHOLE, ("dispute", -450_00), ("dispute_won", 450_00), ("refund", -25_00)]
    for order in orders:
        shop.forget_money()
        for delivery in [*order, *luck.sample(order, 2)]:
            shop.deliver(delivery)
            if luck.random() < 0.5:
                shop.work()
        shop.work()
        assert shop.ledger() == sorted(expected)
        assert shop.count(Mail) == 1, "one payment, one receipt"
        assert shop.balance() == -25_00
        assert shop.tasks() == [("refunded", 25_00), ("taken_back", 25_00)]
        assert shop.quote_state() == "paid"


def test_a_webhook_that_never_comes_is_made_up_for(shop: Shop, provider: FakeStripe) -> None:
    provider.pay(shop.page())
    with time_machine.travel(shop.checkouts()[0].created_at + timedelta(minutes=11)):
        shop.work()
        assert shop.ledger() == WHOLE


def test_a_customer_who_is_faster_than_the_webhook_is_thanked(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    assert "haven&#39;t received" in shop.client.get(f"/pay/{shop.quote}/thanks").text
    late = provider.pay(page)
    with time_machine.travel(clock.now() + timedelta(seconds=3)):
        assert "Your payment of $450" in shop.client.get(f"/pay/{shop.quote}/thanks").text
    shop.deliver(late)
    assert shop.ledger() == WHOLE


def test_a_page_that_is_loaded_again_and_again_asks_the_provider_once_in_some_seconds(
    shop: Shop, provider: FakeStripe
) -> None:
    def loads(times: int, after: int) -> int:
        """How often the provider was asked."""
        before = provider.requests
        with time_machine.travel(begun + timedelta(seconds=after), tick=False):
            for _ in range(times):
                shop.client.get(f"/pay/{shop.quote}/thanks")
        return provider.requests - before

    page, begun = shop.page(), clock.now()
    assert loads(4, after=0) == 1
    assert loads(4, after=2) == 0
    shop.deliver(provider.pay(page, later=True))
    assert loads(4, after=3) == 1, "a transfer is on its way"
    provider.money_arrives(page)
    assert loads(4, after=6) == 1, "it has arrived, and no webhook told"
    assert "Your payment of $450" in shop.client.get(f"/pay/{shop.quote}/thanks").text
    assert loads(4, after=600) == 0, "what is settled needs no question"


def test_a_provider_that_has_no_answer_is_asked_as_seldom(shop: Shop, provider: FakeStripe) -> None:
    del provider.sessions[shop.page()]
    before = provider.requests
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(4):
            assert "haven&#39;t received" in shop.client.get(f"/pay/{shop.quote}/thanks").text
    assert provider.requests - before == 1


def test_an_event_of_somebody_elses_is_taken_and_forgotten(shop: Shop, provider: FakeStripe) -> None:
    shop.deliver(provider.event("customer.created", {"id": "cus_1"}))
    page = shop.page()
    provider.sessions[page]["metadata"] = {"checkout": "of another service"}
    shop.deliver(provider.pay(page))
    assert shop.count(PaymentEvent) == 0


def test_a_dispute_that_crossed_its_payment_is_found_later(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    paid = provider.pay(page)
    shop.deliver(provider.dispute(page, "lost"))
    shop.work()
    assert shop.ledger() == []
    with shop.database.transaction() as session:  # as if both had been looked at before either was committed
        held = session.query(PaymentEvent).one()
        held.payment, was = "pi_crossing", held.payment
    shop.deliver(paid)
    with shop.database.transaction() as session:
        session.get_one(PaymentEvent, held.id).payment = was
    assert shop.ledger() == WHOLE
    with time_machine.travel(held.at + timedelta(minutes=2)):
        shop.work()
    assert shop.balance() == -450_00
    assert ("dispute_lost", 0) in shop.tasks()


@pytest.mark.parametrize(
    "delivery",
    [signed(b"{}", secret="another"), (b"{}", {}), signed(b"x" * 140_000), signed(b"nonsense")],
)
def test_the_webhook_refuses_what_is_not_stripes(shop: Shop, delivery: tuple[bytes, dict[str, str]]) -> None:
    body, headers = delivery
    answer = shop.client.post("/payments/stripe", data=body, headers=headers)
    assert answer.status_code in {400, 413}
    assert shop.count(LedgerEntry) == 0


def test_there_is_no_estimate_of_that_token(shop: Shop) -> None:
    assert shop.client.post("/pay/nobody/checkout").status_code == 404
    assert shop.client.get("/pay/nobody/thanks").status_code == 404


def test_the_sandbox_is_not_there(shop: Shop) -> None:
    assert shop.client.get("/sandbox-till/sandbox-x").status_code == 404

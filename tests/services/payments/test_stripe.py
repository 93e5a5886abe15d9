"""The adapter against a strict fake of Stripe: what it sends, what it reads, what it does when Stripe fails."""

import json
import time
from dataclasses import replace

import pytest

from ivr.platform.providers.checkout import (
    Account,
    Event,
    NotGenuineError,
    Order,
    PaymentEventKind,
    PaymentRefusedError,
    PaymentUnavailableError,
    Refund,
)
from ivr.platform.providers.stripe import EVENTS, StripeProvider
from tests.support.fake_stripe import KEY, SECRET, FakeStripe, signed


def test_the_page_has_two_lines_and_carries_our_key(
    payments: StripeProvider, provider: FakeStripe, order: Order
) -> None:
    page = payments.open_checkout(order)

    assert page.url.startswith(payments.pages)
    (form,) = provider.created_with
    assert form["line_items[0][price_data][unit_amount]"] == "35000"
    assert form["line_items[0][quantity]"] == "1"
    assert form["line_items[1][price_data][unit_amount]"] == "2500"
    assert form["line_items[1][quantity]"] == "4"
    assert form["customer_email"] == "rosa@example.com"
    assert form["locale"] == "es"
    assert form["metadata[checkout]"] == form["payment_intent_data[metadata][checkout]"] == "k-1"
    assert provider.sessions[page.id]["amount_total"] == order.total_cents == 450_00


def test_the_same_order_again_is_the_same_page(
    payments: StripeProvider, provider: FakeStripe, order: Order
) -> None:
    assert payments.open_checkout(order) == payments.open_checkout(order)
    assert len(provider.sessions) == 1


@pytest.mark.parametrize("trouble", [["lost"], ["409", "503"]])
def test_a_stumble_of_stripes_is_asked_again(
    payments: StripeProvider, provider: FakeStripe, order: Order, trouble: list[str]
) -> None:
    provider.trouble += trouble

    assert payments.open_checkout(order).id in provider.sessions
    assert len(provider.sessions) == 1


def test_an_outage_says_that_nothing_was_charged(
    payments: StripeProvider, provider: FakeStripe, order: Order
) -> None:
    provider.trouble += ["500"] * 3
    with pytest.raises(PaymentUnavailableError) as refusal:
        payments.open_checkout(order)
    assert "Nothing was charged" in refusal.value.shown

    assert payments.open_checkout(order).id in provider.sessions, "and the next try is safe"


def test_a_wrong_key_is_refused_for_good(provider: FakeStripe, order: Order) -> None:
    with pytest.raises(PaymentRefusedError) as refusal:
        StripeProvider("sk_test_wrong", SECRET, provider.url).open_checkout(order)
    assert "API Key" not in refusal.value.shown


def test_nobody_listens_at_all(order: Order) -> None:
    with pytest.raises(PaymentUnavailableError):
        StripeProvider(KEY, SECRET, "http://127.0.0.1:9").open_checkout(order)


def test_a_changed_order_needs_a_new_key(payments: StripeProvider, order: Order) -> None:
    payments.open_checkout(order)
    with pytest.raises(PaymentRefusedError):
        payments.open_checkout(replace(order, email="other@example.com"))


def test_the_story_of_a_page_is_read_from_its_events(
    payments: StripeProvider, provider: FakeStripe, order: Order
) -> None:
    page = payments.open_checkout(order)
    assert payments.look(page.id).what == PaymentEventKind.OTHER

    pending = payments.read_event(*provider.pay(page.id, later=True))
    assert (pending.what, pending.key) == (PaymentEventKind.PENDING, "k-1")
    assert payments.look(page.id).what == PaymentEventKind.PENDING
    assert payments.read_event(*provider.bank_refuses(page.id)).what == PaymentEventKind.FAILED

    arrived = payments.read_event(*provider.money_arrives(page.id))
    payment = provider.sessions[page.id]["payment_intent"]
    assert arrived == Event(arrived.id, PaymentEventKind.PAID, "k-1", payment, cents=450_00, currency="usd")
    assert payments.look(page.id) == replace(arrived, id=f"look:{page.id}:paid")

    disputed = payments.read_event(*provider.dispute(page.id, "needs_response"))
    assert (disputed.what, disputed.payment, disputed.key) == (PaymentEventKind.DISPUTED, payment, None)
    assert (disputed.cents, disputed.status) == (450_00, "needs_response")


def test_refunds_are_looked_up(payments: StripeProvider, provider: FakeStripe, order: Order) -> None:
    page = payments.open_checkout(order)
    provider.pay(page.id)
    payment = provider.sessions[page.id]["payment_intent"]
    told = payments.read_event(*provider.refund(page.id, 25_00))
    provider.refund(page.id, 50_00)
    first, second = (one["id"] for one in provider.refunds)
    failed = payments.read_event(*provider.refund_fails(second))

    assert (told.what, told.key, told.payment) == (PaymentEventKind.REFUNDED, "k-1", payment)
    assert (failed.what, failed.payment) == (PaymentEventKind.REFUNDED, payment)
    assert payments.refunds(payment) == [Refund(first, 25_00), Refund(second, 50_00, came_back=True)]


def test_a_page_is_closed_once(payments: StripeProvider, provider: FakeStripe, order: Order) -> None:
    page = payments.open_checkout(order)
    payments.close_checkout(page.id)
    payments.close_checkout(page.id)
    assert provider.sessions[page.id]["status"] == "expired"
    assert payments.look(page.id).what == PaymentEventKind.EXPIRED


def test_an_event_of_another_kind_means_nothing(payments: StripeProvider, provider: FakeStripe) -> None:
    assert (
        payments.read_event(*provider.event("customer.created", {"id": "cus_1"})).what
        == PaymentEventKind.OTHER
    )


GOOD = json.dumps({"id": "evt_1", "type": "x", "data": {"object": {}}}).encode()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD, {}),
        (GOOD, {"Stripe-Signature": ""}),
        (GOOD, {"Stripe-Signature": "t=1,v1="}),
        (GOOD, {"Stripe-Signature": "é"}),
        signed(GOOD, secret="another"),
        (GOOD + b" ", signed(GOOD)[1]),
        signed(b"not json"),
        signed(b"\xff\xfe"),
        signed(b"[]"),
        signed(b'{"id": "evt_1", "type": "charge.refunded", "data": {"object": {}}}'),
    ],
)
def test_a_delivery_that_is_not_stripes_is_refused(
    payments: StripeProvider, body: bytes, headers: dict[str, str]
) -> None:
    with pytest.raises(NotGenuineError):
        payments.read_event(body, headers)


def test_a_signature_grows_old(payments: StripeProvider) -> None:
    assert payments.read_event(*signed(GOOD)).id == "evt_1"
    with pytest.raises(NotGenuineError):
        payments.read_event(*signed(GOOD, at=time.time() - 301))


WEBHOOK = "https://line.test/payments/stripe"


def endpoint(**other: object) -> dict[str, object]:
    ours = {"id": "we_1", "object": "webhook_endpoint", "url": WEBHOOK, "status": "enabled"}
    return {**ours, "enabled_events": sorted(EVENTS), **other}


@pytest.mark.parametrize(
    ("endpoints", "wrong"),
    [
        ([endpoint()], []),
        ([endpoint(enabled_events=["*"])], []),
        ([], [f"no enabled webhook leads to {WEBHOOK}"]),
        ([endpoint(status="disabled")], [f"no enabled webhook leads to {WEBHOOK}"]),
        ([endpoint(url="https://other.test/")], [f"no enabled webhook leads to {WEBHOOK}"]),
        (
            [endpoint(enabled_events=sorted(EVENTS - {"charge.refunded"}))],
            ["the webhook is not told of charge.refunded"],
        ),
    ],
)
def test_what_is_wrong_with_the_account_is_named_and_nothing_is_made(
    payments: StripeProvider, provider: FakeStripe, endpoints: list[dict[str, object]], wrong: list[str]
) -> None:
    provider.endpoints += endpoints
    assert payments.check(WEBHOOK) == wrong
    assert provider.sessions == {}


def test_the_state_of_the_account_is_read(payments: StripeProvider, provider: FakeStripe) -> None:
    assert payments.account() == Account()
    provider.account = {
        "charges_enabled": True,
        "payouts_enabled": False,
        "requirements": {"past_due": ["company.tax_id"]},
    }
    assert payments.account() == Account(pays_out=False, is_overdue=True)


def test_a_wrong_key_is_refused(provider: FakeStripe) -> None:
    with pytest.raises(PaymentRefusedError):
        StripeProvider("sk_test_wrong", SECRET, provider.url).check(WEBHOOK)

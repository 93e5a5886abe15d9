"""One payment, one receipt: by mail, in the customer's language, and its fate in the timeline."""

from itertools import dropwhile

import pytest
from sqlalchemy import select

from ivr.calls.models import CallEvent
from ivr.console import timeline
from ivr.mail.models import Mail
from tests.payments.fake_stripe import FakeStripe
from tests.payments.shop import Shop
from tests.payments.test_at_the_same_moment import at_once, posted


def told(shop: Shop) -> list[str]:
    """The timeline as the desk reads it, of the money and its letters."""
    with shop.database.reading() as session:
        rows = session.scalars(select(CallEvent).order_by(CallEvent.id))
        since = dropwhile(lambda row: row.kind != "ledger_payment", rows)
        wanted = [row for row in since if row.kind.startswith(("mail_", "receipt_", "ledger_payment"))]
        return [entry.words for entry in timeline.told(wanted, str)]


@pytest.mark.parametrize(
    ("language", "subject", "thanks"),
    [
        ("en", "Your payment of $450, reference {}", "A receipt is on its way to you by e-mail."),
        ("es", "Su pago de $450, referencia {}", "Le enviamos un recibo por correo electrónico."),
    ],
)
def test_whoever_pays_has_a_receipt(
    shop: Shop, provider: FakeStripe, language: str, subject: str, thanks: str
) -> None:
    shop.customer(language=language)
    shop.quote = shop.estimate()
    shop.deliver(provider.pay(shop.page()))

    (letter,) = shop.receipts()
    assert (letter.to, letter.language) == ("rosa@example.com", language)
    assert letter.subject == subject.format(shop.reference)
    assert shop.reference in letter.text
    assert told(shop) == [
        "The customer paid $450.",
        f"A letter to rosa@example.com was written: “{letter.subject}”",
        f"The letter “{letter.subject}” was taken by the mail server.",
    ]
    assert thanks in shop.client.get(f"/pay/{shop.quote}/thanks").text


def test_told_again_and_all_at_once_it_is_one_receipt(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    deliveries = [provider.pay(page), provider.money_arrives(page)]
    at_once(*(posted(shop, one) for one in deliveries * 3))
    assert shop.client.get(f"/pay/{shop.quote}/thanks").status_code == 200

    assert len(shop.receipts()) == 1
    assert shop.count(Mail) == 2, "the other is the estimate"


def test_who_pays_twice_has_a_receipt_for_each(sandbox: Shop) -> None:
    page = sandbox.page()
    sandbox.client.post(f"/sandbox-till/{page}", data={"press": "twice"})
    assert [letter.subject[:21] for letter in sandbox.receipts()] == ["Your payment of $450,"] * 2
    sandbox.client.post(f"/sandbox-till/{page}", data={"press": "refund"})
    assert len(sandbox.receipts()) == 2, "a refund is no payment"


def test_money_that_has_not_arrived_has_no_receipt(shop: Shop, provider: FakeStripe) -> None:
    shop.deliver(provider.pay(shop.page(), later=True))
    assert shop.receipts() == []


@pytest.mark.parametrize("address", [None, "", "rosa at example.com"])
def test_without_an_address_the_money_counts_and_the_desk_is_told(
    shop: Shop, provider: FakeStripe, address: str | None
) -> None:
    page = shop.page()
    shop.customer(contact_email=address)
    shop.deliver(provider.pay(page))

    assert shop.balance() == 0
    assert shop.quote_state() == "paid"
    assert shop.receipts() == []
    assert told(shop) == [
        "The customer paid $450.",
        "No receipt of $450 was sent: the record has no e-mail address.",
    ]
    assert "A receipt" not in shop.client.get(f"/pay/{shop.quote}/thanks").text


def test_only_the_tills_own_pages_may_be_reached_from_the_estimate(shop: Shop) -> None:
    for path in (f"/pay/{shop.quote}", f"/pay/{shop.quote}/thanks"):
        headers = shop.client.get(path).headers
        assert "form-action 'self' https://checkout.stripe.com" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
    assert shop.to_the_till().location.startswith("https://checkout.stripe.com/")


def test_the_sandbox_is_reached_without_a_way_elsewhere(sandbox: Shop) -> None:
    policy = sandbox.client.get(f"/pay/{sandbox.quote}").headers["Content-Security-Policy"]
    assert policy.endswith("form-action 'self'")

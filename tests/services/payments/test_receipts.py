"""One payment, one receipt: by mail, in the customer's language, and its fate in the timeline."""

from datetime import timedelta
from html import unescape
from itertools import dropwhile

import pytest
import time_machine
from sqlalchemy import select

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.company.mail import rendering
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.intake import timeline
from tests.services.payments.moments import at_once, posted
from tests.support.fake_stripe import FakeStripe
from tests.support.shop import Shop


def told(shop: Shop) -> list[str]:
    """The timeline as the desk reads it, of the money and its letters."""
    with shop.database.reading() as session:
        rows = session.scalars(select(CallEvent).order_by(CallEvent.id))
        since = dropwhile(lambda row: row.kind != "ledger_payment", rows)
        wanted = [row for row in since if row.kind.startswith(("mail_", "receipt_", "ledger_payment"))]
        return [entry.words for entry in timeline.describe(wanted, str)]


@pytest.mark.parametrize(
    ("language", "subject", "thanks"),
    [
        ("en", "Receipt: $450 paid, estimate {}-2", "A receipt is on its way to you by email."),
        ("es", "Recibo: $450 pagados, presupuesto {}-2", "Le enviamos un recibo por correo electrónico."),
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
        f"An email to rosa@example.com was queued: “{letter.subject}”",
        f"The email “{letter.subject}” was accepted by the mail server.",
    ]
    assert thanks in shop.client.get(f"/pay/{shop.quote}/thanks").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Hi Rosa,",
                "We received your payment of $450.",
                "Date: {day}",
                "Estimate: {reference}-2",
                "Customer: Rosa Diaz",
                "Site: 1 Main St, Oakland",
                "Amount paid: $450",
                "Method: Online, through Stripe",
                "Payment ID: pi_",
                "Received by: Onsite Support, (877) 943-7675, 1 Broadway, Oakland, CA 94607",
                "The trip and the first hour on site: $350",
                "Location and scope of the work (Far away): $100",
                "Total: $450",
                "We'll call you to agree on the day of your visit.",
                "{url}/pay/{token}/receipt",
            ),
        ),
        (
            "es",
            (
                "Hola, Rosa:",
                "Recibimos su pago de $450.",
                "Fecha: {day}",
                "Forma de pago: En línea, a través de Stripe",
                "Ubicación y alcance del trabajo (Far away): $100",
                "Le llamaremos para acordar el día de su visita.",
            ),
        ),
    ],
)
def test_a_receipt_is_fit_for_the_books(
    shop: Shop, provider: FakeStripe, language: str, words: tuple[str, ...]
) -> None:
    with shop.database.transaction():
        policy.change("company_address", "1 Broadway, Oakland, CA 94607", policy.Command("test"))
    shop.customer(language=language, site_address="1 Main St\nOakland")
    shop.quote = shop.estimate()
    shop.deliver(provider.pay(shop.page()))

    (letter,) = shop.receipts()
    with shop.database.reading():
        day = rendering.day(clock.now().isoformat(), language)
    known = {"day": day, "reference": shop.reference, "token": shop.quote, "url": shop.settings.public_url}
    for one in words:
        assert one.format(**known) in letter.text
    assert "1 Broadway, Oakland, CA 94607" in shop.client.get(f"/pay/{shop.quote}/receipt").text


TWICE = {
    "en": "You have paid $450 twice. We'll send the second $450 back to the card or account you paid with, "
    "within 5 business days.",
    "es": "Usted pagó $450 dos veces. Le devolveremos los $450 del segundo pago a la tarjeta o cuenta con la que "
    "pagó, en un plazo de 5 días hábiles.",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_has_paid_twice_is_told_what_comes_back_and_when(sandbox: Shop, language: str) -> None:
    sandbox.customer(language=language)
    sandbox.quote = sandbox.estimate()
    page = sandbox.page()
    thanks = sandbox.client.post(f"/sandbox-till/{page}", data={"press": "twice"}).location
    assert sandbox.tasks() == [("paid_twice", 450_00)], "the desk knows at once"

    first, second = (letter.text for letter in sandbox.receipts())
    assert TWICE[language] in second
    assert TWICE[language] not in first
    for path in (thanks, f"/pay/{sandbox.quote}", f"/pay/{sandbox.quote}/receipt"):
        assert TWICE[language] in unescape(sandbox.client.get(path).text), path

    sandbox.client.post(f"/sandbox-till/{page}", data={"press": "refund"})
    sandbox.work()
    page = unescape(sandbox.client.get(f"/pay/{sandbox.quote}").text)
    assert TWICE[language] not in page, "it has come back"


def test_the_owner_sets_how_soon_money_goes_back(sandbox: Shop) -> None:
    with sandbox.database.transaction():
        policy.change("refund_days", "1", policy.Command("test"))
    sandbox.client.post(f"/sandbox-till/{sandbox.page()}", data={"press": "twice"})
    assert "within 1 business day." in sandbox.receipts()[1].text


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (475_00, "You have paid $25 more than is due. We'll send the $25 back to the card or account"),
        (400_00, "$400 of $450 is paid; $50 is still to pay."),
    ],
)
def test_too_much_and_too_little_are_said_on_the_page_and_in_the_receipt(
    shop: Shop, provider: FakeStripe, cents: int, words: str
) -> None:
    shop.deliver(provider.pay(shop.page(), cents=cents))
    (letter,) = shop.receipts()
    assert words in letter.text
    assert words in unescape(shop.client.get(f"/pay/{shop.quote}/thanks").text)
    portal = unescape(shop.client.get(f"/pay/{shop.quote}").text)
    assert words in portal
    assert ("Pay $50<" in portal) == (cents < 450_00), "the button asks for the rest only"
    for text in (letter.text, portal):
        assert ("We'll call you to agree on the day" in text) == (cents > 450_00)


def test_money_for_a_void_estimate_is_told_what_it_counts_for(shop: Shop, provider: FakeStripe) -> None:
    first, page = shop.quote, shop.page()
    second = shop.estimate(6)
    shop.deliver(provider.pay(page))
    thanks = shop.client.get(f"/pay/{first}/thanks").text
    assert f"Your payment of $450 for estimate {shop.reference}-1 has arrived." in thanks
    assert f"It counts for estimate {shop.reference}-2" in thanks
    assert "$450 of $500 is paid; $50 is still to pay." in thanks
    (letter,) = shop.receipts()
    assert "$450 of $500 is paid; $50 is still to pay." in letter.text
    assert f"Estimate: {shop.reference}-2" in letter.text
    assert "Pay $50<" in shop.client.get(f"/pay/{second}").text
    assert "What was paid" in shop.client.get(f"/pay/{first}").text


def test_money_that_is_left_over_pays_for_more_time(sandbox: Shop) -> None:
    sandbox.client.post(f"/sandbox-till/{sandbox.page()}", data={"press": "twice"})
    more = sandbox.estimate(kind=EstimateKind.MORE_TIME)
    portal = sandbox.client.get(f"/pay/{more}").text
    assert "What you&#39;ve paid already covers this estimate." in portal
    assert "/checkout" not in portal
    assert "is still to pay" not in sandbox.client.get(f"/pay/{sandbox.quote}").text


def test_money_for_a_withdrawn_estimate_comes_back(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    with shop.database.transaction() as session:
        session.scalars(select(Estimate)).one().state = EstimateState.WITHDRAWN
    shop.deliver(provider.pay(page))
    for path in ("", "/thanks"):
        assert "We&#39;ll send the $450 back" in shop.client.get(f"/pay/{shop.quote}{path}").text


def test_the_page_before_the_last_may_be_the_one_that_was_paid(shop: Shop, provider: FakeStripe) -> None:
    first = shop.page()
    with time_machine.travel(shop.checkouts()[0].created_at + timedelta(hours=23, minutes=50)):
        shop.page()
        shop.deliver(provider.pay(first))
        shop.work()
        assert "Your payment of $450" in shop.client.get(f"/pay/{shop.quote}/thanks").text


def test_pesos_are_answered_by_a_call(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    provider.sessions[page]["currency"] = "mxn"
    shop.deliver(provider.pay(page))
    assert "came in another currency" in shop.client.get(f"/pay/{shop.quote}/thanks").text


def test_a_bank_that_takes_its_time_is_not_asked_again(shop: Shop, provider: FakeStripe) -> None:
    shop.deliver(provider.pay(shop.page(), later=True))
    portal = shop.client.get(f"/pay/{shop.quote}").text
    assert "on its way from your bank" in portal
    assert "/checkout" not in portal


def test_refunds_are_lines_and_all_of_it_back_is_said(sandbox: Shop) -> None:
    page = sandbox.page()
    for press in ("pay", "part"):
        sandbox.client.post(f"/sandbox-till/{page}", data={"press": press})
        sandbox.work()
    portal, receipt = (sandbox.client.get(f"/pay/{sandbox.quote}{path}").text for path in ("", "/receipt"))
    for text in (portal, receipt):
        for words in ("Online, a test: no money moved", "Refund, <time", "-$25", "$425"):
            assert words in text
    assert "is still to pay" not in portal
    assert "Payment ID: pay_" in receipt
    assert "Rosa Diaz" in receipt
    assert f"{sandbox.reference}-1" in receipt

    sandbox.client.post(f"/sandbox-till/{page}", data={"press": "refund"})
    sandbox.work()
    assert "Your payment was sent back" in sandbox.client.get(f"/pay/{sandbox.quote}").text


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
    assert [letter.subject[:18] for letter in sandbox.receipts()] == ["Receipt: $450 paid"] * 2
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
        "No receipt for $450 was sent: we have no email address.",
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


def test_whoever_reads_the_page_in_their_language_pays_and_is_thanked_in_it(
    shop: Shop, provider: FakeStripe
) -> None:
    page = shop.client.get(f"/pay/{shop.quote}?lang=es").text
    assert f'action="/pay/{shop.quote}/checkout?lang=es"' in page
    till = shop.client.post(f"/pay/{shop.quote}/checkout?lang=es").location.rsplit("/", 1)[1]
    assert provider.created_with[-1]["locale"] == "es"
    assert provider.created_with[-1]["success_url"].endswith(f"/pay/{shop.quote}/thanks?lang=es")
    shop.deliver(provider.pay(till))

    thanks = shop.client.get(f"/pay/{shop.quote}/thanks?lang=es").text
    assert "Recibimos su pago de $450" in thanks
    assert f'href="/pay/{shop.quote}?lang=es"' in thanks, "the way back too"
    assert f'href="/pay/{shop.quote}/thanks?lang=en"' in thanks
    assert "Your payment of $450" in shop.client.get(f"/pay/{shop.quote}/thanks").text


def test_whoever_changes_the_language_gets_a_page_in_it_and_can_pay_on_one_alone(
    shop: Shop, provider: FakeStripe
) -> None:
    first = shop.page()
    shop.client.post(f"/pay/{shop.quote}/checkout?lang=es")
    shop.work()
    assert [one["locale"] for one in provider.created_with] == ["en", "es"]
    assert provider.sessions[first]["status"] == "expired"

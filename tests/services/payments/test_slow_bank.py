"""A bank that takes days: until the money has arrived nobody is asked for it again, and nothing is closed."""

from datetime import timedelta

import pytest
import time_machine

from ivr.backoffice import closing
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.follow_ups import causes
from ivr.core import clock
from tests.support.fake_stripe import FakeStripe
from tests.support.shop import Shop

pytestmark = pytest.mark.quick

WHOLE = [("charge", -450_00), ("payment", 450_00)]


def test_nobody_pays_again_in_another_tab_while_the_bank_is_slow(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page, later=True))

    again = shop.to_the_till()
    assert (again.status_code, again.location) == (303, f"/pay/{shop.quote}/thanks")
    assert "still processing" in shop.client.get(again.location).text
    assert len(provider.sessions) == len(shop.checkouts()) == 1
    shop.deliver(provider.money_arrives(page))
    assert shop.ledger() == WHOLE


def test_a_slow_bank_counts_before_the_page_that_was_opened_after_it(
    shop: Shop, provider: FakeStripe
) -> None:
    before = shop.page()
    shop.customer(contact_email="rosa.diaz@example.com")
    shop.page()  # of the corrected address; the one before is about to be closed
    shop.deliver(provider.pay(before, later=True))

    assert "on its way from your bank" in shop.client.get(f"/pay/{shop.quote}").text
    assert shop.to_the_till().location == f"/pay/{shop.quote}/thanks"


@pytest.mark.parametrize("ends", ["withdrawn", "expired", "superseded"])
def test_a_link_that_is_good_no_longer_still_says_that_the_money_is_on_its_way(
    shop: Shop, provider: FakeStripe, ends: str
) -> None:
    first = shop.quote
    shop.deliver(provider.pay(shop.page(), later=True))
    if ends == "withdrawn":
        shop.withdraw()
    elif ends == "superseded":
        shop.estimate(units=6)

    with time_machine.travel(clock.now() + timedelta(days=15 if ends == "expired" else 0)):
        page = shop.client.get(f"/pay/{first}").text
    assert f'data-standing="{ends}"' in page
    assert "on its way from your bank" in page
    assert "has expired" not in page, "they paid in time"


def test_nothing_is_closed_while_the_money_is_on_its_way(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page, later=True))

    with shop.database.transaction(), pytest.raises(closing.OnItsWayError):
        closing.close(shop.intake_id, "Went elsewhere", by=shop.olive)
    shop.deliver(provider.bank_refuses(page))
    assert shop.tasks() == [("payment_failed", 450_00)]


def test_a_new_version_is_not_paid_while_the_bank_is_slow_with_the_one_before(
    shop: Shop, provider: FakeStripe
) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page, later=True))
    second = shop.estimate(units=6)

    shown = shop.client.get(f"/pay/{second}").text
    assert f"Your payment of $450 for estimate {shop.reference}-1 is on its way from your bank" in shown
    assert "Once it has arrived, you can pay the $50 that is left here" in shown
    assert "/checkout" not in shown
    again = shop.to_the_till(second)  # from a page that stood open
    assert (again.status_code, again.location) == (303, f"/pay/{second}/thanks")
    assert "still processing" in shop.client.get(again.location).text
    assert len(provider.sessions) == 1

    shop.deliver(provider.money_arrives(page))
    shown = shop.client.get(f"/pay/{second}").text
    assert "$450 of $500 is paid; $50 is still to pay." in shown
    assert "Pay $50" in shown
    shop.deliver(provider.pay(shop.page(second)))
    assert shop.balance() == 0
    assert shop.tasks() == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_version_that_costs_no_more_asks_for_nothing(
    shop: Shop, provider: FakeStripe, language: str
) -> None:
    shop.customer(language=language)
    shop.deliver(provider.pay(shop.page(), later=True))
    shown = shop.client.get(f"/pay/{shop.estimate(units=4)}").text
    assert {"en": "You don&#39;t need to do anything", "es": "No tiene que hacer nada"}[language] in shown
    assert {"en": "that is left here", "es": "que faltan"}[language] not in shown


def test_a_bank_that_refuses_makes_the_new_version_payable_in_full(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page, later=True))
    second = shop.estimate(units=6)
    shop.deliver(provider.bank_refuses(page))

    assert "Pay $500" in shop.client.get(f"/pay/{second}").text
    shop.deliver(provider.pay(shop.page(second)))
    assert shop.balance() == 0


def test_a_withdrawn_estimate_s_transfer_counts_for_the_next_one_too(
    shop: Shop, provider: FakeStripe
) -> None:
    shop.deliver(provider.pay(shop.page(), later=True))
    shop.withdraw()
    assert shop.to_the_till(shop.estimate(units=6)).location.endswith("/thanks")


def test_more_time_is_paid_by_itself(shop: Shop, provider: FakeStripe) -> None:
    shop.deliver(provider.pay(shop.page(), later=True))
    more = shop.estimate(kind=EstimateKind.MORE_TIME)
    assert "Pay $150" in shop.client.get(f"/pay/{more}").text


def test_a_page_of_the_new_version_that_is_open_is_closed_when_the_bank_is_told_to_pay_the_old(
    shop: Shop, provider: FakeStripe
) -> None:
    first = shop.page()
    second = shop.page(shop.estimate(units=6))
    # At Stripe the customer was through with the first page before we closed it.
    shop.deliver(provider.pay(first, later=True))
    shop.work()
    assert provider.sessions[second]["status"] == "expired"


def test_nobody_is_reminded_of_the_new_version_while_the_bank_is_slow(
    shop: Shop, provider: FakeStripe
) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page, later=True))
    shop.estimate(units=6)
    with shop.database.reading():
        newest = estimates_queries.versions(shop.intake_id)[0]
        assert causes.is_settled(newest)
    shop.deliver(provider.bank_refuses(page))
    with shop.database.reading():
        assert not causes.is_settled(newest)

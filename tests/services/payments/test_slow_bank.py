"""A bank that takes days: until the money has arrived nobody is asked for it again, and nothing is closed."""

from datetime import timedelta

import pytest
import time_machine

from ivr.backoffice import closing
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

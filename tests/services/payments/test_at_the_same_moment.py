"""Two at the same moment, on both databases: one entry, one page."""

from sqlalchemy import select

from ivr.backoffice.payments.models import PaymentEvent
from ivr.company.mail.models import Mail
from tests.services.payments.moments import at_once, posted
from tests.support.fake_stripe import FakeStripe
from tests.support.shop import Shop

TIMES = 6


def test_one_event_told_six_times_is_one_entry(shop: Shop, provider: FakeStripe) -> None:
    delivery = provider.pay(shop.page())
    assert at_once(*[posted(shop, delivery)] * TIMES) == [204] * TIMES
    assert shop.ledger() == [("charge", -450_00), ("payment", 450_00)]
    assert shop.count(PaymentEvent) == 1


def test_everything_told_at_once_is_the_same_sum(shop: Shop, provider: FakeStripe) -> None:
    page = shop.page()
    told = [
        provider.pay(page, later=True),
        provider.money_arrives(page),
        provider.money_arrives(page),
        provider.dispute(page, "needs_response"),
        provider.dispute(page, "lost", kind="closed"),
    ]
    assert at_once(*(posted(shop, one) for one in told)) == [204] * len(told)
    shop.match_late()
    assert shop.ledger() == [("charge", -450_00), ("dispute", -450_00), ("payment", 450_00)]
    assert shop.tasks() == [("dispute_lost", 0), ("taken_back", 450_00)]
    assert shop.quote_state() == "paid"


def test_many_clicks_are_one_page(shop: Shop, provider: FakeStripe) -> None:
    def click() -> int:
        return shop.app.test_client().post(f"/pay/{shop.quote}/checkout").status_code

    assert at_once(*[click] * TIMES) == [303] * TIMES
    assert len(shop.checkouts()) == len(provider.sessions) == 1


def test_two_payments_at_once_see_each_other(shop: Shop, provider: FakeStripe) -> None:
    first = provider.pay(shop.page())
    provider.sessions["cs_other"] = {**next(iter(provider.sessions.values())), "id": "cs_other"}
    second = provider.pay("cs_other")
    assert at_once(posted(shop, first), posted(shop, second)) == [204, 204]
    assert shop.tasks() == [("paid_twice", 450_00)]


def test_the_link_that_is_asked_for_by_many_clicks_is_mailed_once(shop: Shop) -> None:
    first = shop.quote
    shop.estimate(6)

    def click() -> int:
        return shop.app.test_client().post(f"/pay/{first}/again").status_code

    assert sorted(at_once(*[click] * TIMES)) == [303] + [429] * (TIMES - 1)
    with shop.database.reading() as session:
        assert len(session.scalars(select(Mail).where(Mail.kind == "link")).all()) == 1

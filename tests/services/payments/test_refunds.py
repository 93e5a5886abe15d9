"""Refunds that the owner asks for: made once, entered by what the provider tells, refused where nothing is left."""

import pytest
from sqlalchemy import select

from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments import refunds
from ivr.backoffice.payments.models import RefundOrder
from ivr.backoffice.payments.refunds import NoReasonError, NoSuchPaymentError, TooMuchError
from ivr.backoffice.payments.rules import RefundState
from ivr.core.errors import Refusal
from ivr.services import services
from tests.support.fake_stripe import FakeStripe
from tests.support.shop import TOTAL, Shop


def payment(shop: Shop) -> int:
    """The id of the only payment."""
    with shop.database.reading():
        found = [one.id for one in payments_queries.account(shop.intake_id).entries if one.kind == "payment"]
    return int(found[0])


def ask(shop: Shop, cents: int, reason: str = "An hour less", provider: str = "stripe") -> int:
    entry = payment(shop)
    with shop.database.transaction():
        return refunds.ask(shop.intake_id, entry, cents, reason, provider=provider, by=shop.olive).id


def states(shop: Shop) -> list[str]:
    with shop.database.reading() as session:
        return list(session.scalars(select(RefundOrder.state).order_by(RefundOrder.id)))


def left(shop: Shop) -> int:
    with shop.database.reading():
        entries, orders = payments_queries.account(shop.intake_id).entries, refunds.of_intake(shop.intake_id)
        return refunds.refundable(entries, orders)[0].left_cents


def pay(shop: Shop, provider: FakeStripe) -> str:
    page = shop.page()
    shop.deliver(provider.pay(page))
    shop.work()
    return page


def test_a_part_goes_back_once_and_is_in_the_ledger_without_an_event(
    shop: Shop, provider: FakeStripe
) -> None:
    pay(shop, provider)
    ask(shop, 25_00)
    assert left(shop) == TOTAL - 25_00, "what is on its way is not left"
    shop.work()

    assert [one["amount"] for one in provider.refunds] == [25_00]
    assert states(shop) == ["sent"]
    assert ("refund", -25_00) in shop.ledger()
    assert left(shop) == TOTAL - 25_00
    assert shop.tasks() == [], "it was intended"
    assert {"refund_asked", "ledger_refund"} <= set(shop.timeline())


@pytest.mark.parametrize("forgets", [False, True])
def test_an_answer_that_is_lost_refunds_once(shop: Shop, provider: FakeStripe, forgets: bool) -> None:  # noqa: FBT001  # a case
    pay(shop, provider)
    provider.trouble = ["lost"]
    order_id = ask(shop, TOTAL)
    shop.work()
    with shop.database.transaction() as session:  # as if the worker had died before it noted the answer
        order = session.get_one(RefundOrder, order_id)
        order.state, order.refund_id = RefundState.ASKED, None
        key, pay_id = order.key, order.payment
    if forgets:
        provider._kept.clear()
    stripe = services(shop.app).payments
    assert stripe is not None
    assert stripe.refund(pay_id, TOTAL, key=key).id == provider.refunds[0]["id"]

    assert len(provider.refunds) == 1
    assert left(shop) == 0


def test_no_more_goes_back_than_was_paid(shop: Shop, provider: FakeStripe) -> None:
    page = pay(shop, provider)
    shop.deliver(provider.refund(page, 100_00))
    shop.work()
    ask(shop, 300_00)
    wrong: list[tuple[int, str, str, type[Refusal]]] = [
        (50_01, "Too far", "stripe", TooMuchError),
        (0, "Nothing", "stripe", TooMuchError),
        (25_00, "  ", "stripe", NoReasonError),
        (25_00, "Gone", "sandbox", NoSuchPaymentError),
    ]
    for cents, reason, name, refusal in wrong:
        with pytest.raises(refusal):
            ask(shop, cents, reason, name)
    ask(shop, 50_00)
    shop.work()

    assert left(shop) == 0
    assert sum(one["amount"] for one in provider.refunds) == TOTAL
    assert dict(shop.tasks())["refunded"] == 100_00, "what was refunded in the dashboard is still told"


def test_what_the_provider_refuses_is_said(shop: Shop, provider: FakeStripe) -> None:
    page = pay(shop, provider)
    ask(shop, TOTAL)
    provider.refund(page, 25_00)  # in the dashboard, in the same moment
    shop.work()

    assert states(shop) == ["refused"]
    assert "refund_refused" in shop.timeline()


def test_a_provider_that_is_away_is_asked_again(shop: Shop, provider: FakeStripe) -> None:
    pay(shop, provider)
    provider.trouble = ["503"] * 3
    ask(shop, 25_00)
    shop.work()
    assert states(shop) == ["asked"]

    shop.match_late()
    assert states(shop) == ["sent"]
    assert len(provider.refunds) == 1


def test_the_sandbox_refunds_too(sandbox: Shop) -> None:
    page = sandbox.page()
    sandbox.client.post(f"/sandbox-till/{page}", data={"press": "pay"})
    sandbox.work()
    ask(sandbox, 25_00, provider="sandbox")
    sandbox.work()
    sandbox.work()

    assert states(sandbox) == ["sent"]
    assert ("refund", -25_00) in sandbox.ledger()
    assert sandbox.tasks() == []


def test_a_customer_who_paid_in_two_parts_is_not_asked_for_what_we_gave_back(
    shop: Shop, provider: FakeStripe
) -> None:
    page = shop.page()
    shop.deliver(provider.pay(page, later=True))
    second = shop.estimate(units=6)
    shop.deliver(provider.money_arrives(page))
    shop.deliver(provider.pay(shop.page(second)))
    ask(shop, 25_00)
    shop.work()

    assert ("refund", -25_00) in shop.ledger()
    assert "still to pay" not in shop.client.get(f"/pay/{second}").text
    assert shop.tasks() == []

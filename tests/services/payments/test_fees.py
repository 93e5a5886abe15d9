"""What the provider keeps of a payment: asked for after it, until it is told; the balance never hears of it."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from ivr.backoffice.payments import fees
from ivr.backoffice.payments.models import LedgerEntry
from ivr.core import clock
from ivr.platform.providers.checkout import Account
from ivr.platform.providers.stripe import StripeProvider
from tests.support.fake_stripe import FakeStripe
from tests.support.shop import TOTAL, Shop

#: 2.9 % of $450, and 30 cents.
FEE = 13_35


def kept(shop: Shop) -> list[int | None]:
    """Of the payments, in their order."""
    wanted = select(LedgerEntry.fee_cents).where(LedgerEntry.kind == "payment").order_by(LedgerEntry.id)
    with shop.database.reading() as session:
        return list(session.scalars(wanted))


def pay(shop: Shop, provider: FakeStripe, token: str | None = None) -> str:
    """The customer pays what is asked; the payment's name."""
    page = shop.page(token)
    shop.deliver(provider.pay(page))
    shop.work()
    return str(provider.sessions[page]["payment_intent"])


def later(shop: Shop, **passed: float) -> None:
    """The worker does what is due then."""
    with time_machine.travel(clock.now() + timedelta(**passed)):
        shop.work()


def test_the_fee_is_asked_for_after_the_payment_and_again_until_it_is_booked(
    shop: Shop, provider: FakeStripe
) -> None:
    payment = pay(shop, provider)
    assert kept(shop) == [None], "nobody is asked in the webhook's transaction, nor at once"
    later(shop, seconds=20)
    assert kept(shop) == [None], "it is not booked yet"

    provider.fees[payment] = FEE
    later(shop, minutes=1)
    assert kept(shop) == [FEE]
    assert shop.balance() == 0, "it is no part of what the customer owes"
    asked = provider.requests
    later(shop, days=2)
    assert provider.requests == asked, "nobody asks for what is known"


def test_a_key_without_the_right_asks_for_a_week_and_no_longer(shop: Shop, provider: FakeStripe) -> None:
    provider.hides_balance = True
    pay(shop, provider)
    asked = []
    for hours in (1, 1.5, 2.1, 4, 5, 24, 47, 96, 200, 1000):
        before = provider.requests
        later(shop, hours=hours)
        asked.append(provider.requests - before)

    assert asked == [1, 0, 1, 0, 1, 1, 0, 1, 1, 0], "each pause is as long as the payment is old"
    assert kept(shop) == [None]


def test_payments_of_the_time_before_get_theirs_with_the_next(shop: Shop, provider: FakeStripe) -> None:
    provider.hides_balance = True
    old = [pay(shop, provider)]
    old.append(pay(shop, provider, shop.estimate(units=6)))
    with time_machine.travel(clock.now() + timedelta(days=30)):
        shop.work()  # the last question about them
        provider.hides_balance = False
        provider.fees |= dict.fromkeys(old, FEE)
        provider.fees[pay(shop, provider, shop.estimate(units=8))] = 5_00
        for minutes in (1, 2, 3):
            later(shop, minutes=minutes)

    assert kept(shop) == [FEE, FEE, 5_00]


def test_a_fee_is_entered_once(shop: Shop, provider: FakeStripe) -> None:
    payment = pay(shop, provider)
    (checkout,) = shop.checkouts()
    for cents in (FEE, None, 99_00):  # a worker that was thought dead, and another
        with shop.database.transaction():
            fees.note(checkout, payment, cents)

    assert kept(shop) == [FEE]


def test_stripe_says_what_it_kept_or_nothing(
    shop: Shop, provider: FakeStripe, payments: StripeProvider
) -> None:
    payment = pay(shop, provider)
    assert payments.fee(payment) is None, "not booked yet"
    provider.fees[payment] = FEE
    assert payments.fee(payment) == FEE
    provider.settles_in = "cad"
    assert payments.fee(payment) is None, "no dollars of ours"
    provider.settles_in, provider.fees[payment] = "usd", 0
    assert payments.fee(payment) is None, "an account that is billed by the month is told 0"


def test_a_key_that_may_not_read_fees_is_found(payments: StripeProvider, provider: FakeStripe) -> None:
    provider.hides_balance = True
    assert payments.account() == Account(tells_fees=False)


def test_the_sandbox_keeps_what_stripe_lists(sandbox: Shop) -> None:
    sandbox.client.post(f"/sandbox-till/{sandbox.page()}", data={"press": "pay"})
    sandbox.work()
    later(sandbox, minutes=1)
    assert (TOTAL, kept(sandbox)) == (450_00, [FEE])

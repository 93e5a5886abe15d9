"""A payment provider and what stands behind it."""

from collections.abc import Iterator

import pytest
from werkzeug.wrappers import Request

from ivr.platform.providers.checkout import Line, Order
from ivr.platform.providers.stripe import StripeProvider
from tests.support.fake_stripe import KEY, SECRET, FakeStripe
from tests.support.serving import Doorstep, at_one_address
from tests.support.shop import Shop


@pytest.fixture(scope="session")
def stripe() -> Iterator[Doorstep]:
    """Where Stripe is, on loopback: the same address for all tests, so that their application can be kept."""
    with at_one_address() as doorstep:
        yield doorstep


@pytest.fixture
def provider(stripe: Doorstep) -> FakeStripe:
    """Stripe, as new."""
    fake = FakeStripe(stripe.address)
    stripe.app = Request.application(fake.answer)
    return fake


@pytest.fixture
def payments(provider: FakeStripe) -> StripeProvider:
    return StripeProvider(KEY, SECRET, provider.url)


@pytest.fixture
def order() -> Order:
    """$450: the base and four increments."""
    return Order(
        key="k-1",
        intake_reference="K7M3QX",
        quote_id=3,
        lines=[Line("The visit", 350_00, 1), Line("Increments", 25_00, 4)],
        email="rosa@example.com",
        language="es",
        paid_url="https://line.test/pay/t/thanks",
        back_url="https://line.test/pay/t",
    )


@pytest.fixture
def shop(database_url: str, provider: FakeStripe) -> Iterator[Shop]:
    """An estimate over $450 was sent; Stripe is the provider."""
    shop = Shop(database_url, provider)
    yield shop
    shop.close()


@pytest.fixture
def sandbox(database_url: str) -> Iterator[Shop]:
    """The same, with no key of Stripe's."""
    shop = Shop(database_url, None)
    yield shop
    shop.close()

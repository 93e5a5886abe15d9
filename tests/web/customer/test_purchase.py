"""A whole purchase in a real browser, and what the desk sees of it: narrow and wide, light and dark, for everybody."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, Final, Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.wrappers import Request, Response

from ivr.company.staff import roster
from tests.support.browser import violations, without_browser
from tests.support.console import PASSWORD
from tests.support.fake_stripe import FakeStripe
from tests.support.serving import served
from tests.support.shop import Shop

pytestmark = without_browser

Window = Callable[..., Page]
#: CSS pixels that nobody overlooks.
LARGE: Final = 30


@pytest.fixture
def database_url(sqlite_alone: str) -> str:
    return sqlite_alone


@pytest.fixture
def open_shop(database_url: str) -> Iterator[Shop]:
    """The shop with the sandbox as its till, where a browser finds it: the till's pages lead back to PUBLIC_URL."""
    apps: list[Flask] = []
    with (
        served(lambda *asked: apps[0](*asked)) as address,  # noqa: PLW0108  # there is none yet
        closing(Shop(database_url, None, PUBLIC_URL=address)) as shop,
    ):
        apps.append(shop.app)
        with shop.database.transaction():
            roster.add("Omar", "operator", "+14155550122", "omar@example.com", ["en"], PASSWORD)
        yield shop


@pytest.fixture
def window(open_shop: Shop, browser: Browser) -> Iterator[Window]:
    """A page in a window of its own. What the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def window(**look: Any) -> Page:
        context = browser.new_context(base_url=open_shop.settings.public_url, **look)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield window
    for context in contexts:
        context.close()
    assert [one for one in complaints if "the server responded with a status of 402" not in one] == []


def test_the_browser_lets_the_customer_go_to_the_till_and_back(open_shop: Shop, window: Window) -> None:
    page = window()
    page.goto(f"/pay/{open_shop.quote}")
    page.get_by_role("button", name="Pay $450").click()
    test = page.get_by_text("THIS IS A TEST")
    expect(test).to_be_visible()
    page.wait_for_load_state()  # with its stylesheets
    assert test.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= LARGE
    page.get_by_role("button", name="Simulate: card declined").click()
    expect(page.get_by_role("alert")).to_contain_text("The card was declined.")
    page.get_by_role("button", name="Pay $450").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("A receipt is on its way to you by email.")).to_be_visible()
    page.get_by_role("link", name="Back to the estimate").click()
    expect(page.get_by_role("heading", name="Paid. Thank you.")).to_be_visible()
    assert len(open_shop.receipts()) == 1


@pytest.fixture
def own_till(database_url: str) -> Iterator[Shop]:
    """The shop with Stripe, whose pages for this account are at a domain of the account's own."""
    apps: list[Flask] = []
    till = Response("<h1>Pay here</h1>", content_type="text/html")
    stripe = FakeStripe()
    with (
        served(lambda *asked: apps[0](*asked)) as address,  # noqa: PLW0108  # there is none yet
        served(Request.application(lambda _: till)) as stripe.domain,
        served(Request.application(stripe.answer)) as stripe.url,
        closing(Shop(database_url, stripe, PUBLIC_URL=address)) as shop,
    ):
        apps.append(shop.app)
        yield shop


@pytest.mark.parametrize("scripts", [True, False])
def test_the_browser_lets_the_customer_go_to_a_domain_of_our_own(
    own_till: Shop, browser: Browser, *, scripts: bool
) -> None:
    context = browser.new_context(base_url=own_till.settings.public_url, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"/pay/{own_till.quote}")
    page.get_by_role("button", name="Pay $450").dblclick()
    expect(page.get_by_role("heading", name="Pay here")).to_be_visible()
    assert own_till.provider is not None
    assert len(own_till.provider.sessions) == 1
    page.goto(f"/pay/{own_till.quote}/checkout")  # from the history, or a bookmark
    expect(page.get_by_role("button", name="Pay $450")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), pytest.param(1440, "light", marks=pytest.mark.whole)]
)
def test_paying_and_the_desks_money_keep_nobody_out(
    open_shop: Shop, window: Window, width: int, scheme: Literal["dark", "light"]
) -> None:
    shop = open_shop
    page = window(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)

    def is_for_everybody(name: str) -> None:
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    page.goto(f"/pay/{shop.quote}")
    is_for_everybody("the estimate")
    page.goto(f"/pay/{shop.quote}/thanks")
    is_for_everybody("nothing paid yet")
    page.goto(f"/sandbox-till/{shop.page()}")
    is_for_everybody("the till")
    page.get_by_role("button", name="Simulate: card declined").click()
    expect(page.get_by_role("alert")).to_contain_text("The card was declined.")
    is_for_everybody("declined")
    page.get_by_role("button", name="Pay twice").click()
    expect(page.get_by_role("heading", name="We'll send money back")).to_be_visible()
    is_for_everybody("thanks")
    shop.work()
    page.get_by_role("link", name="Open your receipt to print it").click()
    expect(page.get_by_role("link", name="Back to your page")).to_be_visible()
    is_for_everybody("the receipt")
    page.get_by_role("link", name="Back to your page").click()
    expect(page.get_by_text("You have paid $450 twice.")).to_be_visible()
    is_for_everybody("the estimate, paid twice")

    page.goto("/login?next=/money")
    page.get_by_label("Email").fill("omar@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name=shop.reference)).to_be_visible()
    is_for_everybody("payment issues")
    page.get_by_role("link", name=shop.reference).click()
    expect(page.get_by_role("heading", name="Money")).to_be_visible()
    is_for_everybody("the intake's ledger")
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_text("Marked as done.")).to_be_visible()
    page.goto("/money")
    expect(page.get_by_text("None. Payments that are too high")).to_be_visible()
    is_for_everybody("no payment issues")

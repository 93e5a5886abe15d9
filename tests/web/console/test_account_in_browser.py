"""One's own account in a real browser: a passkey with the browser's own device, one-time codes without any script."""

import pyotp
from playwright.sync_api import Page, expect

from ivr.company.staff.second_factor import recovery_codes
from ivr.company.staff.second_factor.models import OneTimeCodes
from ivr.core import clock
from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console import OMAR, PASSWORD
from tests.support.console_pages import Visit

pytestmark = without_browser

SETUP = "/account/second-factor"


def has_a_device(page: Page) -> None:
    """The browser has a device that knows its owner's finger."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def first_step(page: Page) -> None:
    page.get_by_label("Email").fill("operator@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def logs_out(page: Page) -> None:
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_passkey_is_added_and_logs_in_with_and_without_the_password(visit: Visit, address: str) -> None:
    page = visit("/login", role=None)
    has_a_device(page)
    page.goto(address.replace("127.0.0.1", "localhost") + f"/login?next={SETUP}")
    first_step(page)
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("My laptop")).to_be_visible()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert page.locator(".codes li").count() == 10
    logs_out(page)
    first_step(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    logs_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Board")).to_be_visible()


def test_one_time_codes_are_set_up_and_keep_nobody_out(visit: Visit) -> None:
    page = visit(SETUP, width=360, color_scheme="dark", bypass_csp=True)
    expect(page.get_by_text("Browsers make passkeys only for an address")).to_be_visible()
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Switch codes on").click()
    expect(page.get_by_text("That is not the code")).to_be_visible()
    is_for_everybody(page)
    app = pyotp.TOTP(page.locator("code").inner_text().replace(" ", ""))
    page.get_by_label("Code from the app").fill(app.now())
    page.get_by_role("button", name="Switch codes on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    is_for_everybody(page)
    for path in ("/account/password", "/account/log-ins"):
        page.goto(path)
        is_for_everybody(page)
    logs_out(page)
    first_step(page)
    page.get_by_label("Code from your app").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("That code is not right")
    is_for_everybody(page)
    page.goto("/login/forgot")
    is_for_everybody(page)


def test_the_second_step_needs_no_script(visit: Visit, database: Database) -> None:
    with database.transaction() as session:
        session.add(OneTimeCodes(staff_id=OMAR, secret="x", last_step=0, created_at=clock.now()))
        [code, *_] = recovery_codes.make(OMAR)
    page = visit("/login/forgot", role=None, java_script_enabled=False)
    page.get_by_label("Email").fill("operator@example.com")
    page.get_by_role("button", name="Email me a link").click()
    expect(page.get_by_role("status")).to_contain_text("we've sent an email")
    first_step(page)
    page.get_by_label("Code from your app").fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Log out", exact=True)).to_be_visible()


def is_for_everybody(page: Page) -> None:
    """On a telephone and on a desk."""
    assert violations(page) == [], page.url
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_the_address_of_the_calendar_is_copied(visit: Visit) -> None:
    page = visit("/account/calendar", width=360, bypass_csp=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert violations(page) == []
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "/calendar/" in page.evaluate("navigator.clipboard.readText()")

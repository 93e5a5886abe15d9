"""The console in a real browser: usable by everybody, narrow and wide, light and dark, without a script."""

import pytest
from playwright.sync_api import expect

from flows import SCRIPT
from ivr.company.prompts import script
from tests.support.browser import keeps_out, violations, without_browser
from tests.support.console_pages import Visit

pytestmark = without_browser


@pytest.mark.usefixtures("few")
def test_nobody_is_kept_out(visit: Visit, address: str, one_whole: str) -> None:
    assert keeps_out(visit("/login", role=None, bypass_csp=True)) == []
    page = visit("/intakes", bypass_csp=True)
    for path in (
        "/intakes",
        "/intakes?state=paid",
        f"/intakes/{one_whole}",
        "/intakes/R1",
        "/search?q=rosa",
        "/search",
        "/nowhere",
    ):
        page.goto(path)
        assert keeps_out(page) == [], path
    page.goto(f"/intakes/{one_whole}")
    page.get_by_label("Email").fill("rosa")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("That isn't an email address.")).to_be_visible()
    expect(page.get_by_label("Email")).to_be_focused()
    assert keeps_out(page) == [], "with an error"
    assert page.url.startswith(address)
    assert keeps_out(visit(f"/intakes/{one_whole}", role="technician", bypass_csp=True)) == []


OWNERS = (
    *(
        f"/settings/{tab}"
        for tab in ("hours", "staff", "calls", "prices", "company", "prompts", "alarms", "changes", "health")
    ),
    "/settings/staff/3",
    f"/settings/prompts/{next(iter(script.by_key(SCRIPT)))}",
    "/alarms",
    "/account/log-ins",
    "/reports",
    "/reports?from=2026-01-01&to=2026-12-31",
    "/reports/calls",
    "/reports/costs",
)


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), pytest.param(1440, "light", marks=pytest.mark.whole)]
)
def test_the_owners_pages_keep_nobody_out(visit: Visit, width: int, scheme: str) -> None:
    page = visit("/settings/prices", role="owner", width=width, color_scheme=scheme, bypass_csp=True)
    page.get_by_label("Onsite support fee").fill("a lot")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert violations(page) == [], "with an error"
    page.get_by_label("Onsite support fee").fill("375")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Saved: Onsite support fee.")
    for path in OWNERS:
        page.goto(path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_axe_would_find_something(visit: Visit) -> None:
    page = visit("/login", role=None, bypass_csp=True)
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert [one.partition(":")[0] for one in violations(page)] == ["label"]


def test_an_empty_console_keeps_nobody_out(visit: Visit) -> None:
    page = visit("/intakes", bypass_csp=True)
    expect(page.get_by_role("heading", name="Nobody has called yet")).to_be_visible()
    assert violations(page) == []


@pytest.mark.usefixtures("few")
def test_no_page_is_wider_than_the_window(visit: Visit, one_whole: str) -> None:
    page = visit("/intakes")
    for path in ("/intakes", f"/intakes/{one_whole}", "/search?q=rosa", "/nowhere"):
        page.goto(path)
        for width in (320, 360, 768, 1280, 3840):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_an_operator_fills_in_the_record_without_any_script(visit: Visit, one_whole: str) -> None:
    page = visit("/intakes", java_script_enabled=False)
    page.get_by_role("link", name="Rosa Díaz").click()
    page.get_by_label("Email").fill("rosa at example.com")
    page.get_by_label("Site address").fill("1 Main St\nOakland")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("That isn't an email address.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("rosa at example.com")
    expect(page.get_by_label("Site address")).to_have_value("1 Main St\nOakland")
    page.get_by_label("Email").fill("rosa@example.com")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(page.get_by_text("4 of 6 filled.")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_title("Log in · Onsite support line")


def test_the_keyboard_reaches_the_page_past_the_bar(visit: Visit, one_whole: str) -> None:
    page = visit(f"/intakes/{one_whole}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Back to the list")).to_be_focused()


def test_on_paper_the_record_has_no_form_and_no_bar(visit: Visit, one_whole: str) -> None:
    page = visit(f"/intakes/{one_whole}")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    page.emulate_media(media="print")
    for name in ("Save", "Log out"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.get_by_role("definition").filter(has_text="Rosa Díaz")).to_be_visible()
    expect(page.get_by_text("Sam Lee did not answer.")).to_be_visible()


def test_nothing_is_fetched_from_elsewhere(visit: Visit, address: str, one_whole: str) -> None:
    page = visit("/intakes")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for path in ("/intakes", f"/intakes/{one_whole}"):
        page.goto(path)
    assert len(fetched) >= 4
    assert [url for url in fetched if not url.startswith((address, "data:"))] == []

"""A technician keeps their page on the home screen of a phone: what the phone is given, and what it does offline."""

import re
import struct

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console import send
from tests.support.console_pages import Visit
from tests.support.taken_calls import takes

STORED = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) found.push(await (await cache.match(request)).text());
    }
    return found;
}"""
WATCHED = """() => {
    window.vibrated = [];
    window.awake = [];
    navigator.vibrate = (pattern) => vibrated.push(pattern);
    navigator.wakeLock.request = async (what) => {
        awake.push(what);
        return { release: () => awake.pop(), addEventListener: () => {} };
    };
}"""
#: At once: it is what a page does when it is seen again.
LOOK = "() => void document.dispatchEvent(new Event('visibilitychange'))"
TYPED = "localStorage.getItem('line.typed')"


def test_a_phone_installs_the_page_under_the_company_s_name(app: Flask, database: Database) -> None:
    with database.reading():
        name = policy.current().company_name
    stranger = app.test_client()
    answer = stranger.get("/t/manifest.webmanifest")
    manifest = answer.json or {}
    assert answer.mimetype == "application/manifest+json"
    assert manifest["name"] == name
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/t", "/t", "standalone")
    sizes = set()
    for icon in manifest["icons"]:
        picture = stranger.get(icon["src"])
        assert picture.mimetype == icon["type"]
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", picture.data[16:24])
            assert icon["sizes"] == f"{width}x{height}"
            sizes.add((icon["sizes"], icon["purpose"]))
    assert sizes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    known = {"If-None-Match": answer.headers["ETag"]}
    assert stranger.get("/t/manifest.webmanifest", headers=known).status_code == 304


def test_the_worker_serves_the_page_and_is_asked_for_anew(tara: FlaskClient) -> None:
    worker = tara.get("/t/worker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Service-Worker-Allowed"] == "/t"
    assert worker.cache_control.no_cache
    page = tara.get("/t").text
    assert 'rel="manifest" href="/t/manifest.webmanifest"' in page
    assert re.search(r'src="/scripts/install-[0-9a-f]{12}\.js"', page)


def test_the_page_that_a_phone_keeps_is_the_same_for_everybody(app: Flask, tara: FlaskClient) -> None:
    """It is kept with what it says: it must not say what an act before had to say."""
    send(tara, "/t/pin", seen_on="/t", pin="481516")
    kept = tara.get("/t/offline")
    assert kept.text == app.test_client().get("/t/offline").text
    assert "Set-Cookie" not in kept.headers
    assert "You have a new PIN." in tara.get("/t").text


def under_the_worker(page: Page) -> None:
    """It has come, and has kept what it keeps."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.keys().then((names) => names.length === 1)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller")


@without_browser
@pytest.mark.usefixtures("offered")
def test_without_a_connection_what_is_typed_waits_on_the_phone(
    visit: Visit, database: Database, path: str
) -> None:
    page = visit(path, role=None, width=360, bypass_csp=True)
    under_the_worker(page)
    page.context.set_offline(True)
    page.get_by_label("Technician's notes").fill("Bring a ladder")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert").filter(has_text="You're offline.")).to_be_visible()
    page.goto("/t", wait_until="load")
    expect(page.get_by_role("heading", name="You're offline")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    assert "Bring a ladder" in page.evaluate(TYPED)
    page.context.set_offline(False)
    expect(page.get_by_label("Technician's notes")).to_have_value("Bring a ladder")
    page.wait_for_function(f"{TYPED} === null")
    with database.reading() as session:
        assert session.get_one(Intake, 1).notes == "Bring a ladder"
    stored = page.evaluate(STORED)
    assert len(stored) == 4
    assert [one for one in stored if any(words in one for words in ("Tara", "Bring a ladder", "R1<"))] == []
    page.get_by_label("Email").press_sequentially("rosa at")
    assert "rosa at" in page.evaluate(TYPED)
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Log out on this phone").click()
    expect(page.get_by_role("heading", name="You're logged out")).to_be_visible()
    assert page.evaluate(TYPED) is None
    assert violations(page) == []
    page.get_by_label("paste it here").fill("https://line.example.com/intakes")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("That isn't the link"))
    page.get_by_label("paste it here").fill(f"https://line.example.com{path}")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="With you now: R1")).to_be_visible()


@without_browser
@pytest.mark.usefixtures("offered")
def test_a_phone_that_was_asked_to_rings_until_the_call_is_taken(
    visit: Visit, database: Database, path: str
) -> None:
    page = visit(path, role=None, width=360, bypass_csp=True)
    page.evaluate(WATCHED)
    page.get_by_role("button", name="Ring on this phone").click()
    expect(page.get_by_text("On, while this page is on the screen.")).to_be_visible()
    page.wait_for_function("awake.length === 1")  # R1 is with her
    takes(database, 1, rings=True)
    page.evaluate(LOOK)
    page.wait_for_function("vibrated.some((one) => one.length === 3)")
    assert out_of_reach(page) == []
    takes(database, 1)
    page.evaluate(LOOK)
    page.wait_for_function("vibrated.at(-1) === 0")
    page.reload()
    expect(page.get_by_role("button", name="Ring on this phone")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Tap anywhere on this page once")).to_be_visible()


def out_of_reach(page: Page) -> list[str]:
    """What is too small for a thumb, or out of its reach: the parts of the page stay at the bottom."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.thumb a')].filter((one) => {"
        " const { top, bottom, height } = one.getBoundingClientRect();"
        " return height < 48 || top < innerHeight / 2 || bottom > innerHeight; }).map((one) => one.outerHTML)"
    )
    return found

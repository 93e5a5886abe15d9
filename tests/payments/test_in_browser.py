"""A whole purchase in a real browser, and what the desk sees of it: narrow and wide, light and dark, for everybody."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from ivr.console.models import LoginAttempt
from ivr.dispatch import roster
from tests.console.conftest import PASSWORD
from tests.console.test_in_browser import CHROMIUM, browser_type_launch_args, violations
from tests.payments.shop import Shop

__all__ = ["browser_type_launch_args"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: what differs between the databases is tested without a browser."""
    file = tmp_path / "line.db"
    file.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture
def open_shop(database_url: str) -> Iterator[Shop]:
    """The shop with the sandbox as its till, where a browser finds it: the till's pages lead back to PUBLIC_URL."""
    apps: list[Flask] = []
    server = make_server("127.0.0.1", 0, lambda *asked: apps[0](*asked), threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    with closing(Shop(database_url, None, PUBLIC_URL=address)) as shop:
        apps.append(shop.app)
        with shop.database.transaction():
            roster.add("Omar", "operator", "+14155550122", "omar@example.com", ["en"], PASSWORD)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield shop
        server.shutdown()
        thread.join()
        server.server_close()


Look = Callable[[str], None]


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_from_the_estimate_to_the_thanks_and_to_the_desk(
    open_shop: Shop, browser: Browser, width: int, scheme: Literal["dark", "light"]
) -> None:
    shop = open_shop
    base = shop.settings.public_url
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=base, color_scheme=scheme
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))

    page.goto(f"/pay/{shop.quote}")
    page.get_by_role("button", name="Pay $450").click()
    expect(page.get_by_text("THIS IS A TEST")).to_be_visible()
    letters = page.get_by_text("THIS IS A TEST").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert letters >= 30
    page.get_by_role("button", name="Pay twice").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("A receipt is on its way to you by e-mail.")).to_be_visible()
    assert page.url == f"{base}/pay/{shop.quote}/thanks"
    assert complaints == [], "the till was reached within the policy"
    context.close()
    assert len(shop.letters()) == 2

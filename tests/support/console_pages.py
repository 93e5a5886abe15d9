"""The console's pages in a browser: what is typed there, and how one logs in."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.console import PASSWORD

Visit = Callable[..., Page]
Opens = Callable[..., Page]
INTAKE = "/intakes/K7M3QX"


def typed(page: Page, label: str, words: str) -> None:
    """Somebody types, and goes on to another field."""
    page.get_by_label(label, exact=True).fill(words)
    page.get_by_label(label, exact=True).blur()


def trouble(page: Page, words: str) -> None:
    expect(page.locator("#trouble")).to_have_text(re.compile(re.escape(words)))


def logs_in(page: Page, role: str, password: str = PASSWORD) -> None:
    expect(page.locator("[autofocus]")).to_be_focused()  # else Chromium complains of whoever was faster
    page.get_by_label("E-mail").fill(f"{role}@example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def server_is_away(page: Page) -> Callable[[], None]:
    """What is sent is refused as a proxy refuses it; what this returns brings the server back."""
    page.route(
        "**/*",
        lambda route: route.fulfill(status=503) if route.request.method == "POST" else route.fallback(),
    )
    return lambda: page.unroute("**/*")

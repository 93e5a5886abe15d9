"""The console's pages in a browser: what is typed there, and how one logs in."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

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
    page.get_by_label("Email").fill(f"{role}@example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def held_back(page: Page, address: str, act: Callable[[], object]) -> Route:
    """Do this; the first request to the address that it brings, which waits."""
    held: list[Route] = []
    page.route(address, lambda one: held.append(one))  # noqa: PLW0108  # it marks its handlers
    with page.expect_request(address):
        act()
    while not held:  # the browser tells of the request first, and in the same breath that it waits
        page.wait_for_timeout(10)
    return held[0]


def server_is_away(page: Page) -> Callable[[], None]:
    """What is sent is refused as a proxy refuses it; what this returns brings the server back."""
    page.route(
        "**/*",
        lambda route: route.fulfill(status=503) if route.request.method == "POST" else route.fallback(),
    )
    return lambda: page.unroute("**/*")

"""What a page costs a browser: its requests and their bytes, with all that it leads to, at first and ever after."""

import re
from typing import Final

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from tests.support.browser import without_browser
from tests.support.console import LogIn
from tests.support.console_pages import INTAKE, Visit

#: For each page: the most requests, and the most kilobytes, uncompressed, of a browser that has kept nothing yet.
AT_MOST: Final = {
    ("operator", "/"): (4, 170),
    ("operator", "/intakes"): (4, 213),
    ("operator", "/intakes/K7M3QX"): (4, 185),
    ("operator", "/search?q=rosa"): (4, 160),
    ("operator", "/account/password"): (4, 160),
    ("owner", "/reports"): (4, 180),
    ("owner", "/settings/prices"): (4, 165),
    ("owner", "/settings/prompts"): (4, 165),
}
#: What a browser fetches by itself: style sheets, icons and scripts in a page, and what a script imports.
FETCHED: Final = re.compile(
    r'<link rel="(?:icon|stylesheet)"[^>]*? href="([^"]+)"|<(?:script|img)[^>]*? src="([^"]+)"|^(import)\b',
    re.MULTILINE,
)


def led_to(client: FlaskClient, page: str) -> dict[str, int]:
    """The bytes of the page and of everything that it leads to, by its address. All but itself is kept for a year."""
    answer = client.get(page)
    assert answer.status_code == 200, page
    found = {page: len(answer.data)}
    for match in FETCHED.finditer(answer.text):
        address = match[match.lastindex or 0]
        fetched = client.get(address)
        assert fetched.status_code == 200, address
        assert fetched.cache_control.immutable, address
        assert fetched.mimetype != "text/javascript" or not FETCHED.search(fetched.text), address
        found[address] = len(fetched.data)
    return found


@pytest.mark.usefixtures("many", "one_whole")
@pytest.mark.parametrize(("role", "page"), AT_MOST)
def test_a_page_is_light(log_in: LogIn, role: str, page: str) -> None:
    found = led_to(log_in(role), page)

    requests, kilobytes = AT_MOST[role, page]
    assert len(found) <= requests, sorted(found)
    assert sum(found.values()) <= kilobytes * 1024, found
    assert any(address.startswith("/scripts/page-") for address in found)


def test_the_technicians_page_is_light(tara: FlaskClient) -> None:
    found = led_to(tara, "/t")

    assert len(found) <= 6, sorted(found)
    assert sum(found.values()) <= 160 * 1024, found


@without_browser
@pytest.mark.usefixtures("one_whole")
def test_every_page_after_the_first_asks_for_itself_alone(app: Flask, visit: Visit) -> None:
    asked: list[str] = []
    app.before_request(lambda: asked.append(request.path))
    page = visit("/")

    def came() -> list[str]:
        while "/stream" not in asked:  # what a page asks for last; it does so once it has loaded
            page.wait_for_timeout(10)
        return sorted(one.split("-")[0] for one in asked)

    assert came() == ["/", "/scripts/page", "/stream", "/styles/console", "/styles/icon"]
    for path in (INTAKE, "/callbacks", "/"):
        asked.clear()
        page.goto(path)
        assert came() == [path, "/stream"]

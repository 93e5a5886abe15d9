"""What a page costs a browser that has kept nothing yet: its requests and their bytes, with all that it leads to."""

import re
from typing import Final
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from tests.support.console import LogIn

#: For each page: the most requests, and the most kilobytes, uncompressed.
AT_MOST: Final = {
    ("operator", "/"): (23, 180),
    ("operator", "/intakes"): (23, 217),
    ("operator", "/intakes/K7M3QX"): (23, 190),
    ("operator", "/search?q=rosa"): (23, 170),
    ("owner", "/reports"): (23, 185),
    ("owner", "/settings/prices"): (23, 170),
    ("owner", "/settings/prompts"): (23, 170),
}
#: What a browser fetches by itself: style sheets, icons and scripts in a page, and what a script imports.
FETCHED: Final = {
    "text/html": re.compile(
        r'<link rel="(?:icon|stylesheet)"[^>]*? href="([^"]+)"|<(?:script|img)[^>]*? src="([^"]+)"'
    ),
    "text/javascript": re.compile(r'^import (?:[^"]*? from )?"([^"]+)"', re.MULTILINE),
}


def weight(client: FlaskClient, page: str) -> dict[str, int]:
    """The bytes of everything that the page leads to, by its address."""
    found: dict[str, int] = {}
    left = [page]
    while left:
        address = left.pop()
        if address in found:
            continue
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = len(answer.data)
        if leads := FETCHED.get(answer.mimetype or ""):
            left += [urljoin(address, match[match.lastindex or 0]) for match in leads.finditer(answer.text)]
    return found


@pytest.mark.usefixtures("many", "one_whole")
@pytest.mark.parametrize(("role", "page"), AT_MOST)
def test_a_page_is_light(log_in: LogIn, role: str, page: str) -> None:
    found = weight(log_in(role), page)

    requests, kilobytes = AT_MOST[role, page]
    assert len(found) <= requests, sorted(found)
    assert sum(found.values()) <= kilobytes * 1024, found
    assert "/console/static/live/stream.js" in found, "what a script imports counts too"

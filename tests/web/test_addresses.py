"""Addresses with a line break or a tab in them: nowhere, whoever asks, and never a way to another host."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ivr.company.policy.service import Command
from ivr.company.staff import changes, roster
from tests.support.console import PASSWORD, token_in
from tests.support.world import World

CARD = "?q=4111111111111111"


def addresses(app: Flask, part: str) -> Iterator[tuple[str, str]]:
    """Every address with a part that is anybody's, with this in its place, and each method that people have."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<.+?>(?=[-./]|$)", quote(part, safe=""), re.sub(r"<int:\w+>", "1", rule.rule))
        if "%" in path:
            yield from ((method, path) for method in ("GET", "POST", "DELETE"))


@pytest.fixture
def database_url(sqlite_alone: str) -> str:
    """SQLite alone: what is tried is how requests are read."""
    return sqlite_alone


@pytest.fixture
def ruth(world: World) -> FlaskClient:
    """Logged in as the owner."""
    with world.database.transaction():
        changes.set_password(Command("tests"), roster.by_name_or_phone("ruth"), PASSWORD)
    client = world.app.test_client()
    form = {"email": "ruth@example.com", "password": PASSWORD}
    client.post("/login", data=form | {"csrf_token": token_in(client.get("/login").text)})
    return client


@pytest.mark.parametrize("part", ["\r\nSet-Cookie: a=b", "\n", "\tx", "\x00x", "\u2028x"], ids=ascii)
def test_an_address_with_a_line_break_or_a_tab_is_nowhere(world: World, ruth: FlaskClient, part: str) -> None:
    stranger = world.app.test_client()
    asked = 0
    for method, path in addresses(world.app, part):
        for client in (stranger, ruth):
            for address in (path, path + CARD):
                asked += 1
                answer = client.open(address, method=method, data={"csrf_token": "an old one"})
                assert answer.status_code == 404, (method, address)
    assert asked > 500


@pytest.mark.parametrize(
    "path", ["/%09/evil.example", "/%0d%0aSet-Cookie:%20a=b", "//evil.example", "/%5Cevil.example"]
)
def test_a_card_number_in_an_address_leads_to_no_other_host(world: World, path: str) -> None:
    answer: TestResponse = world.app.test_client().get(path + CARD)

    assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
    leads_to = answer.headers.get("Location", "")
    assert not urlsplit(leads_to).netloc
    assert not leads_to.startswith(("//", "/\\"))


def test_the_address_without_the_card_number_is_the_same_page(world: World) -> None:
    answer = world.app.test_client().get("/pay/a%3Fb" + CARD)

    assert answer.headers["Location"] == "/pay/a%3Fb?q=%5Bcard+ending+1111%5D"

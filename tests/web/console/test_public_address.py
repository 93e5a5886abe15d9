"""Who asks, from where: PUBLIC_URL and the browser's origin count, not what a proxy makes of Host."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from ivr.core.config import Config
from ivr.core.db import Database
from ivr.web.client_address import network
from tests.support.console import PASSWORD, console_app, token_in

PUBLIC = "https://line.example"
#: What a proxy that knows no better makes of it.
MADE_UP = "http://10.0.0.7:8000"


@pytest.fixture
def production(settings: Config, database: Database) -> Flask:
    return console_app(replace(settings, public_url=PUBLIC, trusted_proxies="1"), database)


def log_in(client: FlaskClient, headers: dict[str, str], password: str = PASSWORD) -> TestResponse:
    """Type email address and password into the log-in page."""
    page = client.get("/login", base_url=MADE_UP)
    form = {"email": "operator@example.com", "password": password, "csrf_token": token_in(page.text)}
    return client.post("/login", base_url=MADE_UP, headers=headers, data=form)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": PUBLIC},
        {"Origin": "null"},
        {"Referer": f"{PUBLIC}/login"},
        {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_a_form_works_whatever_the_proxy_calls_the_host(production: Flask, headers: dict[str, str]) -> None:
    assert log_in(production.test_client(), headers).location == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://line.example"},
        {"Origin": "https://line.example.evil.example"},
        {"Origin": MADE_UP},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused_though_it_has_the_token(
    production: Flask, headers: dict[str, str]
) -> None:
    answer = log_in(production.test_client(), headers)

    assert answer.status_code == 400
    assert f"This page was not opened at {PUBLIC}. Open it there and try again." in answer.text


@pytest.mark.parametrize("address", ["https://Line.Example", "https://line.example:443"])
def test_an_origin_is_written_as_browsers_write_it(
    settings: Config, database: Database, address: str
) -> None:
    app = console_app(replace(settings, public_url=address), database)

    assert log_in(app.test_client(), {"Origin": PUBLIC}).location == "/"


def test_on_a_desk_each_name_of_this_machine_works(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/login", base_url="http://127.0.0.1:8000")
    form = {"email": "operator@example.com", "password": PASSWORD, "csrf_token": token_in(page.text)}

    answer = client.post(
        "/login", base_url="http://127.0.0.1:8000", data=form, headers={"Origin": "http://127.0.0.1:8000"}
    )

    assert answer.location == "/"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::8]:4711", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::9]"', "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:0:0:0:A", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        ("999.0.0.1", None),
    ],
)
def test_one_client_is_one_network(address: str, counted: str | None) -> None:
    assert network(address) == counted


@given(st.ip_addresses(), st.integers(1, 65535))
def test_a_port_changes_nothing(ip: IPv4Address | IPv6Address, port: int) -> None:
    bracketed = f"[{ip}]" if isinstance(ip, IPv6Address) else str(ip)

    assert network(f"{bracketed}:{port}") == network(str(ip)) is not None


@given(st.text(max_size=60))
def test_whatever_a_proxy_writes_is_read(words: str) -> None:
    counted = network(words)

    assert counted is None or network(counted.partition("/")[0]) == counted


def test_the_networks_are_told_apart_by_what_the_proxy_adds(production: Flask) -> None:
    """Twenty tries from one network close the log-in there: not elsewhere, and not where nobody says who asks."""
    for number in range(20):
        answer = wrong(production, f"{number}@example.com", f"192.0.2.66, 203.0.113.9:{number + 1024}")
        assert answer.status_code == 422
    assert wrong(production, "another@example.com", "203.0.113.9").status_code == 429
    assert wrong(production, "another@example.com", "::ffff:203.0.113.9").status_code == 429
    assert wrong(production, "another@example.com", "203.0.113.10").status_code == 422


def test_clients_that_nobody_names_are_not_one(production: Flask) -> None:
    for number in range(30):
        assert wrong(production, f"{number}@example.com", "").status_code == 422
    for _ in range(6):
        assert wrong(production, "0@example.com", "").status_code == 422


def test_without_a_trusted_proxy_nobody_is_believed_who_claims_to_be_another(
    settings: Config, database: Database
) -> None:
    app = console_app(replace(settings, public_url=PUBLIC), database)

    guesses = [wrong(app, "operator@example.com", f"203.0.113.{number}") for number in range(40)]

    assert [one.status_code for one in guesses] == [422] * 5 + [429] * 35


def test_with_two_proxies_the_second_last_is_the_client(settings: Config, database: Database) -> None:
    app = console_app(replace(settings, public_url=PUBLIC, trusted_proxies="2"), database)
    for number in range(20):
        wrong(app, f"{number}@example.com", f"203.0.113.9, 198.51.100.{number}")

    assert wrong(app, "another@example.com", "203.0.113.9, 198.51.100.99").status_code == 429
    assert wrong(app, "another@example.com", "203.0.113.10, 198.51.100.99").status_code == 422


def wrong(app: Flask, email: str, forwarded_for: str) -> TestResponse:
    """Try a wrong password."""
    client = app.test_client()
    form = {
        "email": email,
        "password": "wrong",
        "csrf_token": token_in(client.get("/login", base_url=PUBLIC).text),
    }
    headers = {"X-Forwarded-For": forwarded_for} if forwarded_for else {}
    return client.post("/login", base_url=PUBLIC, data=form, headers=headers)

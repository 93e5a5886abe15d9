"""Logging in: who gets in, how often one may try, and what the cookie is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from markupsafe import escape
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ivr.company.policy.service import Command
from ivr.company.staff import changes, passwords, roster
from ivr.core.config import Config
from ivr.core.db import Database
from ivr.web.console.common.models import LoginAttempt
from ivr.web.console.login import NOT_RIGHT, TRY_LATER
from tests.support.console import OMAR, PASSWORD, LogIn, console_app, send, token_in
from tests.support.intake_rows import NOON


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def try_in(
    app: Flask, email: str, password: str, *, ip: str = "203.0.113.1", wanted: str = ""
) -> TestResponse:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ip
    return send(client, "/login", email=email, password=password, next=wanted)


def test_the_right_password_opens_the_list(app: Flask, stranger: FlaskClient) -> None:
    assert stranger.get("/").location == "/login?next=/"
    answer = try_in(app, " Operator@Example.com ", PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("operator@example.com", "a wrong password"),
        ("operator@example.com", ""),
        ("operator@example.com\x00", "a wrong password"),
        ("nobody@example.com", PASSWORD),
        ("none@example.com", ""),
        ("' OR 1=1 --", PASSWORD),
        ("x" * 5000, PASSWORD),
    ],
)
def test_nothing_else_opens_and_the_answer_tells_nothing(app: Flask, email: str, password: str) -> None:
    answer = try_in(app, email, password)
    assert answer.status_code == 422
    assert escape(NOT_RIGHT) in answer.text
    assert "<title>Error: Log in" in answer.text
    assert password not in answer.text or not password


def test_the_cookie_is_for_this_site_and_twelve_hours(app: Flask, clock: time_machine.Traveller) -> None:
    client = app.test_client()
    answer = send(client, "/login", email="operator@example.com", password=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie, "the desk has no certificate"
    for _ in range(7):  # an open page asks for news
        clock.shift(timedelta(minutes=102))
        assert client.get("/intakes").status_code == 200
    clock.shift(timedelta(minutes=7))
    assert client.get("/intakes").status_code == 302


def test_in_production_the_cookie_travels_encrypted_only(settings: Config, database: Database) -> None:
    app = console_app(replace(settings, public_url="https://line.example"), database)
    client = app.test_client()
    page = client.get("/login", base_url="https://line.example")
    assert "; Secure" in page.headers["Set-Cookie"]
    answer = client.post(
        "/login",
        base_url="https://line.example",
        headers={"Referer": "https://line.example/login"},
        data={"email": "operator@example.com", "password": PASSWORD, "csrf_token": token_in(page.text)},
    )
    assert answer.location == "/"


def test_out_is_out(operator: FlaskClient) -> None:
    assert operator.get("/logout").status_code == 405
    assert operator.get("/intakes").status_code == 200
    assert send(operator, "/logout", seen_on="/intakes").location == "/login"
    assert operator.get("/intakes").status_code == 302


def test_somebody_who_is_in_need_not_log_in(operator: FlaskClient) -> None:
    assert operator.get("/login?next=/intakes/K7M3QX").location == "/intakes/K7M3QX"


def test_one_lands_where_one_wanted_to_go(app: Flask, stranger: FlaskClient) -> None:
    wanted = "/intakes?state=waiting&before=9"
    assert stranger.get(wanted).location == "/login?next=/intakes?state%3Dwaiting%26before%3D9"
    assert (
        f'name="next" value="{wanted.replace("&", "&amp;")}"'
        in stranger.get("/login", query_string={"next": wanted}).text
    )
    assert try_in(app, "operator@example.com", PASSWORD, wanted=wanted).location == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "intakes",
        "/intakes\r\nSet-Cookie: a=b",
        "/intakes\n",
        "///evil.example/",
        "/%2F/evil.example",
        "/%5Cevil.example",
        "/intakes//evil.example",
        "/intakes?next=//evil.example",
        "/intakes/..//evil.example",
        "/@evil.example",
        "/.evil.example",
        " //evil.example",
        "/\x00/evil.example",
        "/\N{FULLWIDTH SOLIDUS}evil.example",
        "http:evil.example",
        "data:text/html,x",
        "/intakes?q=" + "x" * 500,
        "/nowhere",
        "/logout",
    ],
)
def test_one_never_lands_on_another_site_or_on_no_page(app: Flask, wanted: str) -> None:
    assert try_in(app, "operator@example.com", PASSWORD, wanted=wanted).location == "/"
    asked = app.test_client().get("/login", query_string={"next": wanted})
    assert 'name="next" value="/"' in asked.text, "nor is it handed on"


def test_where_one_wanted_to_go_outlives_every_failure(app: Flask) -> None:
    wanted = "/intakes?state=waiting"
    kept = f'name="next" value="{wanted}"'
    for _ in range(5):
        answer = try_in(app, "operator@example.com", "wrong", wanted=wanted)
        assert (answer.status_code, kept in answer.text) == (422, True)
    answer = try_in(app, "operator@example.com", PASSWORD, wanted=wanted)
    assert (answer.status_code, kept in answer.text) == (429, True)
    client = app.test_client()
    old = token_in(client.get("/login").text)
    client.delete_cookie("session")
    form = {"email": "owner@example.com", "password": PASSWORD, "next": wanted}
    answer = client.post("/login", data={**form, "csrf_token": old})
    assert (answer.status_code, kept in answer.text) == (400, True)
    assert "This page was open too long." in answer.text
    again = client.post("/login", data={**form, "csrf_token": token_in(answer.text)})
    assert again.location == wanted


def test_two_windows_that_open_the_log_in_page_at_once_both_let_one_in(app: Flask) -> None:
    """Neither has a cookie yet, and the second one's takes the place of the first one's."""
    client = app.test_client()
    first = token_in(client.get("/login").text)
    client.delete_cookie("session")
    token_in(client.get("/login").text)
    form = {"email": "owner@example.com", "password": PASSWORD, "next": "/reports", "csrf_token": first}
    elsewhere = client.post("/login", data=form, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 400
    untold = client.post("/login", data=form)
    assert (untold.status_code, 'value="owner@example.com"' in untold.text) == (400, True)
    wrong = client.post("/login", data={**form, "password": "wrong"}, headers={"Origin": "http://localhost"})
    assert wrong.status_code == 422
    assert client.post("/login", data=form, headers={"Origin": "http://localhost"}).location == "/reports"


@pytest.mark.parametrize(
    ("page", "location"),
    [
        ("/intakes/K7M3QX?from=board", "/login?next=/intakes/K7M3QX?from%3Dboard"),
        ("/reports", "/login?next=/reports"),
        ("http://evil.example/reports", "/login?next=/intakes/K7M3QX"),
        ("//evil.example", "/login?next=/intakes/K7M3QX"),
        ("/\\evil.example", "/login?next=/intakes/K7M3QX"),
        ("/no/such/page", "/login?next=/intakes/K7M3QX"),
        ("", "/login?next=/intakes/K7M3QX"),
    ],
)
def test_whoever_sends_a_form_too_late_comes_back_to_its_page(
    stranger: FlaskClient, page: str, location: str
) -> None:
    """The form says which page it is on. ``Referer``, which others can write, says nothing."""
    headers = {"Referer": "http://localhost/settings/hours"}
    sent = stranger.post("/intakes/K7M3QX", data={"from_page": page}, headers=headers)
    assert sent.location == location


def test_a_page_is_told_whose_it_is_and_a_good_token(operator: FlaskClient, stranger: FlaskClient) -> None:
    told = operator.get("/account").get_json()
    assert told["person"] == 2
    assert operator.post("/logout", data={"csrf_token": told["csrf_token"]}).location == "/login"
    assert stranger.get("/account").status_code == 302


def test_a_stranger_s_five_failures_do_not_lock_anybody_out(
    app: Flask, clock: time_machine.Traveller, database: Database
) -> None:
    """The stranger is shut out alone, for a quarter of an hour."""
    strangers = [try_in(app, "operator@example.com", "wrong", ip="203.0.113.66") for _ in range(6)]
    assert [one.status_code for one in strangers] == [422] * 5 + [429]
    assert TRY_LATER in strangers[-1].text
    assert try_in(app, "operator@example.com", PASSWORD, ip="203.0.113.9").status_code == 302
    assert try_in(app, "operator@example.com", PASSWORD, ip="203.0.113.66").status_code == 429
    clock.shift(timedelta(minutes=15))
    assert try_in(app, "operator@example.com", PASSWORD, ip="203.0.113.66").status_code == 302
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 0, "no traces are kept"


def test_a_browser_that_was_in_before_gets_in_where_others_have_guessed(app: Flask) -> None:
    known = app.test_client()
    send(known, "/login", email="operator@example.com", password=PASSWORD)
    send(known, "/logout", seen_on="/intakes")
    for _ in range(5):
        try_in(app, "operator@example.com", "wrong", ip="127.0.0.1")
    assert try_in(app, "operator@example.com", PASSWORD, ip="127.0.0.1").status_code == 429
    assert send(known, "/login", email="operator@example.com", password=PASSWORD).status_code == 302
    send(known, "/logout", seen_on="/intakes")
    for _ in range(5):
        try_in(app, "owner@example.com", "wrong", ip="127.0.0.1")
    assert send(known, "/login", email="owner@example.com", password=PASSWORD).status_code == 429, (
        "it is known for those who were in"
    )


def test_a_browser_is_known_by_our_signature(app: Flask) -> None:
    forged = app.test_client()
    forged.set_cookie("device", URLSafeTimedSerializer("l" * 40, salt="device").dumps(["x", [OMAR]]))
    for _ in range(5):
        try_in(app, "operator@example.com", "wrong", ip="127.0.0.1")
    assert send(forged, "/login", email="operator@example.com", password=PASSWORD).status_code == 429


def test_more_log_ins_at_once_than_can_wait_are_told_so(app: Flask, database: Database) -> None:
    """Four hash and twelve wait: the others are refused at once, and their tries do not count."""
    clients = [app.test_client() for _ in range(14)]
    tokens = [token_in(client.get("/login").text) for client in clients]

    def guess(number: int) -> TestResponse:
        sent = {"email": f"{number}@example.com", "password": "wrong", "csrf_token": tokens[number]}
        return clients[number].post("/login", data=sent)

    with ExitStack() as hashing, ThreadPoolExecutor(14) as pool:
        for _ in range(4):
            hashing.enter_context(passwords.PLACES.one())
        asked = as_completed([pool.submit(guess, number) for number in range(14)])
        busy = [next(asked).result() for _ in range(2)]
        hashing.close()
        others = [one.result().status_code for one in asked]
    assert {(one.status_code, one.headers["Retry-After"]) for one in busy} == {(503, "5")}
    assert "Too many people are logging in right now." in busy[0].text
    assert others == [422] * 12
    assert tries_in(database) == 12


def test_a_password_that_is_changed_while_it_is_compared_opens_nothing(
    app: Flask, database: Database
) -> None:
    with ExitStack() as hashing, ThreadPoolExecutor(1) as pool:
        for _ in range(4):
            hashing.enter_context(passwords.PLACES.one())
        asked = pool.submit(try_in, app, "operator@example.com", PASSWORD)
        while not asked.done() and tries_in(database) == 0:
            pass  # its staff is looked up in the transaction that counts the try
        with database.transaction():
            olive = roster.by_email("operator@example.com")
            assert olive is not None
            changes.set_password(Command("tests"), olive, "another one, as long")
        hashing.close()
        assert asked.result().status_code == 422


def tries_in(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(LoginAttempt)) or 0


def test_an_address_that_nobody_has_closes_just_the_same(app: Flask) -> None:
    statuses = [try_in(app, "nobody@example.com", "wrong").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("first", "same", "other"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("203.0.113.7:4711", "203.0.113.7:4711", "unknown"),
    ],
)
def test_twenty_failures_close_one_network(app: Flask, first: str, same: str, other: str) -> None:
    for number in range(20):
        assert try_in(app, f"guess{number}@example.com", "wrong", ip=first).status_code == 422
    assert try_in(app, "operator@example.com", PASSWORD, ip=same).status_code == 429
    assert try_in(app, "operator@example.com", PASSWORD, ip=other).status_code == 302


def test_a_slip_is_forgotten_once_one_is_in(app: Flask) -> None:
    for _ in range(3):
        for _ in range(3):
            assert try_in(app, "operator@example.com", "wrong").status_code == 422
        assert try_in(app, "operator@example.com", PASSWORD).status_code == 302


def test_many_guesses_at_once_are_not_more_guesses(app: Flask) -> None:
    clients = [app.test_client() for _ in range(12)]
    tokens = [token_in(client.get("/login").text) for client in clients]

    def guess(client: FlaskClient, token: str) -> int:
        sent = {"email": "operator@example.com", "password": "wrong", "csrf_token": token}
        return client.post("/login", data=sent).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(pool.map(guess, clients, tokens))
    assert statuses == [422] * 5 + [429] * 7


def test_logging_in_leaves_no_old_session_behind(app: Flask, log_in: LogIn) -> None:
    client = app.test_client()
    before = token_in(client.get("/login").text)
    send(client, "/login", email="operator@example.com", password=PASSWORD)
    refused = client.post("/logout", data={"csrf_token": before})
    assert refused.status_code == 400, "a token from before belongs to nobody"
    assert log_in("owner").get("/intakes").status_code == 200

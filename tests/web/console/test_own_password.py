"""One's own password: changed with the old one, or chosen anew by a letter. Neither tells who works here."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ivr.company.mail.models import Mail
from ivr.company.staff import passwords, roster
from ivr.company.staff.models import Staff
from ivr.company.staff.password_reset import ResetLinks
from ivr.company.staff.sessions import LASTS
from ivr.core.config import Config
from ivr.core.db import Database
from ivr.platform.jobs.models import JobRow
from ivr.web.console.account.own_password import DIFFERENT
from ivr.web.console.account.shell import NotYoursError
from ivr.web.console.common.models import UnsentForm
from ivr.web.console.common.tries import TRY_LATER
from ivr.web.console.forgotten import ON_ITS_WAY
from tests.support.console import OMAR, PASSWORD, LogIn, console_app, send, token_in
from tests.support.intake_rows import NOON

NEW = "another long one"
CHANGE = "/account/password"


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def changes(client: FlaskClient, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> TestResponse:
    return send(client, CHANGE, old=old, password=new, again=again)


def is_password(database: Database, password: str) -> bool:
    with database.reading() as session:
        return passwords.check_password(session.get_one(Staff, OMAR), password)


def test_a_new_password_ends_every_other_session_and_is_told(
    operator: FlaskClient, log_in: LogIn, database: Database
) -> None:
    elsewhere = log_in("operator")
    assert changes(operator).status_code == 303
    assert operator.get("/intakes").status_code == 200
    assert elsewhere.get("/intakes").status_code == 302
    assert is_password(database, NEW)
    with database.reading() as session:
        [letter] = session.scalars(select(Mail))
        assert (letter.to, letter.values["what"], letter.values["by"]) == (
            "operator@example.com",
            "password",
            "Omar Haddad",
        )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "not this one"}, NotYoursError.message),
        ({"old": ""}, NotYoursError.message),
        ({"again": "another long onf"}, DIFFERENT),
        ({"new": "short", "again": "short"}, "12 characters or more"),
    ],
)
def test_what_is_refused_changes_nothing(
    operator: FlaskClient, database: Database, typed: dict[str, str], words: str
) -> None:
    answer = changes(operator, **typed)
    assert (answer.status_code, escape(words) in answer.text) == (422, True)
    assert is_password(database, PASSWORD)
    assert NEW not in answer.text


def test_the_old_password_cannot_be_guessed_in_a_console_that_stands_open(operator: FlaskClient) -> None:
    statuses = [changes(operator, old=f"guess number {one}").status_code for one in range(5)]
    answer = changes(operator)
    assert (statuses, answer.status_code, TRY_LATER in answer.text) == ([422] * 5, 429, True)


def test_no_password_is_kept_with_what_was_typed_too_late(
    operator: FlaskClient, database: Database, traveller: time_machine.Traveller
) -> None:
    page = operator.get(CHANGE).text
    traveller.shift(LASTS)
    sent = {"csrf_token": token_in(page), "old": PASSWORD, "password": NEW, "again": NEW, "code": "123456"}
    for path in (CHANGE, "/account/second-factor/codes"):
        assert operator.post(path, data=sent).status_code == 302
        with database.reading() as session:
            assert [kept.fields for kept in session.scalars(select(UnsentForm))] == [[]]


def asks(app: Flask, email: str) -> TestResponse:
    return send(app.test_client(), "/login/forgot", email=email)


def test_the_answer_is_the_same_for_everybody(app: Flask, database: Database) -> None:
    pages = []
    for email in ("operator@example.com", "nobody@example.com", "none@example.com", "x" * 5000, "a\0@b"):
        client = app.test_client()
        answer = send(client, "/login/forgot", email=email)
        assert (answer.status_code, answer.location) == (303, "/login")
        page = client.get("/login").text
        pages.append(page.replace(token_in(page), ""))
        assert escape(ON_ITS_WAY) in page
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(JobRow)) == len(pages), (
            "a job for each of them"
        )


def test_five_letters_and_no_more_and_the_log_in_stays_open(app: Flask) -> None:
    assert [asks(app, "operator@example.com").status_code for _ in range(6)] == [303] * 5 + [429]
    assert asks(app, "owner@example.com").status_code == 303
    client = app.test_client()
    assert send(client, "/login", email="operator@example.com", password=PASSWORD).location == "/"


def test_where_operators_read_the_letters_none_sets_a_password(settings: Config, database: Database) -> None:
    app = console_app(replace(settings, public_url="https://line.example"), database)
    client = app.test_client()
    page = client.get("/login/forgot", base_url="https://line.example")
    sent = {"email": "owner@example.com", "csrf_token": token_in(page.text)}
    answer = client.post("/login/forgot", base_url="https://line.example", data=sent)
    assert (answer.status_code, "Ask the owner" in answer.text) == (409, True)


def test_the_letter_s_link_sets_one_password_and_ends_every_session(
    app: Flask, operator: FlaskClient, settings: Config, database: Database
) -> None:
    with database.reading():
        omar = roster.by_email("operator@example.com")
        assert omar is not None
        path = ResetLinks(settings.secret_key, "").url(omar)
    client = app.test_client()
    for _ in range(2):  # a mail scanner opens it first
        assert client.get(path).status_code == 200
    short = send(client, path, password="short")
    assert (short.status_code, "12 characters or more" in short.text) == (422, True)
    assert send(client, path, password=NEW).location == "/login"
    assert operator.get("/intakes").status_code == 302
    assert is_password(database, NEW)
    for answer in (client.get(path), client.get("/login/reset/x"), client.get("/login/reset/" + "x" * 900)):
        assert (answer.status_code, "Ask for a new one" in answer.text) == (410, True)
    late = client.post(path, data={"csrf_token": token_in(client.get("/login").text), "password": NEW})
    assert late.status_code == 410

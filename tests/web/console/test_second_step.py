"""A second factor: what the password alone opens, what the second step takes, and who must set one up."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes
from werkzeug.test import TestResponse

from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.policy.models import Audit
from ivr.company.policy.service import Command
from ivr.company.staff import passwords
from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor.models import Passkey
from ivr.core import clock
from ivr.core.db import Database
from ivr.web.console.common.tries import TRY_LATER
from ivr.web.console.second_step import NO_PASSKEY, NOT_THE_CODE
from tests.support.authenticator import Authenticator
from tests.support.console import OMAR, PASSWORD, LogIn, send, token_in
from tests.support.hashes import HASHED
from tests.support.intake_rows import NOON

SETUP = "/account/second-factor"
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def offered(page: str) -> str:
    found = re.search(r"Secret: <code>([A-Z2-7 ]+)</code>", page)
    assert found
    return found[1].replace(" ", "")


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def sets_up_codes(client: FlaskClient) -> tuple[pyotp.TOTP, list[str]]:
    """The app, and the recovery codes."""
    page = client.get(SETUP).text
    app = pyotp.TOTP(offered(page))
    sent = {"csrf_token": token_in(page), "offer": field(page, "offer"), "do": "on"}
    answer = client.post(SETUP + "/codes", data=sent | {"code": app.at(clock.now())})
    assert answer.status_code == 303, answer.text
    return app, re.findall(r"<li><code>([\w-]+)</code>", client.get(SETUP).text)


def first_step(app: Flask, role: str = "operator", wanted: str = "/intakes") -> FlaskClient:
    client = app.test_client()
    answer = send(client, "/login", email=f"{role}@example.com", password=PASSWORD, next=wanted)
    assert answer.location == "/login/second-step"
    return client


def second_step(client: FlaskClient, code: str) -> TestResponse:
    return send(client, "/login/second-step", code=code)


def letters(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(one.to, one.values["what"]) for one in session.scalars(select(Mail).order_by(Mail.id))]


def test_the_password_alone_opens_nothing_and_the_code_goes_where_one_wanted(
    app: Flask, operator: FlaskClient, traveller: time_machine.Traveller
) -> None:
    totp, codes = sets_up_codes(operator)
    assert len(codes) == 10
    assert codes[0] not in operator.get(SETUP).text, "they are shown once"
    assert operator.get("/intakes").status_code == 200, "this session goes on"
    client = first_step(app)
    for path in ("/intakes", SETUP, "/account", "/account/password"):
        assert client.get(path).location.startswith("/login?next="), path
    traveller.shift(HALF_A_MINUTE)
    answer = second_step(client, totp.at(clock.now()))
    assert answer.location == "/intakes"
    assert client.get("/intakes").status_code == 200
    assert client.get("/login/second-step").location == "/"
    another = first_step(app)
    answer = second_step(another, totp.at(clock.now()))
    assert (answer.status_code, NOT_THE_CODE in answer.text) == (422, True), "it is used up"


def test_the_first_step_holds_for_five_minutes_in_its_own_browser_with_its_own_password(
    app: Flask, operator: FlaskClient, traveller: time_machine.Traveller, database: Database
) -> None:
    totp, _ = sets_up_codes(operator)
    moved = first_step(app)
    elsewhere = app.test_client()
    elsewhere.get("/login")
    assert elsewhere.get("/login/second-step").location == "/login"
    with database.transaction() as session:
        session.get_one(Staff, OMAR).password_hash = passwords.password_hash("another long one")
    traveller.shift(HALF_A_MINUTE)
    assert moved.get("/login/second-step").location == "/login"
    with database.transaction() as session:
        session.get_one(Staff, OMAR).password_hash = HASHED
    late = first_step(app)
    page = late.get("/login/second-step").text
    traveller.shift(timedelta(minutes=5))
    sent = {"csrf_token": token_in(page), "code": totp.at(clock.now())}
    assert late.post("/login/second-step", data=sent).location == "/login"
    assert late.get("/intakes").status_code == 302


def test_five_wrong_codes_close_the_second_step(
    app: Flask, operator: FlaskClient, traveller: time_machine.Traveller
) -> None:
    totp, codes = sets_up_codes(operator)
    client = first_step(app)
    traveller.shift(HALF_A_MINUTE)
    for _ in range(5):
        assert second_step(client, "000000").status_code == 422
    for right in (totp.at(clock.now()), codes[0]):
        answer = second_step(client, right)
        assert (answer.status_code, TRY_LATER in answer.text) == (429, True)


def test_a_recovery_code_opens_once_and_is_told(
    app: Flask, operator: FlaskClient, database: Database
) -> None:
    _, codes = sets_up_codes(operator)
    assert second_step(first_step(app), codes[3].upper()).location == "/intakes"
    assert second_step(first_step(app), codes[3]).status_code == 422
    assert letters(database) == [
        ("operator@example.com", "codes_on"),
        ("operator@example.com", "recovery_code_used"),
    ]
    assert "You have 9 left." in operator.get(SETUP).text


def test_whoever_must_have_a_factor_sets_it_up_before_anything_else(
    app: Flask, database: Database, log_in: LogIn
) -> None:
    with database.transaction():
        policy.change("second_factor_operators", "yes", Command("tests"))
    client = app.test_client()
    wanted = {"email": "operator@example.com", "password": PASSWORD, "next": "/intakes"}
    assert send(client, "/login", **wanted).location == SETUP
    for path in ("/", "/intakes", "/search?q=x", "/account/password"):
        assert client.get(path).location == SETUP, path
    assert (
        client.post("/intakes/K7M3QX", data={"csrf_token": token_in(client.get(SETUP).text)}).location
        == SETUP
    )
    assert "the owner asks for a second factor" in client.get(SETUP).text
    sets_up_codes(client)
    assert client.get("/intakes").status_code == 200
    off = send(client, SETUP + "/codes", seen_on=SETUP, do="off")
    assert (off.status_code, "Set up another one before" in off.text) == (422, True)
    assert log_in("technician").get("/intakes").status_code == 200, "not asked of technicians"


def test_a_wrong_code_keeps_the_secret_that_the_app_has_scanned(operator: FlaskClient) -> None:
    page = operator.get(SETUP).text
    sent = {"csrf_token": token_in(page), "offer": field(page, "offer"), "do": "on", "code": "000000"}
    answer = operator.post(SETUP + "/codes", data=sent)
    assert answer.status_code == 422
    assert offered(answer.text) == offered(page)
    assert "That is not the code" in answer.text
    for junk in ("", "x", "\ud7ff"):
        assert operator.post(SETUP + "/codes", data=sent | {"offer": junk}).status_code == 422


def test_a_session_that_is_no_longer_fresh_shows_the_password_first(
    operator: FlaskClient, traveller: time_machine.Traveller
) -> None:
    page = operator.get(SETUP).text
    traveller.shift(timedelta(minutes=16))
    sent = {"csrf_token": token_in(page), "offer": field(page, "offer"), "do": "on"}
    app = pyotp.TOTP(offered(page))
    late = operator.post(SETUP + "/codes", data=sent | {"code": app.at(clock.now())})
    assert late.location == "/account/confirm"
    assert operator.get(SETUP).location == "/account/confirm"
    assert send(operator, "/account/confirm", password="a wrong password").status_code == 422
    assert send(operator, "/account/confirm", password=PASSWORD).location == SETUP
    sets_up_codes(operator)
    traveller.shift(timedelta(minutes=16))
    assert operator.get(SETUP).location == "/account/confirm"


def passkey_is_added(client: FlaskClient, device: Authenticator) -> TestResponse:
    options = client.get(SETUP + "/passkey").get_json()
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["rp"]["id"] == "localhost"
    made = device.makes(base64url_to_bytes(options["challenge"]), rp_id="localhost")
    return send(client, SETUP + "/passkeys", seen_on=SETUP, name="My phone", credential=made)


def signed(client: FlaskClient, device: Authenticator) -> str:
    options = client.get("/login/passkey").get_json()
    return device.signs(base64url_to_bytes(options["challenge"]), rp_id="localhost")


def test_a_passkey_is_a_second_step_and_a_log_in_by_itself(app: Flask, operator: FlaskClient) -> None:
    device = Authenticator(origin="http://localhost")
    page = operator.get(SETUP).text
    options = operator.get(SETUP + "/passkey").get_json()
    made = device.makes(base64url_to_bytes(options["challenge"]), rp_id="localhost")
    sent = {"csrf_token": token_in(page), "form_id": field(page, "form_id"), "name": "My phone"}
    for _ in range(2):  # pressed twice
        assert operator.post(SETUP + "/passkeys", data=sent | {"credential": made}).status_code == 303
    assert operator.get(SETUP).text.count("<strong>My phone</strong>") == 1
    client = first_step(app)
    assert [one["id"] for one in client.get("/login/passkey").get_json()["allowCredentials"]] != []
    answer = send(client, "/login/second-step", credential=signed(client, device))
    assert answer.location == "/intakes"

    alone = app.test_client()
    assert alone.get("/login/passkey").get_json()["allowCredentials"] == []
    answer = send(
        alone, "/login/passkey", seen_on="/login", next="/intakes", credential=signed(alone, device)
    )
    assert answer.location == "/intakes"
    assert alone.get("/intakes").status_code == 200

    stranger = Authenticator(origin="http://localhost")
    for path in ("/login/passkey", "/login/second-step"):
        client = first_step(app)
        seen_on = "/login" if path == "/login/passkey" else path
        credential = signed(client, stranger)
        answer = send(client, path, seen_on=seen_on, credential=credential)
        assert (answer.status_code, NO_PASSKEY in answer.text) == (422, True)


def test_a_challenge_is_answered_once(app: Flask, operator: FlaskClient, database: Database) -> None:
    device = Authenticator(origin="http://localhost")
    passkey_is_added(operator, device)
    client = app.test_client()
    sent = {"csrf_token": token_in(client.get("/login").text), "credential": signed(client, device)}
    cookie = client.get_cookie("session")
    assert cookie
    assert client.post("/login/passkey", data=sent).status_code == 302
    thief = app.test_client()  # who has copied the cookie and the answer; the device does not count
    thief.set_cookie("session", cookie.value)
    with database.transaction() as session:
        session.scalars(select(Passkey)).one().sign_count = 0
    assert thief.post("/login/passkey", data=sent).status_code == 422


def test_the_owner_takes_a_lost_factor_away(
    app: Flask, operator: FlaskClient, log_in: LogIn, database: Database
) -> None:
    sets_up_codes(operator)
    owner, path = log_in("owner"), f"/settings/staff/{OMAR}"
    page = owner.get(path).text
    assert "an app with one-time codes" in page
    sent = {"csrf_token": token_in(page)}
    assert owner.post(path + "/second-factor", data=sent).status_code == 400, "an empty form takes nothing"
    technician = log_in("technician")
    refused = send(technician, path + "/second-factor", seen_on="/intakes", do="take_away")
    assert refused.status_code == 403
    assert "with a second factor" in owner.get("/settings/staff").text
    assert owner.post(path + "/second-factor", data=sent | {"do": "take_away"}).status_code == 303
    assert operator.get("/intakes").status_code == 302, "the lost device may be logged in"
    assert log_in("operator").get("/intakes").status_code == 200
    assert letters(database)[-1] == ("operator@example.com", "factor_taken")
    with database.reading() as session:
        changes = select(Audit).where(Audit.kind == "change").order_by(Audit.id.desc())
        line = session.scalars(changes.limit(1)).one()
        assert (line.staff_name, line.subject, line.after) == (
            "Olivia Stone",
            "Second factor of Omar Haddad",
            "removed",
        )

"""Sessions end: at log-out, with the password, the role and the place, from elsewhere, and after idle hours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.company.staff import sessions
from ivr.company.staff.models import SessionKind, Staff, StaffSession
from ivr.core.config import Config
from ivr.core.db import Database
from ivr.services import services
from ivr.web.browsers import described
from ivr.web.console.common.gate import SECRET
from ivr.web.console.common.models import UnsentForm
from ivr.web.console.live.feed import Feed
from tests.support.console import OMAR, TARA, console_app, send, token_in
from tests.support.intake_rows import NOON
from tests.support.windows import let_in

OLIVIA = 3
NEW_PASSWORD = "another long enough one"
MINE = "/account/log-ins"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def omar(app: Flask, database: Database) -> FlaskClient:
    return browser(app, database, OMAR)


@pytest.fixture
def olivia(app: Flask, database: Database) -> FlaskClient:
    return browser(app, database, OLIVIA)


def browser(
    app: Flask, database: Database, staff_id: int, kind: SessionKind = SessionKind.CONSOLE
) -> FlaskClient:
    client = app.test_client()
    let_in(database, client, staff_id, kind)
    return client


def copy_of(client: FlaskClient) -> FlaskClient:
    """A browser with the same cookie."""
    kept = client.get_cookie("session")
    assert kept
    copy = client.application.test_client()
    copy.set_cookie("session", kept.value)
    return copy


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def change(olivia: FlaskClient, what: str = "", **fields: str) -> None:
    """The owner changes Omar."""
    page = f"/settings/staff/{OMAR}"
    assert send(olivia, page + what, seen_on=page, **fields).status_code == 303


def test_a_copied_cookie_opens_nothing_after_the_log_out(omar: FlaskClient) -> None:
    copy = copy_of(omar)
    assert is_in(copy)
    send(omar, "/logout", seen_on=MINE)
    assert not is_in(copy)


def test_another_password_ends_their_sessions(olivia: FlaskClient, omar: FlaskClient) -> None:
    change(olivia, "/password", password=NEW_PASSWORD)
    assert not is_in(omar)
    assert is_in(olivia)


def test_ones_own_new_password_ends_all_ones_other_sessions(
    app: Flask, database: Database, olivia: FlaskClient
) -> None:
    at_home = browser(app, database, OLIVIA)
    page = f"/settings/staff/{OLIVIA}"
    assert send(olivia, f"{page}/password", seen_on=page, password=NEW_PASSWORD).status_code == 303
    assert (is_in(olivia), is_in(at_home)) == (True, False)


def test_whoever_has_left_and_is_back_must_log_in_again(olivia: FlaskClient, omar: FlaskClient) -> None:
    change(olivia, "/place", place="left")
    assert not is_in(omar)
    change(olivia, "/place", place="back")
    assert not is_in(omar)


def test_another_role_ends_their_sessions_and_another_name_does_not(
    olivia: FlaskClient, omar: FlaskClient
) -> None:
    omars = {"phone": "(415) 555-0112", "email": "operator@example.com", "languages": "en"}
    change(olivia, name="Omar H.", role="operator", **omars)
    assert is_in(omar)
    change(olivia, name="Omar H.", role="technician", **omars)
    assert not is_in(omar)


def test_a_session_that_nobody_uses_for_two_hours_is_over(
    omar: FlaskClient, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=1, minutes=59))
    assert is_in(omar)
    clock.shift(timedelta(hours=1, minutes=59))
    omar.get("/stream").close()  # an open board asks for the stream again and again
    clock.shift(timedelta(hours=1, minutes=59))
    assert is_in(omar)
    clock.shift(timedelta(hours=2))
    assert not is_in(omar)


def test_use_is_written_down_now_and_then(
    database: Database, omar: FlaskClient, clock: time_machine.Traveller
) -> None:
    written = set()
    for _ in range(10):
        clock.shift(timedelta(minutes=1))
        assert is_in(omar)
        with database.reading() as session:
            written.add(session.scalar(select(StaffSession.used_at)))
    assert len(written) == 3


def test_one_sees_where_one_is_logged_in_and_ends_what_one_does_not_know(
    app: Flask, database: Database, omar: FlaskClient, olivia: FlaskClient
) -> None:
    at_home, mobile = browser(app, database, OMAR), browser(app, database, OMAR, SessionKind.LINK)
    page = omar.get(MINE).text
    assert page.count("Firefox on Linux") == 5, "three rows, and two buttons that name theirs"
    assert page.count("this browser") == 1
    assert "203.0.113.1" in page
    assert "Mobile page" in page
    with database.reading():
        home = sessions.open_ones(OMAR)[1].id
        hers = sessions.open_ones(OLIVIA)[0].id

    assert send(omar, MINE, end=str(home)).location == MINE
    assert (is_in(at_home), mobile.get("/t").status_code, is_in(omar)) == (False, 200, True)
    send(omar, MINE, end=str(hers))
    assert is_in(olivia), "another's session is not one's own"
    for wrong in ("", "all", "1e3", "-1", "9" * 20):
        assert send(omar, MINE, end=wrong).status_code == 400
    send(omar, MINE, end="others")
    assert (is_in(omar), mobile.get("/t").status_code) == (True, 404)


def test_whoever_loses_their_telephone_logs_out_everywhere(app: Flask, database: Database, path: str) -> None:
    tara, phone = browser(app, database, TARA), app.test_client()
    assert phone.get(path).location == "/t"
    assert send(tara, MINE, end="everywhere").location == "/login"
    assert (is_in(tara), phone.get("/t").status_code, phone.get(path).status_code) == (False, 404, 404)


def test_the_owner_ends_somebodys_sessions(olivia: FlaskClient, omar: FlaskClient) -> None:
    page = f"/settings/staff/{OMAR}"
    assert "Firefox on Linux" in olivia.get(page).text
    assert send(olivia, f"{page}/log-ins", seen_on=page).status_code == 400, "a form says what it wants"
    assert is_in(omar)
    change(olivia, "/log-ins", end="all")
    assert (is_in(omar), is_in(olivia)) == (False, True)
    assert "is logged in nowhere" in olivia.get(page).text
    assert "Log-ins of Omar Haddad" in olivia.get("/settings/changes").text


def test_to_open_the_link_again_ends_the_session_before(app: Flask, path: str) -> None:
    phone = app.test_client()
    phone.get(path)
    copy = copy_of(phone)
    assert copy.get("/t").status_code == 200
    phone.get(path)
    assert (phone.get("/t").status_code, copy.get("/t").status_code) == (200, 404)


def test_a_log_out_ends_the_mobile_page_of_that_browser_too(
    app: Flask, database: Database, path: str
) -> None:
    tara = browser(app, database, TARA)
    tara.get(path)
    copy = copy_of(tara)
    send(tara, "/logout", seen_on=MINE)
    assert copy.get("/t").status_code == 404


def test_a_cookie_without_a_session_of_ours_opens_nothing(app: Flask, database: Database) -> None:
    """Not even one that is signed with our key."""
    client = app.test_client()
    for forged in ({}, {SECRET: ""}, {SECRET: "x" * 32}):
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": str(OLIVIA), "until": NOON.timestamp() + 9999, **forged})
        assert not is_in(client)
    let_in(database, client, TARA, SessionKind.LINK)
    with client.session_transaction() as cookie:
        cookie.update({SECRET: cookie["link_secret"], "_user_id": str(TARA)})
    assert not is_in(client), "nor the session of a link"


def test_a_form_is_kept_for_whoever_was_idle_and_not_for_whoever_was_ended(
    database: Database, omar: FlaskClient, olivia: FlaskClient, clock: time_machine.Traveller
) -> None:
    token = token_in(omar.get(MINE).text)
    change(olivia, "/log-ins", end="all")
    omar.post("/callbacks/1/end", data={"reason": "x", "csrf_token": token})
    with database.reading() as session:
        assert session.scalar(select(UnsentForm)) is None
    clock.shift(timedelta(hours=2))
    olivia.post("/callbacks/1/end", data={"reason": "x", "csrf_token": token})
    with database.reading() as session:
        assert session.scalar(select(UnsentForm.staff_id)) == OLIVIA


def test_a_stream_ends_with_its_session(app: Flask, database: Database, omar: FlaskClient) -> None:
    services(app).keep(Feed(database, checked_every=0.02))
    told = omar.get("/stream").iter_encoded()
    assert any(b"event: here" in words for words in told)
    with database.transaction() as session:
        session.get_one(Staff, OMAR).is_active = False
    assert len(list(islice(told, 500))) < 500, "only signs of life came, and then the end"


def test_in_production_no_neighbour_can_put_a_cookie_in_its_place(
    settings: Config, database: Database
) -> None:
    app = console_app(replace(settings, public_url="https://line.example"), database)
    cookie = app.test_client().get("/login").headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "; Secure" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/17.5 Safari/605.1", "Safari on Mac"),
        ("<script>alert(1)</script>", "Another program"),
        ("", "Another program"),
    ],
)
def test_a_browser_has_a_name_that_people_know(agent: str, name: str) -> None:
    assert described(agent) == name

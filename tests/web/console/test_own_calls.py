"""Whether somebody gets calls, set on pages: by themselves, by the owner; and one's own PIN."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from ivr.callcenter.routing import rules as routing_rules
from ivr.company.staff import passwords
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console import OMAR, PASSWORD, TARA, LogIn, send, token_in
from tests.support.console_pages import Visit

MINE = "/account/calls"
PIN = "481516"


def stands(database: Database, who: int = OMAR) -> tuple[bool, datetime | None, str | None]:
    with database.reading() as session:
        one = session.get_one(Staff, who)
        return one.is_available, one.away_until, one.away_reason


def pauses(client: FlaskClient, who: int = OMAR, seen_on: str = MINE, **fields: str) -> int:
    sent = {"_method": "DELETE"} | fields
    return send(client, f"/staff/{who}/availability", seen_on=seen_on, **sent).status_code


def is_paused(database: Database, who: int) -> None:
    """They missed two calls."""
    with database.transaction() as session:
        one = session.get_one(Staff, who)
        one.is_available, one.unanswered, one.away_reason = (
            False,
            routing_rules.UNANSWERED,
            routing_rules.UNANSWERED_REASON,
        )
        one.away_until = clock.now() + timedelta(minutes=15)


def test_an_operator_is_away_until_a_time_and_everybody_reads_why(
    operator: FlaskClient, log_in: LogIn, database: Database
) -> None:
    assert pauses(operator, until="2099-01-01T09:00") == 409, "more than a year"
    assert pauses(operator, until="soon") == 409
    assert pauses(operator, reason="x" * 101) == 409
    assert pauses(operator, OMAR, MINE, **{"for": "a while"}) == 400
    assert stands(database) == (True, None, None)
    soon = (clock.now() + timedelta(days=40)).strftime("%Y-%m-%dT12:30")

    assert pauses(operator, until=soon, reason=" <b>Dentist</b> ") == 303
    is_available, until, reason = stands(database)
    assert (is_available, reason) == (False, "<b>Dentist</b>")
    assert until is not None
    board = log_in("technician").get("/").text
    assert "12:30 PM</time>: &lt;b&gt;Dentist&lt;/b&gt;" in board
    assert "Change the pause" in operator.get(MINE).text
    assert send(operator, f"/staff/{OMAR}/availability", seen_on=MINE).status_code == 303
    assert stands(database) == (True, None, None)


def test_the_owner_sets_anybody_away_and_nobody_else_does(
    operator: FlaskClient, log_in: LogIn, database: Database
) -> None:
    owner, page = log_in("owner"), f"/staff/{TARA}/away"
    assert pauses(owner, TARA, page, **{"for": "60", "reason": "Training"}) == 303
    is_available, until, reason = stands(database, TARA)
    assert (is_available, reason) == (False, "Training")
    assert until is not None
    assert timedelta(minutes=59) < until - clock.now() <= timedelta(hours=1)
    assert "Training" in owner.get(page).text
    assert owner.get("/staff/999/away").status_code == 404
    assert operator.get(page).status_code == 303
    assert pauses(operator, TARA) == 403
    assert operator.get(f"/staff/{OMAR}/away").location == MINE


def test_a_technician_pauses_on_their_own_page_and_sets_a_pin(tara: FlaskClient, database: Database) -> None:
    send(tara, "/t/available", seen_on="/t", **{"for": "15"})
    is_available, until, _ = stands(database, TARA)
    assert not is_available
    assert until is not None
    assert timedelta(minutes=14) < until - clock.now() <= timedelta(minutes=15)
    live = {"csrf_token": token_in(tara.get("/t").text), "until": "yesterday"}
    refused = tara.post("/t/available", data=live, headers={"X-Live": "1"})
    assert (refused.status_code, refused.text[:19]) == (409, "Choose a time ahead")
    assert send(tara, "/t/available", seen_on="/t").status_code == 400
    assert send(tara, "/t/pin", seen_on="/t", pin="123456").status_code == 409
    assert send(tara, "/t/pin", seen_on="/t", pin=PIN).status_code == 303
    assert "You have a PIN" in tara.get("/t").text
    with database.reading() as session:
        assert passwords.check_pin(session.get_one(Staff, TARA), PIN)


def test_a_link_sets_no_pin_of_an_owner(tara: FlaskClient, database: Database) -> None:
    token = token_in(tara.get("/t").text)
    with database.transaction() as session:
        session.get_one(Staff, TARA).role = "owner"  # type: ignore[assignment]  # the word is kept

    assert tara.post("/t/pin", data={"pin": PIN, "csrf_token": token}).status_code == 403
    assert "PIN for the phone" not in tara.get("/t").text


def test_ones_own_pin_wants_the_password(operator: FlaskClient, database: Database) -> None:
    path = f"{MINE}/pin"
    assert send(operator, path, seen_on=MINE, pin=PIN, old="not this one").status_code == 422
    wrong = send(operator, path, seen_on=MINE, pin="111111", old=PASSWORD)
    assert (wrong.status_code, "not all the same and not in a row." in wrong.text) == (422, True)
    assert send(operator, path, seen_on=MINE, pin=PIN, old=PASSWORD).status_code == 303
    with database.reading() as session:
        assert passwords.check_pin(session.get_one(Staff, OMAR), PIN)


@pytest.mark.parametrize("how", ["the mobile page", "the console"])
def test_who_missed_two_calls_is_back_with_whatever_they_press(
    tara: FlaskClient, operator: FlaskClient, database: Database, how: str
) -> None:
    client, who, page = (tara, TARA, "/t") if how == "the mobile page" else (operator, OMAR, MINE)
    is_paused(database, who)
    shown = client.get(page).text
    assert "Two calls not answered" in shown
    assert not stands(database, who)[0], "to look is to press nothing"
    press = {"csrf_token": token_in(shown), "pin": "wrong", "old": "wrong"}
    client.post(f"{page}/pin", data=press)
    assert stands(database, who) == (True, None, None)

    is_paused(database, who)
    token = token_in(client.get(page).text)
    client.post("/t/close" if who == TARA else "/logout", data={"csrf_token": token})
    assert not stands(database, who)[0], "whoever logs out is not back"


@without_browser
@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.whole)])
def test_on_a_mobile(visit: Visit, path: str, scheme: str) -> None:
    page = visit(path, role=None, width=360, color_scheme=scheme, bypass_csp=True)
    page.get_by_text("Pause until a time, or say why").click()
    page.get_by_label("Reason").fill("Dentist")
    page.get_by_label("For", exact=True).select_option("60")
    assert violations(page) == []
    page.get_by_role("button", name="Pause calls").click()
    expect(page.get_by_text("Dentist", exact=False).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    desk = visit(MINE, width=360, color_scheme=scheme, bypass_csp=True)
    expect(desk.get_by_role("heading", name="Your calls")).to_be_visible()
    assert violations(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360

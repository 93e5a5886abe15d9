"""A technician's own page on a mobile: what opens it, what it opens, and half a minute on it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import IntakeState
from ivr.company.policy.service import Command
from ivr.company.staff import changes
from ivr.company.staff.links import Links
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database
from ivr.core.logging_setup import masked
from ivr.platform.timeline import service as timeline
from tests.support.browser import violations, without_browser
from tests.support.console import PASSWORD, TARA, LogIn, send, token_in
from tests.support.console_pages import Visit
from tests.support.taken_calls import takes


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def test_a_link_is_read_for_thirty_days_and_only_if_it_is_ours(traveller: time_machine.Traveller) -> None:
    links = Links("k" * 40, "https://line.example.com")
    url = links.url(7, 3)
    assert url.startswith("https://line.example.com/t/")
    token = url.rpartition("/")[2]
    assert links.read(token) == (7, 3)
    assert Links("l" * 40, "").read(token) is None
    assert links.read(("A" if token[0] != "A" else "B") + token[1:]) is None
    assert links.read(token + "x" * 200) is None
    traveller.shift(timedelta(days=30))
    assert links.read(token) == (7, 3)
    traveller.shift(timedelta(seconds=2))
    assert links.read(token) is None


def test_the_token_is_in_one_request_and_opens_nothing_else(app: Flask, tara: FlaskClient, path: str) -> None:
    entering = app.test_client().get(path)
    assert entering.headers["Referrer-Policy"] == "no-referrer"
    page = tara.get("/t")
    assert page.status_code == 200
    assert "Tara Nguyen" in page.text
    assert "Nothing yet" in page.text
    assert path.rpartition("/")[2] not in page.text
    for answer in (entering, page):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert tara.get("/intakes").location.startswith("/login")


def test_every_route_but_the_link_itself_wants_a_link(app: Flask, log_in: LogIn) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("pocket.")]
    assert {rule.endpoint for rule in rules} == {
        "pocket.enter",
        "pocket.page",
        "pocket.available",
        "pocket.available_page",
        "pocket.pin",
        "pocket.close",
        "pocket.intake",
        "pocket.fill_in",
        "pocket.fields",
        "pocket.mark_visit",
        "pocket.visit_paper",
        "pocket.account",
        "pocket.answer_about_time",
        "pocket.question_page",
        "pocket.renew_calendar",
        "pocket.shifts",
        "pocket.act_on_shifts",
    }
    for client in (app.test_client(), log_in("owner")):
        for rule in rules:
            built = rule.build({"reference": "R1", "token": "forged-by-somebody", "check": "1"})
            assert built is not None
            for method in rule.methods & {"GET", "POST"}:  # type: ignore[operator]
                answer = client.open(built[1], method=method)
                assert answer.status_code == 404, rule
                assert "This link is closed" in answer.text


def test_a_field_technician_s_log_in_leads_to_their_own_page_and_nowhere_else(log_in: LogIn) -> None:
    fay = log_in("field")
    home = fay.get("/")
    assert (home.status_code, home.location) == (303, "/t")
    assert "Your visits" in fay.get("/t").text
    assert fay.get("/intakes").status_code == 403
    assert 'href="/callbacks"' not in fay.get("/account/password").text


@pytest.mark.parametrize("end", ["revoked", "left", "twelve hours"])
def test_who_is_in_is_looked_at_each_time(
    database: Database, tara: FlaskClient, path: str, traveller: time_machine.Traveller, end: str
) -> None:
    assert tara.get("/t").status_code == 200
    if end == "twelve hours":
        traveller.shift(timedelta(hours=12, seconds=1))
    else:
        with database.transaction() as session:
            staff = session.get_one(Staff, TARA)
            if end == "revoked":
                changes.revoke_links(Command("test"), staff)
            else:
                changes.set_active(Command("test"), staff, on=False)
    assert tara.get("/t").status_code == 404
    assert tara.get(path).status_code == (302 if end == "twelve hours" else 404)


def test_whoever_logs_out_on_the_phone_leaves_nothing_that_opens_the_page(tara: FlaskClient) -> None:
    kept = tara.get_cookie("session")
    assert kept
    assert "You&#39;re logged out" in send(tara, "/t/close", seen_on="/t").text
    assert tara.get("/t").status_code == 404
    tara.set_cookie("session", kept.value)
    assert tara.get("/t").status_code == 404


def test_wrong_links_are_counted_by_themselves_and_a_good_one_opens_all_the_same(
    app: Flask, path: str
) -> None:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.20"
    junk = [client.get(f"/t/not-one-of-ours-{number}").status_code for number in range(21)]
    assert junk == [404] * 20 + [429]
    assert client.get(path).status_code == 302
    assert send(client, "/login", email="owner@example.com", password=PASSWORD).status_code == 302


def test_the_page_links_to_our_contact_card_so_that_their_phone_lets_our_calls_through(
    tara: FlaskClient,
) -> None:
    assert 'href="/contact.vcf">Save our number' in tara.get("/t").text


@pytest.mark.usefixtures("offered")
def test_only_what_they_have_taken_is_opened(tara: FlaskClient) -> None:
    page = tara.get("/t").text
    assert "With you now: R1" in page
    assert "Declined" in page
    assert not re.search(r"\bR3\b", page), "tokens may have these letters in them"
    token = token_in(page)
    for reference, status in (("R1", 303), ("R2", 404), ("R3", 404), ("R9", 404)):
        for seen in (f"/t/{reference}", f"/t/{reference}/fields"):
            assert tara.get(seen).status_code == (200 if status == 303 else 404), seen
        sent = tara.post(f"/t/{reference}", data={"contact_name": "Rosa", "csrf_token": token})
        assert sent.status_code == status, reference


@pytest.mark.usefixtures("offered")
def test_the_fields_are_kept_as_at_the_desk(database: Database, tara: FlaskClient) -> None:
    assert send(tara, "/t/r1", contact_name="Rosa Díaz", notes="Bring a ladder").status_code == 303
    with database.reading() as session:
        intake = session.get_one(Intake, 1)
        assert (intake.contact_name, intake.notes) == ("Rosa Díaz", "Bring a ladder")
    assert send(tara, "/t/R1", contact_email="rosa", contact_name="Rosa B").location == "/t/R1"
    wrong = tara.get("/t/R1")
    assert "That isn&#39;t an email address" in wrong.text
    assert "Rosa B" in wrong.text, "what was typed is still there"
    token = token_in(tara.get("/t").text)
    live = tara.post(
        "/t/R1",
        data={"contact_name": "R", "was_contact_name": "", "csrf_token": token},
        headers={"X-Live": "1"},
    )
    assert live.status_code == 409
    assert "Tara Nguyen has changed this" in live.json["conflicts"]["contact_name"]["words"]  # type: ignore[index]


def test_the_switch_works_behind_https_and_from_our_page_only(database: Database, tara: FlaskClient) -> None:
    secure = {"base_url": "https://localhost"}
    page = tara.get("/t", **secure)
    assert page.headers["Referrer-Policy"] == "same-origin", "after a log-in one is back on this page"
    data = {"on": "0", "csrf_token": token_in(page.text)}
    came_from = {"Referer": "https://localhost/t"}
    assert tara.post("/t/available", data={"on": "0"}, headers=came_from, **secure).status_code == 400
    assert tara.post("/t/available", data=data, headers=came_from, **secure).status_code == 303
    with database.reading() as session:
        assert not session.get_one(Staff, TARA).is_available
    assert "You're away" in tara.get("/t").text


def test_the_owner_makes_a_link_that_is_shown_once(app: Flask, log_in: LogIn) -> None:
    owner, settings_page = log_in("owner"), "/settings/staff/1"
    assert send(owner, f"{settings_page}/link", seen_on=settings_page, link="make").status_code == 303
    found = re.search(r"/t/[\w.-]{13,}", owner.get(settings_page).text)
    assert found
    assert found[0] not in owner.get(settings_page).text
    assert app.test_client().get(found[0]).location == "/t"
    send(owner, f"{settings_page}/link", seen_on=settings_page, link="revoke")
    assert app.test_client().get(found[0]).status_code == 404
    audit = owner.get("/settings/changes").text
    assert "Link of Tara Nguyen" in audit
    assert found[0] not in audit


def test_no_log_line_holds_a_token(path: str) -> None:
    token = path.rpartition("/")[2]
    line = masked(
        None, "info", {"event": f"GET {path} 302", "path": f"/pay/{token}?lang=es", "at": "/t/K7M3QX"}
    )
    assert line == {"event": "GET /t/**** 302", "path": "/pay/****?lang=es", "at": "/t/K7M3QX"}


@pytest.mark.usefixtures("offered", "traveller")
def test_an_open_page_is_told_only_what_has_happened(database: Database, tara: FlaskClient) -> None:
    page = tara.get("/t")
    known = {"X-Live": "1", "If-None-Match": page.headers["ETag"]}
    assert tara.get("/t", headers=known).status_code == 304
    assert tara.get("/t", headers={"If-None-Match": page.headers["ETag"]}).status_code == 200, (
        "it was reloaded"
    )
    takes(database, 4)
    news = tara.get("/t", headers=known)
    assert news.status_code == 200
    assert "With you now: R4" in news.text
    assert "<html" not in news.text


@pytest.mark.usefixtures("offered")
def test_what_is_with_them_is_said_on_the_page_of_another(database: Database, tara: FlaskClient) -> None:
    takes(database, 4)
    page = tara.get("/t/R1").text
    assert "You took: R1" in page
    assert 'R4 is with you now. <a href="/t">' in page
    now = tara.get("/t").text
    assert "is with you now." not in now
    assert 'Before that you took <a class="number" href="/t/R1">' in now
    takes(database, 5, rings=True)
    ringing = tara.get("/t").text
    assert "<title>\N{BLACK TELEPHONE} Your phone is ringing" in ringing
    assert "Your phone is ringing. Press 1 to accept." in ringing


@without_browser
@pytest.mark.usefixtures("offered")
def test_the_page_follows_the_calls(visit: Visit, database: Database, path: str) -> None:
    page = visit(path, role=None, width=360, bypass_csp=True)
    expect(page.get_by_role("heading", name="With you now: R1")).to_be_visible()
    takes(database, 4, rings=True)
    expect(page).to_have_title(re.compile("Your phone is ringing"))
    expect(page.get_by_text("Your phone is ringing. Press 1 to accept.")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Technician's notes").press_sequentially("Bring a ladder")
    takes(database, 4)
    expect(page.get_by_role("heading", name="With you now: R4")).to_be_visible()
    expect(page.get_by_label("Technician's notes")).to_have_value("")
    expect(page).not_to_have_title(re.compile("Your phone is ringing"))
    page.get_by_role("link", name="R1").first.click()
    expect(page.get_by_label("Technician's notes")).to_have_value("Bring a ladder")
    expect(page.get_by_role("status").filter(has_text="R4 is with you now.")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", name="With you now: R4")).to_be_visible()


@without_browser
@pytest.mark.usefixtures("offered")
def test_what_cannot_be_kept_stays_before_them(visit: Visit, database: Database, path: str) -> None:
    page = visit(path, role=None, width=360)
    page.get_by_label("Email").press_sequentially("rosa at")
    takes(database, 4)
    expect(page.get_by_role("alert").filter(has_text="R4 is with you now.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("rosa at")
    expect(page.get_by_text("That isn't an email address")).to_be_visible()


@without_browser
@pytest.mark.usefixtures("offered")
def test_the_switch_and_the_caller_are_followed_without_a_reload(
    visit: Visit, database: Database, path: str
) -> None:
    page = visit(path, role=None, width=360)
    page.evaluate("window.isTheSame = true")
    page.get_by_label("Name", exact=True).press_sequentially("Ro")
    page.get_by_role("button", name="Pause my calls").click()
    expect(page.get_by_role("button", name="Take calls again")).to_be_visible()
    with database.transaction() as session:
        intake = session.get_one(Intake, 1)
        intake.state, intake.issue, intake.callback_number = (
            IntakeState.CLOSED,
            "The lobby is silent.",
            "+14155550177",
        )
        intake.site_address = "1 Main St"
        timeline.append(1, "issue_heard", words="The lobby is silent.")
    expect(page.get_by_text("The lobby is silent.")).to_be_visible()
    expect(page.get_by_label("Site address"), "somebody at a desk has asked").to_have_value("1 Main St")
    expect(page.get_by_role("link", name="(415) 555-0177")).to_be_visible()
    expect(page.locator("[data-reference]")).to_contain_text("Closed")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ro")
    assert page.evaluate("window.isTheSame")


@without_browser
@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.whole)])
@pytest.mark.usefixtures("offered")
def test_half_a_minute_on_a_mobile(visit: Visit, database: Database, path: str, scheme: str) -> None:
    page = visit(path, role=None, width=360, color_scheme=scheme, bypass_csp=True)
    expect(page).to_have_url(re.compile(r"/t$"))
    page.get_by_role("button", name="Pause my calls").click()
    expect(page.get_by_text("You're away")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Rosa Díaz")
    page.get_by_label("Site address").focus()
    expect(page.get_by_text(re.compile("^Saved "))).to_be_visible()
    page.get_by_label("Email").fill("rosa")
    page.get_by_label("Site address").focus()
    expect(page.get_by_text("That isn't an email address")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        "[...document.querySelectorAll('a, button, input, select, textarea')]"
        ".filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 48)"
        ".map((one) => one.outerHTML)"
    )
    assert small == []
    page.goto("/t/R3")
    assert violations(page) == []
    plain = visit(path, role=None, width=360, color_scheme=scheme, java_script_enabled=False)
    expect(plain.get_by_text("You're away")).to_be_visible()
    plain.get_by_label("Name", exact=True).fill("Rosa Diaz-Ortiz")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.get_by_label("Name", exact=True)).to_have_value("Rosa Diaz-Ortiz")
    plain.goto("/t")
    plain.get_by_role("button", name="Take calls again").click()
    expect(plain.get_by_text("You're away")).to_be_hidden()
    with database.reading() as session:
        assert session.get_one(Intake, 1).contact_name == "Rosa Diaz-Ortiz"

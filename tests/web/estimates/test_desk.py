"""The estimate at the desk: worked out while somebody talks, refused with what to do, sent, watched."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake import service as intakes
from ivr.company.mail import service as mail
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.timeline.models import CallEvent
from ivr.services import services
from tests.support.browser import PERSON, violations, without_browser
from tests.support.console import PASSWORD, send, sends
from tests.support.windows import let_in_browser
from tests.support.world import pacific


def test_an_odd_sum_is_refused_with_the_two_nearest_and_one_press_takes_one(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    odd = {"seen": "0", "extra_hours": "2", "surcharge": "30", "surcharge_reason": "Far away"}
    refused = sends(desk, path, do="send", **odd)
    assert refused.status_code == 422
    assert "$680 doesn&#39;t fit our price steps" in refused.text
    for words in ("Make it $675", "Make it $700", 'value="Far away"'):
        assert words in refused.text
    with database.reading():
        assert estimates_queries.versions(intake_id) == []

    for surcharge in ("30", "$ 30.00", "30 dollars"):
        taken = sends(desk, path, sum="70000", **{**odd, "surcharge": surcharge})
        assert 'name="surcharge" type="text" value="50"' in taken.text
    assert "$350 and 14 \N{MULTIPLICATION SIGN} $25" in taken.text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("extra_hours", "1.5", "whole hours"),
        ("extra_hours", "41", "whole hours"),
        ("rate", "140", "The nearest rates are $125 and $150."),
        ("rate", "175", "Enter a short reason"),
        ("rate", "150,00", "150,00 could mean $150.00 or $15,000: write 150.00 or 15000."),
        ("surcharge", "25,00", "25,00 could mean $25.00 or $2,500: write 25.00 or 2500."),
        ("surcharge", "-25", "below zero"),
        ("surcharge", "some", "That isn&#39;t an amount"),
        ("surcharge", "25", "Enter a short reason"),
        ("valid_until", "soon", "Enter the day"),
        ("valid_until", "2026-11-22", "from today on"),
        ("surcharge_reason", "x" * 201, "At most 200 characters"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    desk: FlaskClient, path: str, field: str, typed: str, words: str
) -> None:
    answer = sends(desk, path, do="send", seen="0", **{field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed}"' in answer.text


def test_who_has_not_seen_the_newest_version_sends_nothing(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    assert sends(desk, path, do="send", seen="0", extra_hours="1").status_code == 200
    late = sends(desk, path, do="send", seen="0", extra_hours="2")
    assert late.status_code == 409
    assert "Someone else has just changed or sent this estimate." in late.text
    with database.reading():
        assert [one.total_cents for one in estimates_queries.versions(intake_id)] == [500_00]


def test_the_price_by_call_back_is_a_task_inside_hours_until_it_is_sent(
    desk: FlaskClient, path: str, database: Database, clock: time_machine.Traveller
) -> None:
    refused = sends(desk, path, "estimate/promise", due_at="2026-11-24T18:00")
    assert refused.status_code == 422
    assert "The nearest time it is open: Wed, Nov 25, 2026, 7:00 AM PST." in refused.text
    assert 'value="2026-11-24T18:00"' in refused.text

    assert sends(desk, path, "estimate/promise", due_at="2026-11-24T10:00").status_code == 200
    clock.shift(26 * 3600)
    again = send(desk, "/login", email="olive@example.com", password=PASSWORD)
    assert again.status_code == 302
    assert "Overdue: the customer is waiting for the price" in desk.get(path).text
    assert "Waiting for the price" in desk.get("/callbacks").text

    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.reading() as session:
        (task,) = session.scalars(select(Callback))
        assert (task.reason, task.state) == ("estimate", "done")


@without_browser
def test_the_sum_follows_what_is_typed_and_everybody_can_work_it(
    app: Flask, path: str, olive: Staff, address: str, browser: Browser
) -> None:
    page = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 900}, bypass_csp=True
    ).new_page()
    let_in_browser(page.context, app, olive.id, address)
    page.goto(path)
    expect(page.get_by_text("No estimate yet.")).to_be_visible()
    page.get_by_label("Extra hours").fill("3")
    expect(page.get_by_text("$350 and 18 \N{MULTIPLICATION SIGN} $25")).to_be_visible()
    page.get_by_label("Location and scope").fill("30")
    expect(page.get_by_role("button", name="Make it $825")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Make it $825").click()
    page.get_by_label("Reason for surcharge").fill("Ferry")
    page.get_by_role("button", name="Send to maria@example.com").click()
    expect(page.get_by_text("Not opened yet")).to_be_visible()
    for there in (path, "/estimates", "/estimates?state=draft"):
        page.goto(there)
        assert violations(page) == [], there
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, there
    page.context.close()


def test_a_letter_that_bounced_is_sent_again_to_the_corrected_address(
    desk: FlaskClient, path: str, database: Database, intake_id: int, clock: time_machine.Traveller
) -> None:
    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.transaction():
        quote = estimates_queries.versions(intake_id)[0]
        before = letters.letters_by_estimate([quote])[quote.id]
        again = f"estimate/{quote.id}/again"
    early = sends(desk, path, again, to="maria@example.org")
    assert early.status_code == 422
    with database.transaction():
        mail.bounced(before.id, "550 no such mailbox")
    returned = "The last email to maria@example.com bounced: 550 no such mailbox."
    assert returned in desk.get(path).text
    assert "The email to maria@example.com bounced: 550 no such mailbox." in desk.get(path).text

    clock.shift(60)
    wrong = sends(desk, path, again, to="maria@")
    assert wrong.status_code == 422
    assert 'value="maria@"' in wrong.text
    assert "That isn&#39;t an email address." in wrong.text

    assert sends(desk, path, again, to="maria@example.org").status_code == 200
    assert returned not in desk.get(path).text
    with database.transaction():
        letter = letters.letters_by_estimate([quote])[quote.id]
        assert (letter.id, letter.state, letter.to, letter.why) == (
            before.id,
            "queued",
            "maria@example.org",
            None,
        )
        assert letter.values == before.values, "the same link"
        assert intakes.get(intake_id).contact_email == "maria@example.org"
        mail.bounced(letter.id, "550 nor this")
    with database.transaction() as session:
        kinds = session.scalars(select(CallEvent.kind).where(CallEvent.kind.startswith("mail_")))
        assert list(kinds) == ["mail_queued", "mail_bounced"] * 2
        estimates.withdraw(quote.id, by=roster.everyone()[0])
    assert "Send again" not in desk.get(path).text
    assert sends(desk, path, again, to="maria@example.org").status_code == 422


def test_what_opens_the_link_within_a_minute_is_perhaps_a_scanner_until_a_person_does(
    desk: FlaskClient, app: Flask, path: str, database: Database, clock: time_machine.Traveller
) -> None:
    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.reading():
        quote = estimates_queries.get(1)
        link = (letters.url_of(quote) or "").removeprefix(services(app).config.public_url)
    customer = app.test_client()
    perhaps = "Opened, perhaps by a mail scanner"

    def opens(after: int) -> str:
        clock.shift(after)
        assert customer.get(link, headers={"User-Agent": PERSON}).status_code == 200
        return desk.get(path).text

    assert perhaps in opens(20)
    shown = opens(30)
    assert perhaps in shown
    assert shown.count("was opened within a minute of the email: perhaps by a mail scanner.") == 1
    assert perhaps not in opens(180)
    shown = opens(180)
    assert perhaps not in shown
    assert shown.count("The customer opened the estimate") == 1
    with database.reading():
        assert estimates_queries.get(1).opened_at == pacific("2026-11-23 09:03:50")


def test_a_customer_who_pays_at_once_is_no_mail_scanner(
    desk: FlaskClient, app: Flask, path: str, database: Database, clock: time_machine.Traveller
) -> None:
    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.reading():
        link = letters.url_of(estimates_queries.get(1)) or ""
    link = link.removeprefix(services(app).config.public_url)
    clock.shift(20)
    app.test_client().get(link, headers={"User-Agent": PERSON})
    assert "Opened, perhaps by a mail scanner" in desk.get(path).text

    with database.transaction():
        estimates.paid(1)

    shown = desk.get(path).text
    assert "Opened, perhaps by a mail scanner" not in shown
    assert "Opened <small>" in shown


def test_when_more_time_was_agreed_is_shown_to_everybody(
    desk: FlaskClient, app: Flask, path: str, database: Database, intake_id: int
) -> None:
    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.transaction():
        estimates.paid(estimates_queries.versions(intake_id)[0].id)
    sends(desk, path, do="send", seen="0", extra_hours="1", agreed_by="Maria Lopez")

    assert "agreed by Maria Lopez, <time" in desk.get(path).text
    with database.reading():
        quote = estimates_queries.versions(intake_id)[0]
        post = letters.letters_by_estimate([quote])[quote.id]
        written = mail.letter(post.id, address="https://line.test", sender="line@example.com")
    assert written is not None
    agreed = "Monday, November 23, 2026, 9:00 AM"
    assert f"Agreed: {agreed}" in written.text
    portal = app.test_client().get(urlsplit(post.values["url"]).path).text
    assert re.search(f"Maria Lopez, <time[^>]*>{agreed}", portal)


def pays_by_bank(app: Flask, desk: FlaskClient, database: Database, path: str) -> Callable[[str], object]:
    """The operator sends version 1, and the customer tells their bank to pay it. Returns what happens at the bank."""
    sends(desk, path, do="send", seen="0", extra_hours="1")
    with database.reading():
        link = urlsplit(letters.url_of(estimates_queries.get(1)) or "").path
    customer = app.test_client()
    customer.get(link, headers={"User-Agent": PERSON})
    till = customer.post(f"{link}/checkout").location
    assert "Not paid yet" in desk.get(path).text
    customer.post(till, data={"press": "later"})
    return lambda press: customer.post(till, data={"press": press})


def test_the_operator_sees_that_a_bank_transfer_is_on_its_way(
    app: Flask, desk: FlaskClient, database: Database, path: str
) -> None:
    pays_by_bank(app, desk, database, path)

    shown = desk.get(path).text
    assert "Paid by bank transfer, not arrived yet" in shown
    assert "Not paid yet" not in shown.split('id="estimate-standing"')[1].split("</ol>")[0]
    assert "Opened, perhaps by a mail scanner" not in shown, "none pays"
    assert "The bank transfer for version 1 has not arrived yet. It counts for a new version" in shown
    sends(desk, path, do="send", seen="1", extra_hours="2")
    assert "Not paid yet: the bank transfer for version 1 counts for it" in desk.get(path).text
    refused = sends(desk, path, "matter", do="close", why="No answer")
    assert refused.status_code == 409
    assert "Wait until the money has arrived" in refused.text


def test_the_operator_sees_what_was_paid_for_the_version_before(
    app: Flask, desk: FlaskClient, database: Database, path: str
) -> None:
    at_the_bank = pays_by_bank(app, desk, database, path)
    sends(desk, path, do="send", seen="1", extra_hours="2")
    at_the_bank("arrives")

    shown = desk.get(path).text.split('id="estimate-standing"')[1].split("<details")[0]
    assert "$500 of $650 is paid" in shown
    assert "$500 was paid: it counts for the version in its place" in shown
    assert "Not paid yet" not in shown

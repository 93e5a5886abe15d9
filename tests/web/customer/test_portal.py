"""The customer's page: what it shows, whom it lets in, and that everybody can use it."""

from datetime import timedelta
from typing import Literal

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, expect

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.browser import PERSON, violations, without_browser
from tests.support.estimates import WANTED, send

AS_PERSON = {"User-Agent": PERSON}


def test_it_shows_the_base_once_and_the_increments_filled_in(
    app: Flask, database: Database, intake_id: int, olive: Staff
) -> None:
    _, path = send(database, app, intake_id, olive, WANTED)
    answer = app.test_client().get(path)

    assert answer.status_code == 200
    for words in (
        "Onsite Support",
        "2 more hours at $150 each",
        "Paid in advance as $350 and 14 increments of $25.",
        "Pay $700",
        "Maria Lopez",
        "Good until",
    ):
        assert words in answer.text
    assert "Ladder work &lt;high&gt;" in answer.text
    assert f'action="{path}/checkout"' in answer.text
    assert 'name="card' not in answer.text
    assert "<script" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    spanish = app.test_client().get(path + "?lang=es").text
    assert "Pagar $700" in spanish
    assert "lunes, 7 de diciembre de 2026" in spanish


def test_only_a_person_who_is_not_of_the_house_opens_it(
    app: Flask, database: Database, intake_id: int, olive: Staff, clock: time_machine.Traveller
) -> None:
    quote_id, path = send(database, app, intake_id, olive, WANTED)
    clock.shift(timedelta(minutes=5))

    def opened() -> bool:
        with database.reading():
            return estimates_queries.get(quote_id).opened_at is not None

    client = app.test_client()
    client.head(path, headers=AS_PERSON)
    client.get(path, headers={"User-Agent": "LinkPreviewBot/2.0"})
    client.get(path, headers={"User-Agent": ""})
    for name, value in {
        "Sec-Purpose": "prefetch;prerender",
        "Purpose": "Prefetch",
        "X-Purpose": "preview",
        "X-Moz": "prefetch",
        "Sec-Fetch-Mode": "no-cors",
    }.items():
        client.get(path, headers={**AS_PERSON, name: value})
    assert not opened()
    assert client.get(path, headers={**AS_PERSON, "Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert opened()


def test_a_link_that_is_good_no_longer_says_so_and_whom_to_call(
    app: Flask, database: Database, intake_id: int, olive: Staff, clock: time_machine.Traveller
) -> None:
    client = app.test_client()
    _, first = send(database, app, intake_id, olive, WANTED)
    second_id, second = send(database, app, intake_id, olive, EstimateDraft(extra_hours=1))

    def shown(path: str, words: str, status: int = 410) -> None:
        answer = client.get(path)
        assert answer.status_code == status
        assert words in answer.text
        assert "(877) 943-7675" in answer.text
        assert "checkout" not in answer.text

    shown(first, "There is a newer estimate")
    clock.shift(timedelta(days=15))
    shown(second, "This estimate has expired")
    clock.shift(timedelta(days=-15))
    with database.transaction():
        estimates.withdraw(second_id, by=olive)
    shown(second, "This estimate was withdrawn")
    shown(second[:-2], "This link doesn't work", 404)
    shown("/pay/x", "This link doesn't work", 404)


@pytest.fixture
def paid_and_more(app: Flask, database: Database, intake_id: int, olive: Staff) -> tuple[str, str]:
    """The links of a paid visit and of more time that is to be paid."""
    visit, path = send(database, app, intake_id, olive, WANTED)
    with database.transaction():
        estimates.paid(visit)
    more = EstimateDraft(EstimateKind.MORE_TIME, extra_hours=1, agreed_by="Maria Lopez")
    return path, send(database, app, intake_id, olive, more)[1]


@without_browser
def test_everybody_can_read_it_narrow_and_wide_light_and_dark_without_a_script(
    paid_and_more: tuple[str, str], address: str, browser: Browser
) -> None:
    path, more = paid_and_more
    looks: list[tuple[int, Literal["dark", "light"]]] = [(360, "dark"), (1280, "light")]
    for width, scheme in looks:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=address, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        for link in (path, more, more + "?lang=es" if scheme == "dark" else "/pay/nothing"):
            page.goto(link)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, link
            assert violations(page) == [], link
        context.close()
    plain = browser.new_context(java_script_enabled=False, base_url=address).new_page()
    plain.goto(more)
    expect(plain.get_by_role("button", name="Pay $150")).to_be_visible()
    plain.goto(path)
    expect(plain.get_by_role("heading", name="Paid. Thank you.")).to_be_visible()
    plain.context.close()

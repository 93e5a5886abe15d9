"""The frame of every page: the line, what waits for a person, and whose telephone rings."""

import re
from html import unescape

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.payments.models import PaymentTask
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake import clips
from ivr.callcenter.routing.models import Offer
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database
from tests.support.browser import without_browser
from tests.support.console import OMAR, LogIn
from tests.support.console_pages import Visit
from tests.support.intake_rows import NOON, an_intake

COUNT = re.compile(r'id="count-([\w-]+)"[^>]*>(\d+)<')
OLIVIA = 3
LONG = "Olivia Maximiliana Stone-Featherstonehau"


@pytest.fixture
def waiting(database: Database) -> None:
    """A task in nobody's hands, one that Omar has claimed, one that Olivia has, a promise; and a payment issue."""
    with database.transaction() as session:
        session.add_all([an_intake(number, contact_name="Rosa Díaz") for number in range(1, 5)])
        session.flush()
        for number, state, whose in (
            (1, "task", None),
            (2, "task", OMAR),
            (3, "promised", OLIVIA),
            (4, "promised", None),
        ):
            session.add(
                Callback(
                    intake_id=number,
                    reason="dropped",
                    state=state,
                    claimed_by=whose,
                    due_at=NOON,
                    arrived_at=NOON,
                    created_at=NOON,
                )
            )
        session.add(PaymentTask(intake_id=1, kind="overpaid", ref="25", cents=25_00, opened_at=NOON))


@pytest.fixture
def ringing(database: Database) -> None:
    """Olivia's telephone rings for R1, and her name is long."""
    with database.transaction() as session:
        session.add(an_intake(1, state="ringing"))
        session.execute(
            update(Staff)
            .where(Staff.id == OLIVIA)
            .values(name="Olivia Maximiliana Stone-Featherstonehaugh"[:40])
        )
        session.flush()
        offer = {"intake_id": 1, "staff_id": OLIVIA, "role": "operator", "state": "ringing", "language": "en"}
        session.add(Offer(**offer, made_at=clock.now()))


@pytest.mark.usefixtures("waiting")
def test_the_navigation_counts_what_waits_for_whoever_reads(log_in: LogIn) -> None:
    assert COUNT.findall(log_in("operator").get("/intakes").text) == [("callbacks", "2"), ("payments", "1")]
    assert COUNT.findall(log_in("technician").get("/intakes").text) == [("callbacks", "1")], "no money"
    part = log_in("owner").get("/bar", headers={"X-Live": "1"}).text
    assert COUNT.findall(part) == [("callbacks", "2"), ("payments", "1")], "an open page asks for it alone"


def test_every_page_says_whether_the_line_is_open(log_in: LogIn) -> None:
    for role, path in (
        ("operator", "/intakes"),
        ("technician", "/callbacks"),
        ("owner", "/settings/hours"),
        ("owner", "/nowhere"),
    ):
        page = log_in(role).get(path).text
        assert re.search(r'id="line-now"[^>]*>(Open until|Closed)', page), path


@pytest.mark.usefixtures("ringing")
def test_a_page_that_is_opened_while_the_phone_rings_says_so(log_in: LogIn) -> None:
    for path in ("/money", "/settings/hours", "/intakes"):
        page = unescape(log_in("owner").get(path).text)
        assert "<title>☎ Your phone is ringing · " in page, path
        assert 'Your phone is ringing for intake <a href="/intakes/R1">R1</a>. Press 1 to accept.' in page
    other = log_in("operator").get("/money").text
    assert "Your phone is ringing" not in other
    assert 'data-rings="' not in other


@without_browser
@pytest.mark.usefixtures("ringing")
def test_the_bar_is_two_rows_however_long_the_name_and_however_much_waits(
    visit: Visit, database: Database
) -> None:
    with database.transaction() as session:
        session.add_all([an_intake(number, state="message") for number in range(10, 20)])
        session.flush()
        for number in range(10, 20):
            clips.recorded(number, "https://api.twilio.com/1", seconds=9)
            session.add(PaymentTask(intake_id=number, kind="overpaid", ref="25", cents=25_00, opened_at=NOON))
            times = {"due_at": NOON, "arrived_at": NOON, "created_at": NOON}
            session.add(Callback(intake_id=number, reason="message", state="task", **times))
            task = {"cause": "no_wrap_up", "owner_id": OLIVIA, "made_at": NOON, "due_at": NOON}
            session.add(FollowUp(intake_id=number, subject_id=number, **task))
    page = visit("/settings/hours", role="owner")
    assert [count for _, count in COUNT.findall(page.content())] == ["10"] * 4
    expect(page).to_have_title(re.compile("^☎ Your phone is ringing · Hours"))
    assert page.evaluate("document.querySelector('header.bar').offsetHeight") < 120
    assert page.evaluate("(n => n.scrollWidth <= n.clientWidth)(document.querySelector('.bar nav'))")
    page.set_viewport_size({"width": 360, "height": 800})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.get_by_role("link", name="Settings")).to_be_in_viewport()

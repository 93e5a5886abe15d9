"""A whole visit: from the first ring to the second payment, by everybody who has a part in it.

The line runs as in production; its network is the simulator, its till the sandbox, its mail server a real one.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from devtools.demo import reach_technician, transfer_to_operator
from devtools.demo_clock import set_clock
from devtools.demo_stage import Stage
from devtools.local_stack import LocalStack
from devtools.simulator_command import CUSTOMER
from ivr.company.hours import rules as hours_rules
from tests.stories.visit.people import ROSA, SIX
from tests.support.browser import PERSON, violations, without_browser
from tests.support.local_windows import NUMBERS, Window
from tests.support.postbox import Postbox, mail_servers

pytestmark = [without_browser, pytest.mark.slow]


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_servers() as opens:
        yield opens()


@pytest.fixture
def parts(tmp_path: Path, postbox: Postbox) -> Iterator[LocalStack]:
    parts = LocalStack(tmp_path, speed=5)
    parts.environment |= {"SMTP_URL": f"smtp://127.0.0.1:{postbox.port}", "MAIL_FROM": "visits@line.test"}
    set_clock(Path(parts.environment["CLOCK_FILE"]), "", datetime.now(UTC))
    with parts:
        yield parts


def test_from_the_first_ring_to_the_second_payment(
    parts: LocalStack, stage: Stage, window: Window, browser: Browser, postbox: Postbox
) -> None:
    windows = {NUMBERS[name]: window(name, bypass_csp=True) for name in ("olive", "pedro")}
    operator = the_caller_is_with(stage)
    desk = windows[operator]
    desk.wait_for_url(re.compile("/intakes/"))

    # While they talk the operator asks for the six, and sends the estimate.
    for label, value in SIX.items():
        desk.get_by_label(label, exact=True).fill(value)
    desk.get_by_label("Extra hours").focus()
    expect(desk.get_by_text("All 6 filled.")).to_be_visible()
    desk.get_by_label("Extra hours").fill("2")
    expect(desk.get_by_text("$350 and 12 \N{MULTIPLICATION SIGN} $25")).to_be_visible()
    desk.get_by_role("button", name=f"Send to {ROSA}").click()

    # The customer opens the link on their telephone and pays, still talking; the operator sees it happen.
    customer = browser.new_context(viewport={"width": 360, "height": 740}, user_agent=PERSON).new_page()
    letter = the_letter(desk, postbox, "estimate")
    assert letter["To"] == ROSA
    customer.goto(link_in(letter, parts))
    expect(customer.get_by_role("row", name="2 more hours at $150 each $300")).to_be_visible()
    expect(customer.get_by_text("$350 and 12 increments of $25")).to_be_visible()
    expect(progress(desk)).to_contain_text("Opened")
    pays(customer, "$650")
    expect(progress(desk)).to_contain_text("Paid")
    the_letter(desk, postbox, "receipt: $650 paid")

    # A visit is agreed on, and they hang up: all of it on the page that popped up, which nobody reloads.
    expect(desk.get_by_text("Nothing was paid yet.")).to_be_hidden()
    desk.get_by_label("Day", exact=True).fill(a_working_day().isoformat())
    desk.get_by_label("From", exact=True).fill("09:00")
    desk.get_by_label("To", exact=True).fill("11:00")
    desk.get_by_role("button", name="Book the visit").click()
    expect(desk.get_by_role("button", name="Save the visit")).to_be_visible()
    expect(desk.locator(":focus")).to_have_text(re.compile("^Booked."))
    assert violations(desk) == [], "paid and booked"
    confirmation = the_letter(desk, postbox, "your onsite visit:")
    (calendar,) = [part for part in confirmation.walk() if part.get_content_type() == "text/calendar"]
    assert "BEGIN:VEVENT" in str(calendar.get_content())
    stage.do(CUSTOMER[0], "hang-up")
    stage.wait_until_idle([CUSTOMER[0]], "the caller has hung up")

    # On site it takes longer: three hours more are agreed, sent and paid on the same record.
    desk.get_by_text("More time on site", exact=True).click()
    desk.get_by_label("More hours").fill("3")
    desk.get_by_label("Agreed by").fill("Rosa Diaz")
    expect(desk.locator("#sum").get_by_text("18 \N{MULTIPLICATION SIGN} $25")).to_be_visible()
    desk.get_by_role("button", name=f"Send to {ROSA}").click()
    customer.goto(link_in(the_letter(desk, postbox, "more time"), parts))
    pays(customer, "$450")
    expect(progress(desk)).to_contain_text("Paid")

    (record,) = map(json.loads, parts.flask("export", "intakes", "--format", "jsonl").splitlines())
    assert (record["quote_total_cents"], record["paid_cents"]) == (110_000, 110_000)
    assert (record["contact_name"], record["contact_email"]) == ("Rosa Diaz", ROSA)
    assert (record["contact_number"], record["system_number"]) == ("+14155552671", "+15105550199")
    assert record["callbacks"] == [], record["events"]


def the_caller_is_with(stage: Stage) -> str:
    """The caller has come through a technician and a private consultation to an operator: whose number it is."""
    technician = reach_technician(stage)
    operator = transfer_to_operator(stage, technician)
    stage.do(technician, "press", keys="*")
    stage.wait_for_question(technician, "the technician hears the star menu of the consultation")
    stage.do(technician, "press", keys="1")
    stage.wait_until_joined([CUSTOMER[0], operator], "the caller and the operator talk")
    return operator


def a_working_day() -> date:
    """In some three weeks."""
    days = (datetime.now(UTC).date() + timedelta(days=20 + n) for n in range(14))
    return next(day for day in days if hours_rules.hours_on(hours_rules.COMPANY, day).window)


def the_letter(desk: Page, postbox: Postbox, subject: str) -> EmailMessage:
    """The latest letter with this in its subject, once the mail server has it."""
    for _ in range(100):
        found = [one for one in postbox.letters if subject in one["Subject"].lower()]
        if found:
            return found[-1]
        desk.wait_for_timeout(100)
    raise AssertionError(f"no letter about {subject}: {[one['Subject'] for one in postbox.letters]}")


def link_in(letter: EmailMessage, parts: LocalStack) -> str:
    text = letter.get_body(("plain",))
    assert text is not None
    found = re.search(re.escape(parts.web) + r"/pay/\S+", text.get_content())
    assert found is not None
    return found[0]


def pays(customer: Page, total: str) -> None:
    customer.get_by_role("button", name=f"Pay {total}").click()
    expect(customer.get_by_text("THIS IS A TEST")).to_be_visible()
    customer.get_by_role("button", name=f"Pay {total}").click()
    expect(customer.get_by_role("button", name=f"Pay {total}")).to_be_hidden()


def progress(desk: Page) -> Locator:
    """How far the latest version has come: sent, opened, paid."""
    return desk.get_by_role("list", name=re.compile("Progress of version")).first

"""Reports and payments with something in them, on a telephone: they keep nobody out, and no page scrolls sideways."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from ivr.backoffice.payments.models import LedgerEntry
from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console_pages import Visit
from tests.support.intake_rows import NOON, an_estimate, an_intake

pytestmark = without_browser


@pytest.mark.usefixtures("few")
def test_an_owner_reads_changes_and_fees_on_a_telephone(visit: Visit, database: Database) -> None:
    with database.transaction() as session:
        session.add(an_intake(900, created_at=NOON - timedelta(days=1)))
        session.add(an_estimate(1, "paid", 700_00))
        session.flush()
        for ref, fee in (("pay_1", 20_60), ("pay_2", None)):
            entry = {
                "intake_id": 1,
                "quote_id": 1,
                "kind": "payment",
                "cents": 700_00,
                "ref": ref,
                "at": NOON,
            }
            session.add(LedgerEntry(**entry, fee_cents=fee))

    page = visit("/money", role="owner", width=360, color_scheme="dark", bypass_csp=True)
    expect(page.get_by_text("A fee is missing until")).to_be_visible()
    expect(page.get_by_role("cell", name="-$20.60")).to_have_count(2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.goto("/reports?from=2026-11-20&to=2026-11-20")
    by_language = page.get_by_role("region", name="By language as a table")
    expect(by_language.get_by_text("up 7 from 1")).to_be_attached()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

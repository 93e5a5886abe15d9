"""The page of payments: sums by week, lines, and the file for bookkeeping."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from flask.testing import FlaskClient

from ivr.backoffice.payments.models import LedgerEntry
from ivr.core.db import Database
from tests.support.console import LogIn
from tests.support.intake_rows import an_estimate, an_intake

#: Monday, November 30, 2026, at nine in California.
MONDAY = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """It is this Monday, whenever the tests run."""
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def booked(database: Database) -> None:
    """A payment today, one last Sunday night, a refund of it; a dispute long ago; and the charges."""
    lines = (
        ("charge", -700_00, "quote:1", MONDAY),
        ("payment", 700_00, "pay_2", MONDAY),
        ("payment", 450_50, "pay_1", MONDAY - timedelta(hours=12)),
        ("refund", -50_00, "re_1", MONDAY - timedelta(hours=2)),
        ("dispute", -100_00, "dp_1", MONDAY - timedelta(weeks=30)),
    )
    with database.transaction() as session:
        session.add(an_intake(1, state="paid", contact_name="=Rosa"))
        session.flush()
        session.add(an_estimate(1, "paid", 700_00))
        session.flush()
        for kind, cents, ref, at in lines:
            fee = 20_60 if ref == "pay_2" else None
            session.add(
                LedgerEntry(intake_id=1, quote_id=1, kind=kind, cents=cents, ref=ref, at=at, fee_cents=fee)
            )


def rows(page: str) -> list[str]:
    """The rows of all tables, as they are read."""
    found = re.findall(r'<tr role="row">(.*?)</tr>', page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]


@pytest.mark.usefixtures("booked")
def test_weeks_are_summed_up_as_the_company_counts_them(operator: FlaskClient) -> None:
    seen = rows(operator.get("/money").text)
    assert seen[1] == "Nov 30 to Dec 6, 2026 1 $700 -$20.60 -$50 $0 $629.40"
    assert seen[2] == "Nov 23 to Nov 29, 2026 1 $450.50 $0 $0 $450.50", (
        "Sunday night in California; no fee yet"
    )
    assert len(seen) == 1 + 2 + 1 + 4, "weeks in which nothing moved are left out"
    assert seen[4] == "Mon, Nov 30, 2026, 9:00 AM PST =Rosa R1 Paid $700 -$20.60 $679.40"


@pytest.mark.usefixtures("booked")
def test_what_is_shown_is_chosen(operator: FlaskClient) -> None:
    refunds = rows(operator.get("/money?moved=refunds").text)
    week = rows(operator.get("/money?from=2026-11-23&to=2026-11-29").text)
    disputes = rows(operator.get("/money?moved=disputes&from=2026-05-01").text)
    none = operator.get("/money?to=2026-01-01").text
    assert [one for one in refunds if one.endswith("Refunded -$50 -$50")] == refunds[3:]
    assert week[1:2] + week[3:] == ["Nov 23 to Nov 29, 2026 1 $450.50 $0 $0 $450.50", week[-1]]
    assert "Disputed" in disputes[-1]
    assert "Nothing in these days." in none


@pytest.mark.usefixtures("booked")
def test_the_page_says_why_a_fee_is_missing_and_only_then(operator: FlaskClient) -> None:
    assert "A fee is missing until" in operator.get("/money?from=2026-11-23&to=2026-11-29").text
    assert "A fee is missing until" not in operator.get("/money?from=2026-11-30").text


@pytest.mark.usefixtures("booked")
def test_a_year_of_two_digits_is_one_of_this_century(operator: FlaskClient) -> None:
    wanted = operator.get("/money?from=2026-11-23&to=2026-11-29").text
    assert rows(operator.get("/money?from=11/23/26&to=0026-11-29").text) == rows(wanted)


@pytest.mark.usefixtures("booked")
def test_a_day_that_cannot_be_read_is_said_beside_its_field_and_the_other_filters_hold(
    operator: FlaskClient,
) -> None:
    page = operator.get("/money?moved=refunds&to=x&from=2026-05-01").text
    assert "We can&#39;t read “x”" in page
    assert 'aria-describedby="to-error"' in page
    assert 'value="2026-05-01"' in page
    assert '<option value="refunds" selected>' in page
    assert rows(page) == rows(operator.get("/money?moved=refunds&from=2026-05-01").text)
    assert operator.get("/money.csv?to=x").status_code == 404, "no file of other days than were asked for"


@pytest.mark.parametrize("wrong", ["moved=away", "page=x"])
def test_what_cannot_be_wanted_is_not_there(operator: FlaskClient, wrong: str) -> None:
    assert operator.get(f"/money?{wrong}").status_code == 404


@pytest.mark.usefixtures("booked")
def test_the_file_is_for_the_books(operator: FlaskClient, log_in: LogIn) -> None:
    text = operator.get("/money.csv?from=2026-11-01").text
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [one["net_dollars"] for one in lines] == ["679.40", "450.50", "-50.00"]
    first, second, refund = lines
    assert first["date"] == "2026-11-30T09:00:00-08:00"
    assert (first["reference"], first["customer"]) == ("R1", "'=Rosa"), "no spreadsheet runs it"
    assert first["items"] == "Visit, version 1: $700"
    assert (first["gross_dollars"], first["fee_dollars"], first["refund_dollars"]) == ("700.00", "-20.60", "")
    assert second["fee_dollars"] == "", "the provider has not told it"
    assert (refund["gross_dollars"], refund["refund_dollars"]) == ("", "-50.00")
    assert log_in("technician").get("/money.csv").status_code == 403

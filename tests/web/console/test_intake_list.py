"""The list of intakes: whose, in which order, taken out as a file, and as each person last wanted it."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.payments.models import LedgerEntry
from ivr.callcenter.callbacks.models import Callback
from ivr.core import clock
from ivr.core.db import Database
from ivr.web.console.intake_list import queries as intake_list_queries
from tests.support.console import OMAR, TARA, LogIn
from tests.support.intake_rows import NOON, an_estimate, an_intake

ROW = re.compile(r'href="/intakes/(R\d+)"')
LATER = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


@pytest.fixture
def five(database: Database) -> None:
    """Rosa's is quoted, Ben's is paid and booked, Ada's is claimed by Omar, one is nobody's, and one is closed."""
    with database.transaction() as session:
        session.add_all(
            [
                an_intake(1, state="quoted", contact_name="Rosa Díaz", operator_id=OMAR, kind="onsite"),
                an_intake(
                    2,
                    state="booked",
                    contact_name="ben Hall",
                    technician_id=TARA,
                    site_address="1 Main St\nOakland",
                ),
                an_intake(3, state="message", contact_name="Ada Wong", language="es"),
                an_intake(4, state="abandoned", caller_number="+14155552671", contact_name="=1+1"),
                an_intake(5, state="closed", kind="remote", created_at=NOON - timedelta(days=30)),
            ]
        )
        session.flush()
        session.add(a_callback(3, claimed_by=OMAR))
        session.add(Booking(intake_id=2, starts_at=LATER, ends_at=LATER, booked_by=OMAR, booked_at=NOON))
        session.add_all([an_estimate(1, "sent", 700_00), an_estimate(2, "paid", 350_00)])
        session.flush()
        session.add(LedgerEntry(intake_id=2, quote_id=2, kind="payment", cents=350_00, ref="pay_1", at=NOON))


def a_callback(intake_id: int, claimed_by: int | None) -> Callback:
    return Callback(
        intake_id=intake_id,
        number="+14155552671",
        reason="message",
        state="promised",
        due_at=NOON,
        arrived_at=NOON,
        created_at=NOON,
        claimed_by=claimed_by,
    )


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("show=mine", ["R3", "R1"]),
        ("show=unassigned", ["R4"]),
        ("show=unpaid", ["R1"]),
        ("show=today", []),
        ("person=1", ["R2"]),
        ("kind=onsite", ["R1"]),
        ("language=es", ["R3"]),
        ("state=booked", ["R2"]),
        ("from=2026-11-01&to=2026-11-20", ["R4", "R3", "R2", "R1"]),
        ("to=2026-11-19", ["R5"]),
        ("sort=oldest", ["R5", "R1", "R2", "R3", "R4"]),
        ("sort=name", ["R4", "R3", "R2", "R1", "R5"]),
        ("sort=name_back", ["R1", "R2", "R3", "R4", "R5"]),
        ("sort=sum_back", ["R1", "R2", "R5", "R4", "R3"]),
        ("sort=visit", ["R2", "R5", "R4", "R3", "R1"]),
        ("show=mine&state=quoted", ["R1"]),
    ],
)
def test_an_operator_finds_them(operator: FlaskClient, wanted: str, found: list[str]) -> None:
    assert ROW.findall(operator.get(f"/intakes?{wanted}").text) == found


@pytest.mark.usefixtures("five")
def test_who_called_today_is_found_today(operator: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        session.add(an_intake(6, created_at=clock.now()))
    assert ROW.findall(operator.get("/intakes?show=today").text) == ["R6"]


@pytest.mark.usefixtures("five")
def test_a_row_has_the_name_the_site_the_sum_and_the_visit(operator: FlaskClient) -> None:
    page = operator.get("/intakes").text
    for words in (
        "ben Hall",
        "1 Main St\nOakland",
        "$350 <small>paid",
        "$700 <small>not paid",
        "Fri, Dec 4, 2026, 9:00",
    ):
        assert words in page


@pytest.mark.usefixtures("five")
def test_what_somebody_wanted_is_there_when_they_come_back(operator: FlaskClient, log_in: LogIn) -> None:
    operator.get("/intakes?show=mine&sort=name")
    assert operator.get("/intakes").location == "/intakes?show=mine&sort=name"
    again = log_in("operator")
    assert again.get("/intakes").location == "/intakes?show=mine&sort=name", "in another browser too"
    assert log_in("owner").get("/intakes").status_code == 200, "it is theirs alone"
    assert ROW.findall(again.get("/intakes?show=all").text) == ["R4", "R3", "R2", "R1", "R5"]
    assert again.get("/intakes").status_code == 200, "all are all again"


@pytest.mark.usefixtures("five")
def test_the_file_has_what_the_page_shows(operator: FlaskClient, log_in: LogIn) -> None:
    page = operator.get("/intakes?language=en&sort=name").text
    assert 'href="/intakes.csv?language=en&amp;sort=name"' in page
    answer = operator.get("/intakes.csv?language=en&sort=name")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [one["reference"] for one in rows] == ["R4", "R2", "R1", "R5"]
    assert rows[0]["name"] == "'=1+1", "no spreadsheet runs it"
    assert (rows[1]["sum_dollars"], rows[1]["paid_dollars"]) == ("350.00", "350.00")
    assert rows[1]["visit_at"] == "2026-12-04T09:00:00-08:00"
    assert "List of intakes" in log_in("owner").get("/settings/changes").text, (
        "who took it out is written down"
    )


@pytest.mark.usefixtures("five")
@pytest.mark.usefixtures("five")
def test_who_is_erased_while_the_file_is_made_is_left_out(database: Database) -> None:
    with database.reading():
        found = intake_list_queries.rows([1, 999, 2])
    assert [one.reference for one in found] == ["R1", "R2"]


def test_a_technician_sees_no_sums_and_takes_nothing_out(log_in: LogIn) -> None:
    technician = log_in("technician")
    page = technician.get("/intakes").text
    assert "$350" not in page
    assert "intakes.csv" not in page
    assert technician.get("/intakes.csv").status_code == 403
    assert technician.get("/intakes?show=unpaid").status_code == 404
    assert technician.get("/intakes?sort=sum").status_code == 404


@pytest.mark.usefixtures("five")
def test_a_year_of_two_digits_is_one_of_this_century(operator: FlaskClient) -> None:
    for first in ("0026-11-01", "11/01/26"):  # a browser's field for dates, and an address typed by a person
        page = operator.get("/intakes", query_string={"from": first, "to": "2026-11-20"})
        assert ROW.findall(page.text) == ["R4", "R3", "R2", "R1"], first
        assert 'name="from" type="date" value="2026-11-01"' in page.text


@pytest.mark.usefixtures("five")
def test_a_day_that_cannot_be_read_is_said_beside_its_field_and_the_other_filters_hold(
    operator: FlaskClient,
) -> None:
    page = operator.get("/intakes?from=yesterday&to=2026-11-20&language=en")
    assert page.status_code == 422
    assert "We can&#39;t read “yesterday”" in page.text
    assert 'name="from" type="date" value="" aria-describedby="from-error" aria-invalid="true"' in page.text
    assert 'value="2026-11-20"' in page.text
    assert '<option value="en" selected>' in page.text
    assert ROW.findall(page.text) == ["R4", "R2", "R1", "R5"]
    assert operator.get("/intakes").status_code == 200, "it is not kept"
    assert operator.get("/intakes.csv?from=yesterday").status_code == 404, (
        "no file of other days than were asked for"
    )


@pytest.mark.usefixtures("five")
def test_days_in_the_wrong_order_are_said_beside_the_second(operator: FlaskClient) -> None:
    page = operator.get("/intakes?from=2026-11-20&to=2026-11-01").text
    assert "This is before From" in page
    assert ROW.findall(page) == []


@pytest.mark.parametrize(
    "wanted",
    [
        "show=yours",
        "state=lost",
        "person=x",
        "person=99999999999",
        "sort=x",
        "page=x",
        "continuity=x",
    ],
)
def test_what_cannot_be_wanted_is_not_there(operator: FlaskClient, wanted: str) -> None:
    assert operator.get(f"/intakes?{wanted}").status_code == 404

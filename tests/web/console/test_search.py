"""The search page."""

import re

import pytest
from flask.testing import FlaskClient

from ivr.core.db import Database
from ivr.web.console.intake import queries as intake_queries
from tests.support.console import LogIn
from tests.support.intake_rows import an_intake


def test_before_anything_is_typed_it_says_what_can_be(operator: FlaskClient) -> None:
    page = operator.get("/search").text
    assert "What to search for" in page
    assert "(415) 555-2671" in page


def test_what_is_found_is_shown_where_it_stands_and_nothing_is_taken_for_markup(
    operator: FlaskClient, one_whole: str
) -> None:
    page = operator.get("/search", query_string={"q": "diaz morning 555-2671"}).text
    assert f'href="/intakes/{one_whole}"' in page
    assert "Rosa <mark>Díaz</mark>" in page
    assert "&lt;b&gt;this <mark>morning</mark>&lt;/b&gt;" in page
    assert "<mark>(415) 555-2671</mark>" in page
    assert 'value="diaz morning 555-2671"' in page, "to be changed a little"


def test_nothing_found_is_said_and_what_was_typed_is_escaped(operator: FlaskClient) -> None:
    page = operator.get("/search", query_string={"q": "<script>x"}).text
    assert "Nothing found for “&lt;script&gt;x”" in page


@pytest.mark.parametrize("typed", ["K7M3QX", " k7m3qx "])
def test_a_whole_reference_leads_to_its_intake(operator: FlaskClient, one_whole: str, typed: str) -> None:
    answer = operator.get("/search", query_string={"q": typed})
    assert (answer.status_code, answer.location) == (302, f"/intakes/{one_whole}")


def test_page_by_page_each_once(operator: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        session.add_all(an_intake(number, contact_name="Ana") for number in range(1, intake_queries.PAGE + 3))
    path, seen = "/search?q=ana", []
    while path:
        page = operator.get(path).text
        seen += re.findall(r'href="/intakes/(R\d+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"R{number}" for number in range(intake_queries.PAGE + 2, 0, -1)]


def test_a_page_that_is_no_number_is_none(operator: FlaskClient) -> None:
    assert operator.get("/search?q=ana&before=x").status_code == 404


def test_every_member_of_staff_may_search(log_in: LogIn, one_whole: str) -> None:
    for role in ("technician", "operator", "owner"):
        assert one_whole in log_in(role).get("/search?q=rosa").text

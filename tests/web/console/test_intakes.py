"""The list of intakes."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from ivr.company.hours import service as hours
from ivr.company.hours.rules import COMPANY
from ivr.core.db import Database
from tests.support.intake_rows import an_intake

ROW = re.compile(r'href="/intakes/(R\d+)"')


def test_an_empty_list_says_how_to_begin(operator: FlaskClient) -> None:
    page = operator.get("/intakes").text
    assert "Nobody has called yet" in page
    assert "<table" not in page


def test_a_row_says_what_is_known(operator: FlaskClient, one_whole: str) -> None:
    page = operator.get("/intakes").text
    for words_ in (
        one_whole,
        "Fri, Nov 20, 2026, 12:01 PM PST",
        "Cut off",
        "Onsite visit",
        "Rosa Díaz",
        "(510) 555-0100",
        "Half the phones went dead &lt;b&gt;this morning&lt;/b&gt; &amp; the fax line hums.",
        "Tara Nguyen",
        "Omar Haddad",
    ):
        assert words_ in page


def test_a_row_says_what_is_not_known(operator: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        session.add(an_intake(1))
    page = operator.get("/intakes").text
    for words_ in ("Unknown caller", "none", "not said yet", "nobody yet", "Kind not chosen"):
        assert words_ in page


@pytest.mark.usefixtures("many")
def test_newest_first_page_by_page_each_once(operator: FlaskClient) -> None:
    path, seen, pages = "/intakes", [], 0
    while path:
        page = operator.get(path).text
        seen += ROW.findall(page)
        pages += 1
        assert len(ROW.findall(page)) <= 50
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(older[1]) if older else ""
    assert pages == 3
    assert seen == [f"R{number}" for number in range(120, 0, -1)]
    assert "First" in page
    assert "120 intakes" in page
    assert "Page 3 of 3" in page


@pytest.mark.usefixtures("many")
def test_one_state_only(operator: FlaskClient) -> None:
    page = operator.get("/intakes?state=waiting").text
    assert ROW.findall(page) == [f"R{number}" for number in range(113, 0, -8)]
    assert "15 intakes" in page
    assert '<option value="waiting" selected>Waiting in line</option>' in page
    assert "No intake fits these filters" in operator.get("/intakes?state=paid").text


@pytest.mark.usefixtures("many")
def test_a_page_costs_a_handful_of_statements(operator: FlaskClient, database: Database) -> None:
    with database.transaction():
        hours.set_calendar(COMPANY)  # as owners do
    operator.get("/intakes")  # a process reads it once
    asked: list[str] = []
    event.listen(database.engine, "after_cursor_execute", lambda _c, _cur, sql, *_: asked.append(sql))
    operator.get("/intakes")
    selects = [sql for sql in asked if sql.startswith("SELECT")]
    assert 2 <= len(selects) <= 8, (
        "who is asking, how far the page goes, what they last wanted, whether the hours have changed, everybody's "
        "name, how many, which, and what is shown of them"
    )

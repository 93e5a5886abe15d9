"""Intakes found in both databases, which keep the words by themselves."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from ivr.backoffice.search import queries as search_queries
from ivr.backoffice.search import rules as search_rules
from ivr.callcenter.intake.models import Intake
from ivr.core.db import Database
from tests.support.intake_rows import an_intake
from tests.support.kept import kept_database

ROSA = {
    "reference": "K7M3QX",
    "contact_name": "Rosa Díaz-Núñez",
    "contact_email": "rosa.diaz@example.com",
    "site_address": "12 Main Street\nOakland, CA 94607",
    "issue": "The fax line hums, since Monday.",
    "caller_number": "+14155552671",
    "system_number": "+442079460958",
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Rosa's intake, and others that are not hers."""
    database = kept_database(database_url)
    with database.transaction() as session:
        session.add(an_intake(1, **ROSA))
        session.add_all(an_intake(number, contact_name="Somebody Else") for number in range(2, 6))
    yield database
    database.engine.dispose()


def found(database: Database, typed: str, **more: int) -> list[int]:
    with database.reading():
        return search_queries.find_intakes(search_rules.terms(typed), **{"limit": 50, **more})


@pytest.mark.parametrize(
    "typed",
    [
        "rosa",
        "DIAZ",
        "nunez",
        "rosa oakland",
        "K7M3QX",
        "k7m",
        "(415) 555-2671",
        "+14155552671",
        "1 415 555 2671",
        "555 2671",
        "2671",
        "+44 20 7946 0958",
        "rosa.diaz@example.com",
        "example.com",
        "fax hum",
        "12 main",
    ],
)
def test_by_any_of_it(database: Database, typed: str) -> None:
    assert found(database, typed) == [1]


@pytest.mark.parametrize(
    "typed", ["", "rosa nobody", "osa", "671", "1 main", "4155552672", "'; DROP TABLE intake"]
)
def test_not_by_what_is_not_there(database: Database, typed: str) -> None:
    assert found(database, typed) == []


def test_newest_first_and_page_by_page(database: Database) -> None:
    assert found(database, "else", limit=3) == [5, 4, 3]
    assert found(database, "else", limit=3, before=3) == [2]


def test_what_changes_is_found_by_its_new_words_only(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Intake).where(Intake.id == 1).values(contact_name="Ana", caller_number=None))
    assert found(database, "ana oakland") == [1]
    assert found(database, "rosa fax") == [1], "of her address nothing has changed"
    assert found(database, "nunez") == []
    assert found(database, "2671") == []


def test_what_is_gone_is_not_found(database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(Intake).where(Intake.id == 1))
    assert found(database, "oakland") == []


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_whatever_is_typed_is_answered(database: Database, typed: str) -> None:
    found(database, typed)

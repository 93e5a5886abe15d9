"""Intakes found in both databases, which keep the words by themselves."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from ivr.backoffice.search import queries as search_queries
from ivr.backoffice.search import rules as search_rules
from ivr.backoffice.search import word_index
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


def found(database: Database, typed: str, **more: Any) -> list[int]:
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


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Sean O'Neil", "oneil"),
        ("Sean O'Neil", "o'neil"),
        ("Sean O'Neil", "O\N{RIGHT SINGLE QUOTATION MARK}Neil"),
        ("Sean O'Neil", "neil"),
        ("Sean O'Neil", "sean onei"),
        ("Sean O\N{RIGHT SINGLE QUOTATION MARK}Neil", "oneil"),
        ("Sean O\N{RIGHT SINGLE QUOTATION MARK}Neil", "o'neil"),
        ("Sean O\N{MODIFIER LETTER APOSTROPHE}Neil", "oneil"),
        ("Sean O\N{MODIFIER LETTER APOSTROPHE}Neil", "o'neil"),
        ("Sean O`Neil", "oneil"),
        ("Sean O\N{ACUTE ACCENT}Neil", "oneil"),
        ("Sean ONeil", "o'neil"),
        ("Sean O Neil", "o'neil"),
        ("Gianna D'Angelo", "dangelo"),
        ("Luz Núñez", "nunez"),
        ("Luz Nunez", "núñez"),
        ("Luz Nu\u0301n\u0303ez", "núñez"),
        ("Luz Núñez", "nu\u0301n\u0303ez"),
        ("Kim Sørensen", "sorensen"),
        ("Jan Kowałski", "kowalski"),
        ("Jan Kowalski", "Kowałski"),
        ("Ute Groß", "gross"),
        ("Ute Groß", "groß"),
    ],
)
def test_a_name_without_its_apostrophe_or_its_accent(database: Database, name: str, typed: str) -> None:
    with database.transaction() as session:
        session.add(an_intake(9, contact_name=name))

    assert found(database, typed)[0] == 9


def test_no_apostrophe_joins_what_is_two_names(database: Database) -> None:
    with database.transaction() as session:
        session.add(an_intake(9, contact_name="Neil O'Hara"))

    assert found(database, "oneil") == []


@pytest.mark.parametrize("typed", ["fr", "front", "frontal", "frontal1", "else front", "fro'ntal"])
def test_a_beginning_finds_every_word_that_begins_so(database: Database, typed: str) -> None:
    names = ["front", "fronts", "affront", *(f"frontal{number}" for number in range(60))]
    with database.transaction() as session:
        session.add_all(
            an_intake(number, contact_name=f"Somebody Else {name}") for number, name in enumerate(names, 100)
        )

    begins = typed.removeprefix("else ").replace("'", "")
    expected = [number for number, name in enumerate(names, 100) if name.startswith(begins)]
    assert found(database, typed, limit=99) == expected[::-1]
    assert found(database, typed, limit=2, before=150)[0] == max(one for one in expected if one < 150)


def test_newest_first_and_page_by_page(database: Database) -> None:
    assert found(database, "else", limit=3) == [5, 4, 3]
    assert found(database, "else", limit=3, before=3) == [2]


def test_of_what_may_be_seen_every_page_is_full(database: Database) -> None:
    few = select(Intake.id).where(Intake.id.in_((1, 2, 4)))
    assert found(database, "else", among=few, limit=1) == [4]
    assert found(database, "else", among=few, limit=1, before=4) == [2]
    assert found(database, "else", among=few.where(Intake.id > 9)) == []


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


def unmerged(database: Database) -> int:
    """How much of the index stands beside it: parts on SQLite, one of which is merged; pages on PostgreSQL."""
    with database.transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            parts: int = session.scalars(text("SELECT count(DISTINCT segid) FROM intake_search_idx")).one()
            return max(0, parts - 1)
        pages: int = session.scalars(text("SELECT gin_clean_pending_list('ix_intake_search_words')")).one()
        return pages


def write(database: Database, first: int) -> None:
    for number in range(first, first + 40):
        with database.transaction() as session:
            session.add(an_intake(number, contact_name=f"Somebody {number}"))


def test_whoever_writes_merges_nothing_and_the_worker_does(database: Database) -> None:
    write(database, 10)
    assert unmerged(database) > (0 if database.engine.dialect.name == "postgresql" else 39)
    write(database, 50)

    word_index.merge(database)

    assert unmerged(database) < 4
    assert len(found(database, "somebody", limit=100)) == 84


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_whatever_is_typed_is_answered(database: Database, typed: str) -> None:
    found(database, typed)

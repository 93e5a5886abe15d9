"""The migration that lets names be found without their apostrophe takes in the rows that are there already."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from ivr.app import create_app
from ivr.backoffice.search import queries as search_queries
from ivr.backoffice.search import rules as search_rules
from ivr.cli.db import make_folder
from ivr.core.config import DESK, from_environment
from ivr.core.db import Database
from ivr.services import services
from tests.support.paths import ROOT
from tests.support.postgres import new_database

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
NAMES = ("Sean O'Neil", "Sean O\N{RIGHT SINGLE QUOTATION MARK}Neil", "Kim Sørensen", "Ann Neal")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """As the release before left it, with an intake for each name; upgraded since."""
    if request.param == "sqlite":
        yield from _upgraded(f"sqlite:///{tmp_path / 'line.db'}")
    else:
        with new_database(request.getfixturevalue("postgres")) as empty:
            yield from _upgraded(empty)


def _upgraded(url: str) -> Iterator[Database]:
    app = create_app(from_environment(DESK | {"DATABASE_URL": url}))
    database: Database = services(app).database
    config = Config(ROOT / "alembic.ini")
    before = ScriptDirectory.from_config(config).get_revision("0030").down_revision
    with app.app_context():
        make_folder()
        command.upgrade(config, str(before))
        _add(database)
        assert _found(database, "onei") == [], "the release before has no such word"
        command.upgrade(config, "head")
    yield database
    database.engine.dispose()


def test_old_rows_are_found_without_apostrophe_and_stroke(database: Database) -> None:
    assert _found(database, "oneil") == [2, 1]
    assert _found(database, "o'neil") == [2, 1]
    assert _found(database, "sorensen") == [3]
    assert _found(database, "neal") == [4]


def _add(database: Database) -> None:
    with database.engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection, only=["intake"], resolve_fks=False)
        for number, name in enumerate(NAMES, 1):
            moments = {"created_at": AT, "heard_at": AT, "language": "en"}
            row = {"id": number, "reference": f"R{number}", "room": str(number), "contact_name": name}
            connection.execute(tables.tables["intake"].insert().values(state="collecting", **row, **moments))


def _found(database: Database, typed: str) -> list[int]:
    with database.reading():
        return search_queries.find_intakes(search_rules.terms(typed), limit=9)

"""The migration that gives every recording of a caller a row, with the transcript that the intake had."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import Connection, MetaData, select

from ivr.app import create_app
from ivr.callcenter.intake.models import Clip
from ivr.cli.db import make_folder
from ivr.core.config import DESK, from_environment
from ivr.services import services
from tests.support.paths import ROOT
from tests.support.postgres import new_database

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database as the release before left it."""
    if request.param == "sqlite":
        yield from _before(f"sqlite:///{tmp_path / 'line.db'}")
    else:
        with new_database(request.getfixturevalue("postgres")) as empty:
            yield from _before(empty)


def _before(url: str) -> Iterator[Flask]:
    app = create_app(from_environment(DESK | {"DATABASE_URL": url}))
    with app.app_context():
        make_folder()
        command.upgrade(Config(ROOT / "alembic.ini"), "0025")
    database = services(app).database
    with database.engine.begin() as connection:
        _intake(connection, 1, None, None)
        _intake(connection, 2, "https://network.test/never-fetched", "words of it")
        _intake(connection, 3, "https://network.test/second", "words of the first")
        _clip(connection, 3, "https://network.test/first")
        _clip(connection, 3, "https://network.test/second")
    yield app
    database.engine.dispose()


def test_every_recording_has_a_row_and_the_first_has_the_transcript(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False).exit_code == 0

    with services(app).database.reading() as session:
        columns = Clip.intake_id, Clip.url, Clip.transcript, Clip.audio
        rows = [tuple(row) for row in session.execute(select(*columns).order_by(Clip.intake_id, Clip.id))]
        assert rows == [
            (2, "https://network.test/never-fetched", "words of it", None),
            (3, "https://network.test/first", "words of the first", b"a voice"),
            (3, "https://network.test/second", None, b"a voice"),
        ]
        assert session.scalars(select(Clip.made_at)).all() == [AT] * 3


def _intake(connection: Connection, number: int, url: str | None, words: str | None) -> None:
    moments = {"created_at": AT, "heard_at": AT, "language": "en", "state": "message"}
    said = {"issue_recording_url": url, "transcript": words}
    _row(connection, "intake", id=number, reference=f"R{number}", room=str(number), **moments, **said)


def _clip(connection: Connection, intake_id: int, url: str) -> None:
    kept = {"token": url[-10:], "content_type": "audio/x-wav", "audio": b"a voice", "made_at": AT}
    _row(connection, "clip", intake_id=intake_id, url=url, **kept)


def _row(connection: Connection, table: str, **values: Any) -> None:
    """A row as the release before would write it: its own columns only."""
    found = MetaData()
    found.reflect(connection, only=[table], resolve_fks=False)
    connection.execute(found.tables[table].insert().values(**values))

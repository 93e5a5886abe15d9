"""A command on a database that is not this release's: one line says what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from ivr.core.config import DESK, from_environment
from ivr.operations.migrations import TO_DO, Shape
from ivr.services import services
from tests.support.applications import application


def says(app: Flask, *command: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=command)
    return answer.exit_code, answer.output


@pytest.mark.parametrize("command", [("staff", "list"), ("worker",), ("export", "intakes"), ("jobs", "dead")])
def test_before_the_first_upgrade(tmp_path: Path, command: tuple[str, ...]) -> None:
    to_do = "The database is not set up yet: run flask --app ivr db upgrade"
    with application(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{tmp_path}/line.db"})) as app:
        assert says(app, *command) == (1, f"Error: {to_do}\n")


@pytest.fixture
def app(sqlite_alone: str) -> Iterator[Flask]:
    with application(from_environment(DESK | {"DATABASE_URL": sqlite_alone})) as app:
        yield app


def test_on_the_database_of_another_release(app: Flask) -> None:
    assert says(app, "staff", "list")[0] == 0
    with services(app).database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE staff RENAME TO people"))
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    for revision, shape in (("0048", Shape.BEHIND), ("9999", Shape.AHEAD)):
        with services(app).database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        assert says(app, "staff", "list") == (1, f"Error: {TO_DO[shape]}\n")
    assert says(app, "db", "upgrade") == (1, f"Error: {TO_DO[Shape.AHEAD]}\n")

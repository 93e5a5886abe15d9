"""The migrations and the models say the same of the database, and a migration loses no row."""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from alembic.config import Config
from flask import Flask
from sqlalchemy import Engine, inspect, text

from ivr.app import create_app
from ivr.callcenter.calls.service import new_intake
from ivr.cli.db import upgraded
from ivr.company.staff import roster
from ivr.core.config import DESK, from_environment
from ivr.core.db import Database
from ivr.operations.migrations import next_number
from ivr.operations.schema import metadata
from ivr.services import services
from tests.support.paths import ROOT
from tests.support.postgres import new_database

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'folder' / 'line.db'}"
    else:
        with new_database(request.getfixturevalue("postgres")) as empty:
            yield empty


@pytest.fixture
def app(url: str) -> Iterator[Flask]:
    """The application on that database, which the migrations have just made."""
    app = create_app(from_environment(DESK | {"DATABASE_URL": url}))
    upgraded = flask(app, "db", "upgrade")
    assert upgraded == (0, "The database is up to date.\n")
    yield app
    database(app).engine.dispose()


def test_the_migrations_make_what_the_models_describe(app: Flask) -> None:
    engine = database(app).engine
    migrated, kept = shape(engine), triggers(engine)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)

    assert migrated == shape(engine)
    assert kept == triggers(engine)
    assert "intake_search" in str(kept)
    assert {"intake", "call", "job", "staff"} <= migrated.keys()


def test_the_check_finds_them_in_agreement(app: Flask) -> None:
    code, said = flask(app, "db", "check")

    assert code == 0, said


def test_the_check_names_what_a_migration_lacks(app: Flask) -> None:
    with database(app).engine.begin() as connection:
        connection.execute(text("ALTER TABLE staff DROP COLUMN wraps_up_until"))

    code, said = flask(app, "db", "check")

    assert code == 1
    assert "wraps_up_until" in said


def test_an_upgrade_may_be_repeated(app: Flask) -> None:
    flask(app, "seed")

    assert flask(app, "db", "upgrade") == (0, "The database is up to date.\n")
    assert count(app, "staff") > 0


def test_a_table_made_anew_keeps_what_refers_to_it(app: Flask, tmp_path: Path) -> None:
    refer_to_staff(app)
    before = count(app, "staff")

    anew = '"always" if op.get_bind().dialect.name == "sqlite" else "never"'
    made = [
        f"with op.batch_alter_table({table!r}, recreate={anew}): pass"
        for table in ("staff", "intake", "call")
    ]
    migrate(app, tmp_path, "\n    ".join(made))  # triggers of other tables read the last two

    assert count(app, "staff") == before
    assert count(app, "intake WHERE technician_id IS NOT NULL") == 1


def test_a_migration_that_breaks_a_reference_is_undone(app: Flask, tmp_path: Path) -> None:
    refer_to_staff(app)
    before = count(app, "staff")

    with pytest.raises(Exception, match=r"refer to nothing|foreign key"):  # ours on SQLite, PostgreSQL's own
        migrate(app, tmp_path, 'op.execute("DELETE FROM staff")')

    assert count(app, "staff") == before


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_migration_that_calls_get_in_the_way_of_is_run_again(app: Flask, tmp_path: Path) -> None:
    """A call has the one table and wants the other; the migration has the other and wants the one."""
    in_a_call = database(app).engine.connect()
    in_a_call.execute(text("SET deadlock_timeout = '1min'"))  # so that it is the migration that gives way
    in_a_call.execute(text("LOCK TABLE call IN ACCESS SHARE MODE"))

    def goes_on() -> None:
        while not count(app, "pg_locks WHERE NOT granted AND relation = 'call'::regclass"):
            Event().wait(0.02)
        in_a_call.execute(text("SELECT count(*) FROM intake"))
        in_a_call.close()

    with ThreadPoolExecutor(1) as other:
        call = other.submit(goes_on)
        migrate(app, tmp_path, "[op.execute(f'ALTER TABLE {one} ADD met int') for one in ('intake', 'call')]")
        call.result(timeout=30)

    assert {"met"} <= {one["name"] for one in inspect(database(app).engine).get_columns("call")}


def flask(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words), catch_exceptions=False)
    return result.exit_code, result.output


def refer_to_staff(app: Flask) -> None:
    """An intake that has its technician."""
    flask(app, "seed")
    with database(app).transaction():
        intake = new_intake("+14155552671")
        intake.technician_id = roster.everyone()[0].id


def migrate(app: Flask, folder: Path, statement: str) -> None:
    """Add a migration of this one statement to a copy of ours, and upgrade to it."""
    scripts = folder / "migrations"
    shutil.copytree(ROOT / "migrations", scripts)
    head = max(file.name[:4] for file in (scripts / "versions").glob("*.py"))
    (scripts / "versions" / "9999_next.py").write_text(
        f"from alembic import op\n\nrevision = '9999'\ndown_revision = {head!r}\n\n\n"
        f"def upgrade() -> None:\n    {statement}\n"
    )
    config = Config()
    config.set_main_option("script_location", str(scripts))
    with app.app_context():
        upgraded(config)


def shape(engine: Engine) -> dict[str, Any]:
    """Columns, keys, indexes and checks of every table, as the database itself tells them."""
    look = inspect(engine)
    return {
        table: {
            "columns": {(one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(table)},
            "key": look.get_pk_constraint(table)["constrained_columns"],
            "indexes": told(look.get_indexes(table)),
            "unique": told(look.get_unique_constraints(table)),
            "references": told(look.get_foreign_keys(table)),
            "checks": told(look.get_check_constraints(table)),
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


def triggers(engine: Engine) -> list[tuple[str, ...]]:
    """What the database does by itself; procrastinate's apart, whose schema is its own."""
    asked = {
        "sqlite": """SELECT name, sql FROM sqlite_master WHERE type = 'trigger'
            UNION ALL SELECT k, v FROM intake_search_config ORDER BY name""",
        "postgresql": """SELECT tgname, pg_get_triggerdef(pg_trigger.oid), prosrc
            FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE NOT tgisinternal AND tgname NOT LIKE 'procrastinate%' ORDER BY tgname""",
    }
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked[engine.dialect.name]))]


def told(found: Sequence[Any]) -> list[str]:
    return sorted(words(one) for one in found)


def words(value: Any) -> str:
    """Two statements that read the same are the same."""
    return (
        str(sorted((key, words(one)) for key, one in value.items()))
        if isinstance(value, dict)
        else str(value)
    )


def database(app: Flask) -> Database:
    found: Database = services(app).database
    return found


def count(app: Flask, table: str) -> int:
    with database(app).engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608  # ours


def test_the_next_migration_takes_no_number_that_is_taken() -> None:
    """Numbers have a gap: counted, the next one would be the last one again."""
    last = max(file.name[:4] for file in (ROOT / "migrations/versions").glob("[0-9]*.py"))

    assert int(next_number()) == int(last) + 1

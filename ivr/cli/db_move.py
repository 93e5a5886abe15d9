"""``flask --app ivr db move``: from a file of SQLite to PostgreSQL."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ivr.cli.db import db, upgraded
from ivr.core.db import Database
from ivr.operations.migrations import is_current
from ivr.operations.move_database import service as move_database
from ivr.operations.move_database.service import CannotMoveError, Moved
from ivr.platform.providers.outbox import outbox_of
from ivr.services import Services, install, services

_WHAT_NEXT = """\
Everything was read back and is the same. What to do now:
  1. If the line was up: stop web and worker, and run this again with an empty target. Whatever was written to
     the file after this copy is not in it. `db move --to ... --check` says whether anything was.
  2. Set DATABASE_URL to the target, and start web and worker.
  3. Keep the file until you are content; nothing reads it anymore."""


@db.command("move")
@click.option("--to", "url", required=True, help="An empty PostgreSQL: postgresql://user:password@host/name")
@click.option(
    "--rehearse", is_flag=True, help="A trial without locking: what is written meanwhile is not copied."
)
@click.option("--check", "only_compare", is_flag=True, help="Only compare the two; exit 1 when they differ.")
@with_appcontext
def move(url: str, *, rehearse: bool, only_compare: bool) -> None:
    """Copy the whole database to PostgreSQL, all or nothing, with row counts and checksums.

    The file is held meanwhile: nothing is written to it, and a webhook waits.
    """
    source = services().database
    if source.engine.dialect.name != "sqlite" or not url.startswith(("postgres://", "postgresql")):
        raise click.ClickException("This moves from sqlite:/// (DATABASE_URL) to postgresql:// (--to) only.")
    target = Database(url)
    try:
        if only_compare:
            _compare(source, target)
        else:
            _move(source, target, rehearse=rehearse)
    except (CannotMoveError, SQLAlchemyError) as trouble:
        raise click.ClickException(f"Nothing was moved. {trouble}") from trouble
    finally:
        target.engine.dispose()


def _move(source: Database, target: Database, *, rehearse: bool) -> None:
    if not is_current(source):
        raise CannotMoveError("This database is behind: flask --app ivr db upgrade")
    move_database.refuse_if_used(target)
    _make_tables(target)
    jobs = move_database.move(source, target, _tell, hold=not rehearse)
    click.echo(f"{jobs:>10}  jobs that are not done, now procrastinate's")
    click.echo(_WHAT_NEXT)
    _tell_of_letters()


def _compare(source: Database, target: Database) -> None:
    if not (is_current(source) and is_current(target)):
        raise CannotMoveError("They are not both at the newest migration: flask --app ivr db upgrade")
    found = list(move_database.differences(source, target))
    for difference in found:
        click.echo(difference)
    if found:
        raise SystemExit(1)
    click.echo("Both are the same.")


def _make_tables(target: Database) -> None:
    there = Flask("target")
    install(there, Services(services().config, target))
    with there.app_context():
        upgraded()


def _tell(moved: Moved) -> None:
    click.echo(f"{moved.rows:>10}  {moved.table:<16} {moved.checksum}")


def _tell_of_letters() -> None:
    config = services().config
    outbox = outbox_of(config)
    if outbox is not None and outbox.letters(limit=1):
        here = Path(config.database_url.partition("///")[2]).parent / "outbox"
        click.echo(f"  4. Emails are files, because there is no mail server: copy {here}/ to var/outbox/.")

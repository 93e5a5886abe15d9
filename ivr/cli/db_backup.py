"""``flask --app ivr db backup FILE`` and ``db restore FILE``."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ivr.backoffice.personal_data import service as personal_data
from ivr.cli.db import db, make_folder
from ivr.core.db import Database
from ivr.operations.backup import BackupFailedError, back_up
from ivr.operations.backup import restore as restored_from
from ivr.operations.schema import in_use
from ivr.services import services


@db.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the whole database into FILE, while the line is up; FILE.sha256 is its checksum."""
    if file.exists():
        raise click.ClickException(
            f"{file} exists. A copy never takes the place of another: give a new name."
        )
    try:
        digest = back_up(services().database.engine, file)
    except BackupFailedError as failed:
        raise click.ClickException(str(failed)) from failed
    click.echo(f"{file}: {file.stat().st_size} bytes, read back and whole, sha256 {digest}")


@db.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also when the database is not empty: what is in it is lost.")
@with_appcontext
def restore(file: Path, *, replace: bool) -> None:
    """Put the copy in FILE back. Stop web and worker first."""
    database = services().database
    make_folder()
    with database.engine.execution_options(reading=True).connect() as connection:
        used = in_use(connection)
    if used and not replace:
        raise click.ClickException(
            f"The database is not empty: there are rows in {used}. --replace loses them."
        )
    erased = _erased(database) if used else None
    list_ = file.with_name(f"{file.name}.erased.json")
    if erased:
        list_.write_text(json.dumps(erased, indent=1), encoding="utf-8")
    database.engine.dispose()
    try:
        restored_from(database.engine, file)
    except BackupFailedError as failed:
        raise click.ClickException(f"Nothing was restored. {failed}") from failed
    again = (
        f" then flask --app ivr person again {list_} --by NAME, for whom the copy brings back;"
        if erased
        else ""
    )
    click.echo(
        f"Restored. Now: flask --app ivr db upgrade, in case the copy is older;{again} then start web and worker."
    )


def _erased(database: Database) -> list[dict[str, Any]]:
    """Return whom the database that is about to be replaced has erased; nobody when it is older than that."""
    try:
        with database.reading():
            return personal_data.erased()
    except SQLAlchemyError:
        return []

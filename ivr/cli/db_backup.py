"""``flask --app ivr db backup FILE`` and ``db restore FILE``."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from ivr.cli.db import db, make_folder
from ivr.core.db import Database
from ivr.operations.backup import postgres, sqlite
from ivr.operations.backup.checksum import check_seal, seal
from ivr.operations.backup.errors import BackupFailedError
from ivr.operations.schema import in_use
from ivr.services import services


@db.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the whole database into FILE, while the line is up; FILE.sha256 is its checksum."""
    database = services().database
    if file.exists():
        raise click.ClickException(
            f"{file} exists. A copy never takes the place of another: give a new name."
        )
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        if database.engine.dialect.name == "sqlite":
            sqlite.back_up(_file_of(database), unfinished)
        else:
            postgres.back_up(database.engine, unfinished)
    except BackupFailedError as failed:
        unfinished.unlink(missing_ok=True)
        raise click.ClickException(str(failed)) from failed
    unfinished.replace(file)
    click.echo(f"{file}: {file.stat().st_size} bytes, read back and whole, sha256 {seal(file)}")


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
    database.engine.dispose()
    try:
        check_seal(file)
        if database.engine.dialect.name == "sqlite":
            sqlite.restore(file, _file_of(database))
        else:
            postgres.restore(database.engine, file)
    except BackupFailedError as failed:
        raise click.ClickException(f"Nothing was restored. {failed}") from failed
    click.echo(
        "Restored. Now: flask --app ivr db upgrade, in case the copy is older; then start web and worker."
    )


def _file_of(database: Database) -> str:
    return database.engine.url.database or ""

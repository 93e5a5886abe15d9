"""``flask --app ivr db backup FILE`` and ``db restore FILE``."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ivr.backoffice.personal_data import service as personal_data
from ivr.cli.db import db, make_folder
from ivr.core.db import Database
from ivr.operations.backups import fetching, places
from ivr.operations.backups.copies import BackupFailedError, back_up
from ivr.operations.backups.copies import restore as restored_from
from ivr.operations.schema import in_use
from ivr.platform.providers.backup_store import StoreError
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
@click.argument("copy", metavar="FILE|NAME")
@click.option("--replace", is_flag=True, help="Also when the database is not empty: what is in it is lost.")
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the secret key of an encrypted copy.",
)
@with_appcontext
def restore(copy: str, *, replace: bool, key: Path | None) -> None:
    """Put a copy back: a FILE, or one that BACKUP_TO keeps under this NAME. Stop web and worker first."""
    database = services().database
    make_folder()
    with database.engine.execution_options(reading=True).connect() as connection:
        used = in_use(connection)
    if used and not replace:
        raise click.ClickException(
            f"The database is not empty: there are rows in {used}. --replace loses them."
        )
    erased = _erased(database) if used else None
    with TemporaryDirectory() as folder:
        try:
            file, noted = _found(copy, Path(folder), key)
            list_ = _noted(erased or noted, Path(copy))
            database.engine.dispose()
            restored_from(database.engine, file)
        except (BackupFailedError, StoreError, OSError) as failed:
            raise click.ClickException(f"Nothing was restored. {failed}") from failed
    again = (
        f" then flask --app ivr person again {list_} --by NAME, for whom the copy brings back;"
        if list_
        else ""
    )
    click.echo(
        f"Restored. Now: flask --app ivr db upgrade, in case the copy is older;{again} then start web and worker."
    )


def _found(copy: str, folder: Path, key: Path | None) -> tuple[Path, list[dict[str, Any]]]:
    """Return the file of the copy, in clear, and whom the store says that this service has erased."""
    if Path(copy).is_file() or "/" in copy:
        return fetching.decrypted(Path(copy), folder, key), []
    wanted = places.wanted(services().config)
    if wanted is None:
        return Path(copy), []
    return fetching.fetch(wanted.store, copy, folder, key), fetching.erased(wanted.store, folder, key)


def _noted(erased: list[dict[str, Any]], copy: Path) -> Path | None:
    """Write whom to erase again into a file, and return it; None where that is nobody.

    It lies beside the copy, or in ``var`` for a copy of the store: nothing else may be written where the program lies.
    """
    if not erased:
        return None
    folder = copy.parent if copy.is_file() else Path("var")
    folder.mkdir(exist_ok=True)
    list_ = folder / f"{copy.name}.erased.json"
    list_.write_text(json.dumps(erased, indent=1), encoding="utf-8")
    return list_


def _erased(database: Database) -> list[dict[str, Any]]:
    """Return whom the database that is about to be replaced has erased; nobody when it is older than that."""
    try:
        with database.reading():
            return personal_data.erased()
    except SQLAlchemyError:
        return []

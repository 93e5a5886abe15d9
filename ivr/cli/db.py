"""``flask --app ivr db``: the schema of the database, which Alembic keeps in migrations/."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from ivr.core.db import retry_on_deadlock
from ivr.operations.migrations import TO_DO, Shape, alembic_config, next_number, shape
from ivr.services import services

if TYPE_CHECKING:
    from alembic.config import Config


@click.group()
def db() -> None:
    """The shape of the database."""


@db.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database up to date. Safe to run again, and from two machines at once."""
    make_folder()
    database = services().database
    if shape(database) is Shape.AHEAD:
        raise click.ClickException(TO_DO[Shape.AHEAD])
    upgraded()
    if shape(database) is Shape.INCOMPLETE:
        raise click.ClickException(TO_DO[Shape.INCOMPLETE])
    click.echo("The database is up to date.")


@db.command()
@with_appcontext
def check() -> None:
    """Say whether the models and the migrations agree; exit 1 when they do not."""
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.check(alembic_config())
    except CommandError as error:
        raise click.ClickException(str(error)) from error


@db.command()
@click.argument("words")
@with_appcontext
def migration(words: str) -> None:
    """Write the next migration: what brings the database from the last one to the models. Read it before use."""
    from alembic import command  # noqa: PLC0415

    config = alembic_config()
    make_folder()
    command.upgrade(config, "head")
    command.revision(config, words, autogenerate=True, rev_id=next_number())


def upgraded(config: "Config | None" = None) -> None:
    """Apply every migration to the application's database: ours, or those of ``config``."""
    from alembic import command  # noqa: PLC0415  # the web process has no use for it

    make_folder()
    # When a migration locks two tables and a webhook locks them in the other order, one must give way.
    retry_on_deadlock(command.upgrade)(config or alembic_config(), "head")


def make_folder() -> None:
    """Make the folder of SQLite's file. No other user of this machine reads the file, one of an earlier release too."""
    database = services().database
    url = database.engine.url
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        file = Path(url.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        for one in (file, *(file.with_name(file.name + ending) for ending in ("-wal", "-shm"))):
            if one.exists():
                one.chmod(0o600)

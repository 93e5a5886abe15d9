"""Where the migrations are, and whether all of them have been applied."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect

from ivr.core.db import Database
from ivr.operations.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).resolve().parents[2]


def alembic_config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415  # Alembic is slow to import

    return Config(_ROOT / "alembic.ini")


def next_number() -> str:
    """Return the number of the next migration. Not by their count: 0040 was never used."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # as above

    ours = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return f"{max(int(one.revision) for one in ours) + 1:04d}"


class Shape(StrEnum):
    """How far a database has been brought, as the migrations of this program see it."""

    CURRENT = "current"
    NOT_SET_UP = "not_set_up"
    BEHIND = "behind"
    #: Brought there by a later release.
    AHEAD = "ahead"
    #: Every migration is noted, and not every table or column is there.
    INCOMPLETE = "incomplete"


#: What to do about each, in a line.
TO_DO: Final = {
    Shape.NOT_SET_UP: "The database is not set up yet: run flask --app ivr db upgrade",
    Shape.BEHIND: "The database is of an earlier release: run flask --app ivr db upgrade",
    Shape.AHEAD: "The database is of a later release than this program: install that release, or restore a backup.",
    Shape.INCOMPLETE: "The database says that it is up to date, but lacks tables or columns: no release has made it. "
    "Restore a backup that a release has made.",
}


def shape(database: Database) -> Shape:
    """How far the database has been brought. Looks at it, and changes nothing."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    with database.engine.execution_options(reading=True).connect() as connection:
        applied = set(MigrationContext.configure(connection).get_current_heads())
        is_complete = _is_complete(connection)
    ours = ScriptDirectory.from_config(alembic_config())
    if not applied:
        return Shape.NOT_SET_UP
    if applied == set(ours.get_heads()):
        return Shape.CURRENT if is_complete else Shape.INCOMPLETE
    known = {one.revision for one in ours.walk_revisions()}
    return Shape.BEHIND if applied <= known else Shape.AHEAD


def is_current(database: Database) -> bool:
    """Whether every migration has been applied, and none that this release does not know."""
    return shape(database) is Shape.CURRENT


def _is_complete(connection: Connection) -> bool:
    """Whether each table and column of the models is there. Between releases a migration may get another number."""
    there = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspect(connection).get_multi_columns().items()
    }
    return all(set(table.columns.keys()) <= there.get(table.name, set()) for table in metadata.sorted_tables)

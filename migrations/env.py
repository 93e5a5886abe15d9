"""How Alembic reaches the database: through the application, inside ``flask --app ivr db``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection

from ivr.core.db import UTCDateTime, Word, one_at_a_time
from ivr.operations.schema import metadata
from ivr.services import services


class BrokenReferencesError(Exception):
    """The migration would leave rows that refer to nothing; it was undone."""


def _rendered(kind: str, value: Any, _autogenerate: Any) -> str | bool:
    """Render our column types as SQLAlchemy's: a migration must not change when our types do."""
    if kind == "type" and isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, Word):
        return f"sa.String(length={value.length})"
    return False


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Procrastinate's tables are made from its own schema, those of the search by ivr.backoffice.search.models."""
    return not (kind == "table" and name and name.startswith(("procrastinate_", "intake_search")))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_rendered,
        include_name=_is_ours,
        transactional_ddl=True,  # true of SQLite too, since ivr.core.db begins transactions, not the driver
    )
    with context.begin_transaction():
        # Two releases at once: the second waits here, and then finds nothing left to do.
        one_at_a_time("ivr migrations", connection)
        if connection.dialect.name == "postgresql":
            # Calls go on meanwhile. A change that cannot lock its table soon must fail and be run again: every webhook
            # would queue behind it. The lock above has no time-out: its wait may be long, and delays no call.
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise BrokenReferencesError(f"{len(broken)} rows refer to nothing, the first: {broken[0]}")


@contextmanager
def _free_to_drop(connection: Connection) -> Iterator[None]:
    # SQLite changes a table by making a new one, dropping the old one and renaming the new one. The drop deletes
    # what refers to it unless foreign keys are off; and a trigger of another table that reads it forbids the rename
    # unless it is done in the old way (https://www.sqlite.org/lang_altertable.html, making other kinds of changes).
    # The first pragma does nothing inside a transaction, so they go to the driver.
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute("PRAGMA legacy_alter_table=ON")
    try:
        yield
    finally:
        driver.execute("PRAGMA legacy_alter_table=OFF")
        driver.execute("PRAGMA foreign_keys=ON")


with services().database.engine.connect() as connection, _free_to_drop(connection):
    _migrate(connection)

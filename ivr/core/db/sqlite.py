"""SQLite as the service uses it: readers wait for nobody, writers take turns, and what is committed is on the disk.

A transaction takes its turn with the first statement that writes or locks rows. What it reads until then it reads as on
PostgreSQL: each statement sees what is committed. So the turn is short, and the disk, which takes longest, is waited
for after it, by many at once (docs/decisions/0029-durable-and-short-turns.md).
"""

import os
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection

from ivr.core.db.sqlite_write_queue import PATIENCE_SECONDS, WriteQueue

#: ``?synchronous=OFF`` in a URL: nobody waits for the disk. For tests, whose databases may be lost with the power.
_SYNCHRONOUS: Final = "synchronous"
_NORMAL: Final = "NORMAL"
#: macOS has no ``fdatasync``.
_to_disk = getattr(os, "fdatasync", os.fsync)


class _Connection(sqlite3.Connection):
    """A connection that takes turns with all others that write to its file."""

    writers: WriteQueue | None = None
    log: Path | None = None
    has_turn = False

    def begin_to_write(self) -> None:
        """Wait for the turn, and begin. Raises sqlite3.OperationalError when patience ends first."""
        if self.writers and not self.has_turn:
            left = self.writers.take()
            self.has_turn = True
            # Another program may hold the file itself: waiting for our turn and for the file together takes no longer.
            self.execute(f"PRAGMA busy_timeout={int(left * 1000)}")
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commit, and return when it is on the disk."""
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        """Undo it. What it has found of others, and may repeat, is on the disk then."""
        super().rollback()
        self._end_turn()

    def close(self) -> None:
        """Close it, and give up the turn."""
        super().close()
        self._give_up()

    def _end_turn(self) -> None:
        if self._give_up() and self.log:
            _wait_for_disk(self.log)

    def _give_up(self) -> bool:
        had, self.has_turn = self.has_turn, False
        if had and self.writers:
            self.writers.give_up()
        return had


def sqlite_engine(address: str) -> Engine:
    """Return an engine for a SQLite file, or for memory."""
    url = make_url(address)
    synchronous = str(url.query.get(_SYNCHRONOUS, _NORMAL))
    options = {"timeout": PATIENCE_SECONDS, "factory": _Connection}
    engine = create_engine(
        url.difference_update_query([_SYNCHRONOUS]), connect_args=options, hide_parameters=True
    )
    writers = log = None
    if url.database and url.database != ":memory:":
        file = Path(url.database)
        writers, log = WriteQueue(file), file.with_name(f"{file.name}-wal")
        event.listen(engine, "engine_disposed", lambda _engine: writers.close())
    event.listen(
        engine, "connect", partial(_prepare, synchronous, writers, log if synchronous == _NORMAL else None)
    )
    event.listen(engine, "begin", _begin_to_read)
    event.listen(engine, "before_cursor_execute", _begin_to_write)
    return engine


def _prepare(
    synchronous: str, writers: WriteQueue | None, log: Path | None, connection: Any, _record: object
) -> None:
    connection.writers, connection.log = writers, log
    connection.isolation_level = None  # BEGIN is ours: the driver's comes too late to hold a lock
    # NORMAL never damages the file, but the last commits may be missing in it: ``commit`` sees to those.
    pragmas = "journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "secure_delete=ON"
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin_to_read(connection: Connection) -> None:
    """A session that changes nothing sees one state from its beginning to its end."""
    if connection.get_execution_options().get("reading"):
        cast("_Connection", connection.connection.driver_connection).execute("BEGIN")


def _begin_to_write(
    _connection: Connection, cursor: Any, statement: str, _parameters: object, context: Any, *_more: object
) -> None:
    # A deferred transaction that turns writer half-way fails at once with "database is locked", whatever the
    # busy time-out; so a writer takes its lock first. Readers must not: one forgotten reader would stop the service.
    driver = cast("_Connection", cursor.connection)
    if not driver.in_transaction and not _only_reads(statement, context):
        driver.begin_to_write()


def _only_reads(statement: str, context: Any) -> bool:
    if not statement.startswith("SELECT"):
        return False
    # FOR UPDATE: SQLite has no such words, and locks the file in place of the row.
    asked = context.compiled.statement if context.compiled else None
    return getattr(asked, "_for_update_arg", None) is None


def _wait_for_disk(log: Path) -> None:
    """Return when the log is on the disk, and with it every commit until now, of whichever process."""
    try:
        file = os.open(log, os.O_RDONLY)
    except FileNotFoundError:  # a file system without shared memory: there SQLite keeps no such log
        return
    try:
        _to_disk(file)
    except OSError as trouble:
        fault = sqlite3.OperationalError("disk I/O error")
        fault.sqlite_errorname = "SQLITE_IOERR_FSYNC"
        raise fault from trouble
    finally:
        os.close(file)

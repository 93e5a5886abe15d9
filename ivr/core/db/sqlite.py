"""SQLite as the service uses it: readers wait for nobody, writers take turns, and what is committed is on the disk.

A transaction takes its turn with the first statement that writes or locks rows. What it reads until then it reads as on
PostgreSQL: each statement sees what is committed. So a turn is short, and the disk, which takes longest, is waited for
after it, by many writers at once (docs/decisions/0029-sqlite-durable-in-short-turns.md).
"""

import os
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from ivr.core.db.sqlite_write_queue import PATIENCE_SECONDS, WriteQueue

#: ``?synchronous=OFF`` after the address of a file: nobody waits for the disk. It is for tests alone.
_SYNCHRONOUS: Final = "synchronous"
#: It never damages the file, but the last commits may be missing in it: ``_Writer.commit`` sees to those.
_NORMAL: Final = "NORMAL"
#: KiB of pages that a connection keeps, of 2,000 by itself: fifteen connections kept 30 MB. The system has the file in
#: its own memory, and to read a page from there again costs a webhook and a report nothing that can be measured.
_CACHE: Final = 512
#: macOS has no ``fdatasync``.
_to_disk = getattr(os, "fdatasync", os.fsync)


def sqlite_engine(address: str) -> Engine:
    """Return an engine for a SQLite file, or for memory."""
    url = make_url(address)
    synchronous = str(url.query.get(_SYNCHRONOUS, _NORMAL))
    url = url.difference_update_query([_SYNCHRONOUS])
    options: dict[str, Any] = {"timeout": PATIENCE_SECONDS}
    if url.database and url.database != ":memory:":
        file = Path(url.database)
        log = file.with_name(f"{file.name}-wal") if synchronous == _NORMAL else None
        options["factory"] = partial(_Writer, WriteQueue(file), log)
    engine = create_engine(url, connect_args=options, hide_parameters=True)
    durable = "journal_mode=WAL", f"synchronous={synchronous}"
    pragmas = *durable, "foreign_keys=ON", "secure_delete=ON", f"cache_size=-{_CACHE}"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: the driver's comes too late to hold a lock
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", _begin_to_read)
    event.listen(engine, "before_cursor_execute", _begin_to_write)
    return engine


class _Writer(sqlite3.Connection):
    """A connection that takes turns with all others that write to its file. Its commits are on the disk, in ``log``."""

    def __init__(self, queue: WriteQueue, log: Path | None, *address: Any, **options: Any) -> None:
        super().__init__(*address, **options)
        self._queue, self._log = queue, log
        self._has_turn = False

    def take_turn(self) -> None:
        """Wait for the turn. Raises sqlite3.OperationalError when patience ends first."""
        if not self._has_turn:
            left = self._queue.take()
            self._has_turn = True
            # Another program may hold the file itself: waiting for our turn and for the file together takes no longer.
            self.execute(f"PRAGMA busy_timeout={int(left * 1000)}")

    def commit(self) -> None:
        """Commit, and return when it is on the disk."""
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        """Undo it. What others committed, and this one found and may answer with, is on the disk too."""
        super().rollback()
        self._end_turn()

    def close(self) -> None:
        """Close it, and give up the turn."""
        super().close()
        self._give_up()

    def _end_turn(self) -> None:
        if self._give_up() and self._log:
            _wait_for_disk(self._log)

    def _give_up(self) -> bool:
        had, self._has_turn = self._has_turn, False
        if had:
            self._queue.give_up()
        return had


def _begin_to_read(connection: Connection) -> None:
    """A session that only reads sees one state from its first query to its end."""
    if connection.get_execution_options().get("reading"):
        cast("sqlite3.Connection", connection.connection.driver_connection).execute("BEGIN")


def _begin_to_write(
    _connection: Connection, cursor: Any, statement: str, _parameters: object, context: Any, *_more: object
) -> None:
    # A deferred transaction that turns writer half-way fails at once with "database is locked", whatever the
    # busy time-out; so a writer takes its lock first. Readers must not: one forgotten reader would stop the service.
    driver = cast("sqlite3.Connection", cursor.connection)
    if not driver.in_transaction and not _only_reads(statement, context):
        if isinstance(driver, _Writer):
            driver.take_turn()
        driver.execute("BEGIN IMMEDIATE")


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

"""A copy of a SQLite database while the line is up: VACUUM INTO reads one moment's state and stops no writer."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ivr.operations.backup.errors import BackupFailedError


def back_up(database: str, file: Path) -> None:
    """Raises BackupFailedError."""
    try:
        with closing(sqlite3.connect(database, timeout=10)) as source:
            source.execute("VACUUM INTO ?", (str(file),))
    except sqlite3.Error as trouble:
        raise BackupFailedError(f"SQLite could not write the copy: {trouble}") from trouble
    check(file)


def check(file: Path) -> None:
    """Raises BackupFailedError when the file is no whole database."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            found = copy.execute("PRAGMA integrity_check(3)").fetchall()
            orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
            tables = copy.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone()
    except sqlite3.Error as trouble:
        raise BackupFailedError(f"{file} is no database of SQLite: {trouble}") from trouble
    if found != [("ok",)] or orphans:
        raise BackupFailedError(f"{file} is damaged: {found or orphans[:3]}")
    if tables == (0,):
        raise BackupFailedError(f"{file} is not a database of this line.")


def restore(file: Path, database: str) -> None:
    """Every page of the database is replaced, in one transaction. Raises BackupFailedError."""
    check(file)
    try:
        with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(database, timeout=10)) as target:
            copy.backup(target)
    except sqlite3.Error as trouble:
        raise BackupFailedError(f"SQLite could not write the database: {trouble}") from trouble

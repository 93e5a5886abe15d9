"""Back up the database while calls go on, and restore it: SQLite's VACUUM INTO; pg_dump and pg_restore.

The SHA-256 of each copy is in a file beside it, as ``sha256sum -c`` reads it.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

#: How a copy begins: SQLite's file format, pg_dump's custom format.
_BEGINS: Final = {"sqlite": b"SQLite format 3\0", "postgresql": b"PGDMP"}


class BackupFailedError(Exception):
    """Nothing was changed; the message says what was wrong and what to do."""


def back_up(engine: Engine, file: Path) -> str:
    """Copy the whole database into a new file, read it back, and return its SHA-256. Raises BackupFailedError."""
    if not file.parent.is_dir():
        raise BackupFailedError(f"There is no folder {file.parent}.")
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        if engine.dialect.name == "sqlite":
            _back_up_sqlite(engine.url.database or "", unfinished)
        else:
            _back_up_postgres(engine, unfinished)
    except BackupFailedError:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.replace(file)
    digest = _digest(file)
    _checksum_file(file).write_text(f"{digest}  {file.name}\n", encoding="utf-8")
    return digest


def restore(engine: Engine, file: Path) -> None:
    """Replace the contents of the database by the copy, in one transaction. Raises BackupFailedError.

    A copy that differs from its checksum is refused; a copy without a checksum is accepted.
    """
    if not file.is_file():
        raise BackupFailedError(f"There is no file {file}.")
    beside = _checksum_file(file)
    if beside.is_file() and beside.read_text(encoding="utf-8").split(" ")[0] != _digest(file):
        raise BackupFailedError(f"{file} is not what it was when it was made: {beside.name} does not agree.")
    _refuse_of_the_other(engine, file)
    if engine.dialect.name == "sqlite":
        _restore_sqlite(file, engine.url.database or "")
    else:
        _restore_postgres(engine, file)


def _refuse_of_the_other(engine: Engine, file: Path) -> None:
    """Raise BackupFailedError where the copy is of the one database and DATABASE_URL names the other."""
    with file.open("rb") as content:
        begins = content.read(max(map(len, _BEGINS.values())))
    for name, words in _BEGINS.items():
        if name != engine.dialect.name and begins.startswith(words):
            raise BackupFailedError(
                f"{file.name} is a copy of {name}, and DATABASE_URL names {engine.dialect.name}."
            )


def _checksum_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _back_up_sqlite(database: str, file: Path) -> None:
    # VACUUM INTO reads the state of one moment and stops no writer.
    try:
        with closing(sqlite3.connect(database, timeout=10)) as source:
            source.execute("VACUUM INTO ?", (str(file),))
    except sqlite3.Error as trouble:
        raise BackupFailedError(f"SQLite could not write the copy: {trouble}") from trouble
    _check_sqlite(file)


def _restore_sqlite(file: Path, database: str) -> None:
    _check_sqlite(file)
    try:
        with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(database, timeout=10)) as target:
            copy.backup(target)
    except sqlite3.Error as trouble:
        raise BackupFailedError(f"SQLite could not write the database: {trouble}") from trouble


def _check_sqlite(file: Path) -> None:
    """Raise BackupFailedError unless the file is a complete database of this service."""
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
        raise BackupFailedError(f"{file} is not a database of this service.")


def _back_up_postgres(engine: Engine, file: Path) -> None:
    _run_on(engine, "pg_dump", "--format=custom", f"--file={file}")
    _run("pg_restore", "--list", str(file))


def _restore_postgres(engine: Engine, file: Path) -> None:
    kept = ("--no-owner", "--no-privileges")
    _run_on(engine, "pg_restore", "--clean", "--if-exists", "--single-transaction", *kept, str(file))


def _run_on(engine: Engine, tool: str, *words: str) -> None:
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415  # a web process on SQLite needs none of it

    _, wanted = engine.dialect.create_connect_args(engine.url)
    password = wanted.pop("password", None)
    wanted.pop("context", None)
    # Not as an argument: every user of the machine can read those.
    _run(tool, f"--dbname={make_conninfo(**wanted)}", *words, password=password)


def _run(tool: str, *words: str, password: str | None = None) -> None:
    path = shutil.which(tool)
    if path is None:
        raise BackupFailedError(
            f"{tool} is not on the PATH. It comes with PostgreSQL's client: apt install postgresql-client, or"
            " brew install libpq. It must be no older than the server."
        )
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(  # noqa: S603  # a tool by its path, no shell
        [path, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupFailedError(f"{tool}: {done.stderr.strip()}")

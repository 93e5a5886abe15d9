"""A copy of a PostgreSQL database by its own tools, which stop nobody: pg_dump and pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from ivr.operations.backup.errors import BackupFailedError


def back_up(engine: Engine, file: Path) -> None:
    """Raises BackupFailedError."""
    _run(engine, "pg_dump", "--format=custom", f"--file={file}")
    _call("pg_restore", "--list", str(file))


def restore(engine: Engine, file: Path) -> None:
    """All of it or nothing. What the database had is dropped. Raises BackupFailedError."""
    kept = ("--no-owner", "--no-privileges")
    _run(engine, "pg_restore", "--clean", "--if-exists", "--single-transaction", *kept, str(file))


def _run(engine: Engine, tool: str, *words: str) -> None:
    _, wanted = engine.dialect.create_connect_args(engine.url)
    password = wanted.pop("password", None)
    wanted.pop("context", None)
    # Not as an argument: everybody on the machine sees those.
    _call(tool, f"--dbname={make_conninfo(**wanted)}", *words, password=password)


def _call(tool: str, *words: str, password: str | None = None) -> None:
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

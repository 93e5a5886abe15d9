"""The next release: this one, with a migration of its own. It comes while people talk."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import text

from devtools.local_stack import ROOT
from devtools.processes import Process
from ivr.core.config import DESK
from ivr.core.db import Database

#: Longer than it waits for a table, and for another that migrates.
_UPGRADED_WITHIN: Final = 120
#: The expanding half: columns in two tables of every call. SQLite makes the second anew, which is the worst it does.
_MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = {head!r}


def upgrade() -> None:
    op.add_column("intake", sa.Column("expanded", sa.String(20)))
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("call", recreate=anew) as call:
        call.add_column(sa.Column("expanded", sa.String(20), server_default="of old", nullable=False))
        call.create_index("ix_call_expanded", ["expanded"])
"""


class Release:
    """``folder`` is where it lies, for processes to be started from."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder / "release"
        self._url, self._logs = database_url, folder
        for part in ("ivr", "flows", "migrations", "alembic.ini"):
            copy: Callable[..., object] = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            self.folder.mkdir(exist_ok=True)
            copy(ROOT / part, self.folder / part)
        versions = self.folder / "migrations" / "versions"
        head = max(file.name[:4] for file in versions.glob("*.py"))
        (versions / "9999_next.py").write_text(_MIGRATION.format(head=head))

    def begin_upgrade(self) -> None:
        """``db upgrade``, as whoever deploys it runs it. Somebody is on the line."""
        assert self._asked("SELECT count(*) FROM call WHERE ended_at IS NULL") > 0
        self._upgrade = upgrading(self.folder, self._url, self._logs / "upgrade.log")

    def wait(self) -> None:
        """Until the database is as this release wants it."""
        finished(self._upgrade)

    def is_in_force(self) -> bool:
        """Whether its columns are there, in the rows that were there before and in all since."""
        told = self._asked("SELECT count(*) FROM call WHERE expanded = 'of old'")
        return 0 < told == self._asked("SELECT count(*) FROM call")

    def _asked(self, statement: str) -> int:
        database = Database(self._url)
        with database.engine.execution_options(reading=True).connect() as connection:
            number = int(connection.execute(text(statement)).scalar_one())
        database.engine.dispose()
        return number


def upgrading(folder: Path, database_url: str, log: Path) -> Process:
    command = (sys.executable, "-m", "flask", "--app", "ivr", "db", "upgrade")
    environment = {**os.environ, **DESK, "DATABASE_URL": database_url}
    return Process("upgrade", command, folder=folder, environment=environment, log=log)


def finished(upgrade: Process) -> None:
    upgrade.end(within=_UPGRADED_WITHIN)
    assert "The database is up to date." in upgrade.output, upgrade.output

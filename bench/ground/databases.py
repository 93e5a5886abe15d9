"""The two databases, with their tables, a staff on shift, and a clock that stands within hours.

PostgreSQL keeps its promises here, unlike in the tests: a commit waits for the disk, as in life.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.ground.limit import metadata
from ivr.commands.moment import set_clock
from ivr.db import Database
from ivr.dispatch import roster
from tests.postgres import make_tables, new_database, start_postgres


@contextmanager
def folder() -> Iterator[Path]:
    """For logs and a SQLite file; its clock says Monday, nine in the morning."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        set_clock(Path(name) / "clock", "2026-11-30 09:00", datetime.now(UTC))
        yield Path(name)


def both(where: Path) -> Iterator[str]:
    """The URL of each in turn; the database is gone when the next is asked for."""
    yield _prepared(f"sqlite:///{where / 'line.db'}")
    server, stop = start_postgres(is_quick=False)
    try:
        with new_database(server) as url:
            yield _prepared(url)
    finally:
        stop()


def _prepared(url: str) -> str:
    database = Database(url)
    make_tables(database.engine)
    metadata.create_all(database.engine)
    with database.transaction():
        roster.add("Dana", "technician", "+14155550111", "dana@example.com", ["en"], None)
    database.engine.dispose()
    return url

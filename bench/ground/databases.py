"""The two databases, with their tables, a technician on shift, and hours that never end.

Unlike in the tests, a commit of PostgreSQL waits for the disk, as in production.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from bench.ground.limit import metadata
from ivr.company.hours import service as hours
from ivr.company.hours.rules import MIDNIGHT, Calendar, Window
from ivr.company.staff import roster
from ivr.core.db import Database
from tests.support.postgres import make_tables, new_database, start_postgres

_ALWAYS: Final = Calendar(week=dict.fromkeys(range(7), Window(MIDNIGHT, MIDNIGHT)), observes_holidays=False)


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder for logs and a SQLite file, and remove it at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        yield Path(name)


def both(where: Path) -> Iterator[str]:
    """Yield the URL of each database in turn. PostgreSQL's is dropped at the end."""
    yield _prepared(f"sqlite:///{where / 'line.db'}")
    server, stop = start_postgres(is_quick=False)
    try:
        with new_database(server) as url:
            yield _prepared(url)
    finally:
        stop()


def kind_of(url: str) -> str:
    """Return ``sqlite`` or ``postgresql``."""
    return make_url(url).get_backend_name()


def _prepared(url: str) -> str:
    database = Database(url)
    make_tables(database.engine)
    metadata.create_all(database.engine)
    with database.transaction():
        hours.set_calendar(_ALWAYS)
        roster.add("Dana", "technician", "+14155550111", "dana@example.com", ["en"], None)
    database.engine.dispose()
    return url

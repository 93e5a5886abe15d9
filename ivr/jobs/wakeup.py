"""How a worker learns within milliseconds that a job was committed, without asking for jobs all the time."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

logger = structlog.get_logger()

_LOOK = 0.02  # seconds between two looks at SQLite's counter; an idle worker takes about 1 % of a core
_LISTEN = 0.1  # the longest the listener goes without looking whether it should end
_OUTAGE = 0.5


@contextmanager
def watching(engine: Engine, wake: Event) -> Iterator[None]:
    """Set ``wake`` after every commit that may have brought a job, until the block ends.

    What was committed while the database could not be reached is told once it can be again.
    """
    ended = Event()
    thread = Thread(target=_watch, args=(engine, wake, ended), name="job-wakeup", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _watch(engine: Engine, wake: Event, ended: Event) -> None:
    look = _look if engine.dialect.name == "sqlite" else _listen
    lost = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error)
    while not ended.is_set():
        try:
            with closing(_own_connection(engine)) as connection:
                look(connection, wake, ended)
        except lost as error:
            logger.warning("wakeup_has_no_database", error=type(error).__name__)
            ended.wait(_OUTAGE)


def _own_connection(engine: Engine) -> Any:
    """The driver's own connection, out of the pool: it is never in a transaction and may LISTEN."""
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    return connection


def _look(connection: Any, wake: Event, ended: Event) -> None:
    # data_version changes when another connection commits; this one never commits anything itself.
    seen = None
    while not ended.wait(_LOOK):
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != seen:
            seen = version
            wake.set()


def _listen(connection: Any, wake: Event, ended: Event) -> None:
    connection.autocommit = True
    connection.execute("LISTEN ivr_job")
    wake.set()  # for what was committed before
    while not ended.is_set():
        for _ in connection.notifies(timeout=_LISTEN, stop_after=1):
            wake.set()

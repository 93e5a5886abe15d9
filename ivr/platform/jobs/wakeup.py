"""How a worker, or a live page, learns of a commit within milliseconds, without a query of its tables."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread
from time import sleep
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.db import own_connection

logger = structlog.get_logger()

_LOOK = 0.025  # seconds between two looks at SQLite's counter; an idle worker takes about 0.8 % of a core
_LISTEN = 0.1  # seconds between two looks whether the listener should end
_OUTAGE = 0.5

Watch = Callable[[Any, Event, Event], None]


@contextmanager
def watching(engine: Engine, wake: Event, *, channel: str, look_every: float = _LOOK) -> Iterator[None]:
    """Set ``wake`` after every commit that may have brought a job, until the block ends.

    On PostgreSQL a NOTIFY of the channel sets it; on SQLite every commit does, within ``look_every`` seconds. After an
    outage of the database it is set for what was committed meanwhile.
    """
    ended = Event()
    watch = _looking(look_every) if engine.dialect.name == "sqlite" else _listening(channel)
    thread = Thread(target=_watch, args=(engine, watch, wake, ended), name=f"{channel}-wakeup", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _watch(engine: Engine, watch: Watch, wake: Event, ended: Event) -> None:
    lost = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error)
    while not ended.is_set():
        try:
            with closing(own_connection(engine)) as connection:
                watch(connection, wake, ended)
        except lost as error:
            logger.warning("wakeup_has_no_database", error=type(error).__name__)
            wake.set()  # nobody is told of a commit meanwhile
            ended.wait(_OUTAGE)


def _looking(every: float) -> Watch:
    def look(connection: Any, wake: Event, ended: Event) -> None:
        # data_version changes when another connection commits; this one never commits anything itself.
        seen = None
        while not ended.is_set():
            sleep(every)  # costs half of what a wait for the event does
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if version != seen:
                seen = version
                wake.set()

    return look


def _listening(channel: str) -> Watch:
    def listen(connection: Any, wake: Event, ended: Event) -> None:
        connection.autocommit = True
        connection.execute(f"LISTEN {channel}")
        wake.set()  # for what was committed before
        while not ended.is_set():
            for _ in connection.notifies(timeout=_LISTEN, stop_after=1):
                wake.set()

    return listen

"""NOTIFY of PostgreSQL, sent when a transaction has committed.

In the transaction itself it would make all commits wait for one another: from the end of a transaction that notifies
until it is on the disk, no other such transaction ends. With sixteen callers at once a webhook waited three times as
long (docs/decisions/0051-notify-after-the-commit.md).

A process that dies between the commit and the NOTIFY sends none. So whoever listens also looks by itself: a worker
twice a second, live pages every ten seconds.
"""

from threading import Lock
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.core.db.own_connection import own_connection

log = get_logger(__name__)

#: A channel, and the words for whoever listens.
Notice = tuple[str, str]
_SEND: Final = (
    "SELECT pg_notify(channel, words) FROM unnest(%s::text[], %s::text[]) AS notice (channel, words)"
)


class Notifier:
    """Sends the notices of one process, on a connection of its own. Notices of several threads travel together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = Lock()
        self._change = Lock()
        self._waiting: dict[Notice, None] = {}
        self._connection: Any = None
        event.listen(engine, "engine_disposed", lambda _engine: self._drop())

    def send(self, notices: dict[Notice, None]) -> None:
        """Send these. Returns when they are sent, or when the log says that they cannot be: it never fails."""
        with self._change:
            self._waiting |= notices
        with self._turn:
            with self._change:
                told, self._waiting = self._waiting, {}
            if told:  # else another thread has sent them along with its own
                self._try(*zip(*told, strict=True))

    def _try(self, channels: tuple[str, ...], words: tuple[str, ...]) -> None:
        try:
            if self._connection is None:
                self._connection = self._connected()
            self._connection.execute(_SEND, (list(channels), list(words)))
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as fault:
            log.warning("notice_not_sent", error=type(fault).__name__)
            self._drop()

    def _connected(self) -> Any:
        connection = own_connection(self._engine)
        connection.autocommit = True
        connection.execute("SET synchronous_commit = off")  # a notice is not kept: nobody waits for the disk
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

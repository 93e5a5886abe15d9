"""The database: one engine, and the session of the open transaction.

The edge (a webhook, a console action, a job) opens ``database.transaction()``; services use ``session`` and
never commit. Outside a transaction ``session`` raises, so that work in the wrong place fails at once.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import wraps
from math import inf
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

from sqlalchemy import (
    Engine,
    create_engine,
    event,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction
from structlog import get_logger
from werkzeug.local import LocalProxy

from ivr.core.db.postgres_notify import Notifier
from ivr.core.db.postgres_pool import look_before_use
from ivr.core.db.sealed import Seal
from ivr.core.db.sqlite import sqlite_engine

log = get_logger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

_DEADLOCK: Final = "40P01"
#: Retries after a deadlock: PostgreSQL finds one after a second, and Twilio waits fifteen for an answer.
_AGAIN: Final = 9
_BEFORE_COMMIT: Final = "before_commit"
_NOTICES: Final = "notices"

_current: ContextVar[Session] = ContextVar("session")

#: The session of the open transaction.
session = cast("Session", LocalProxy(_current, unbound_message="No transaction is open: the edge opens it."))


class Database:
    """One database, SQLite or PostgreSQL, named by its URL. Every ``session.info`` holds ``info``.

    ``seal`` seals and opens the columns of type ``SealedJSON``.
    """

    def __init__(self, url: str, *, seal: Seal | None = None, **info: object) -> None:
        self.engine = _engine(url)
        self.engine.dialect.seal = seal  # type: ignore[attr-defined]  # a type of column is given nothing but the dialect
        self._notifier = Notifier(self.engine) if self.engine.dialect.name == "postgresql" else None
        self._reader = self.engine.execution_options(reading=True)
        self._info = {"remembered": {}, **info}

    @property
    def free_bytes(self) -> float:
        """How far SQLite's file can grow on its disk. Of PostgreSQL's disk nothing is known here."""
        file = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or not file or file == ":memory:":
            return inf
        return shutil.disk_usage(Path(file).absolute().parent).free

    def transaction(self) -> AbstractContextManager[Session]:
        """Open the transaction of one edge. It commits all of the work at the end of the block, or none."""
        return self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False, info=self._info) as work, _made_current(work):
            yield work
            for write, rows in work.info.pop(_BEFORE_COMMIT, {}).items():
                write(rows)
            work.commit()
            notices = work.info.pop(_NOTICES, None)
        if notices and self._notifier:
            self._notifier.send(notices)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that takes no write lock and changes nothing."""
        with (
            Session(self._reader, info=self._info) as work,
            _made_current(work),
        ):
            yield work


@contextmanager
def _made_current(work: Session) -> Iterator[None]:
    if _current.get(None) is not None:
        raise RuntimeError("A transaction is open already: only the edge opens one.")
    token = _current.set(work)
    try:
        yield
    finally:
        _current.reset(token)


def before_commit(write: Callable[[list[dict[str, Any]]], None], row: dict[str, Any]) -> None:
    """Have ``write`` called once, at the end of the open transaction, with this row and all others given to it."""
    session.info.setdefault(_BEFORE_COMMIT, {}).setdefault(write, []).append(row)


def notify_after_commit(channel: str, words: str = "") -> None:
    """Tell whoever listens to this channel of PostgreSQL, once the open transaction has committed. SQLite has none."""
    session.info.setdefault(_NOTICES, {})[channel, words] = None


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_waits(work: Session, undone: SessionTransaction) -> None:
    """Forget what waits for the commit, which will not come. A savepoint that is undone takes nothing with it."""
    if not undone.nested:
        work.info.pop(_BEFORE_COMMIT, None)
        work.info.pop(_NOTICES, None)


def retry_on_deadlock(work: Callable[P, T]) -> Callable[P, T]:
    """Wrap work that is one transaction, so that it is done again when PostgreSQL undoes it to end a deadlock."""

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_AGAIN):
            try:
                return work(*args, **kwargs)
            except OperationalError as fault:
                if getattr(fault.orig, "sqlstate", None) != _DEADLOCK:
                    raise
                log.info("gave_way")
        return work(*args, **kwargs)

    return done


def transaction_is_open() -> bool:
    """Whether the calling code runs inside an edge's transaction."""
    return _current.get(None) is not None


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return sqlite_engine(url)
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    engine = create_engine(url, pool_size=16, max_overflow=48, hide_parameters=True)
    look_before_use(engine)
    return engine

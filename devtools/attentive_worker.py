"""A worker on a held clock that looks for jobs only when one can have become due: looking is half of a story."""

from datetime import datetime
from typing import Any, Final

from flask import Flask
from sqlalchemy import Connection, event

from ivr.core import clock
from ivr.services import services

#: Among the notes of a connection whose transaction has written a job.
_WROTE: Final = "wrote_jobs"


class AttentiveWorker:
    """The line's worker, as a background of the simulator's exchange."""

    def __init__(self, app: Flask) -> None:
        self._worker = services(app).worker
        self._news = True
        self._due: datetime | None = None
        engine = services(app).database.engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "before_cursor_execute", _note)
            event.listen(engine, "commit", self._committed)
        else:  # procrastinate writes past SQLAlchemy
            event.listen(engine, "commit", self.hear_news)

    def run_due(self) -> bool:
        if not self._news and (self._due is None or self._due > clock.now()):
            return False
        ran = self._worker.run_due()
        self._due = self._worker.next_due()
        self._news = False
        return ran

    def next_due(self) -> datetime | None:
        if self._news:
            return self._worker.next_due()
        return self._due

    def hear_news(self, *_: object) -> None:
        """A job may have become due."""
        self._news = True

    def _committed(self, connection: Connection) -> None:
        if connection.info.pop(_WROTE, False):
            self.hear_news()


def _note(connection: Connection, _cursor: object, statement: str, *_: Any) -> None:
    if "job" in statement and not statement.startswith("SELECT"):
        connection.info[_WROTE] = True

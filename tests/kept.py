"""Applications and databases that are made once in a process and kept: making them was a third of the tests' time.

To make an application is to compile 200 routes, and a new engine compiles each of its statements anew.
"""

import shutil
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy import event
from werkzeug.local import LocalProxy

from ivr.app import create_app
from ivr.core import clock
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN, Settings
from ivr.core.db import Database
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.jobs.interfaces import Worker
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.telephone import Telephone

#: The line of the story that is being told, and who carries its letters.
_line: list[Telephone] = []
_mailer: list[Mailer] = []


def copied(template: Path, file: Path) -> Path:
    """``file`` with what is in ``template``, at the same address each time, so that what looks there can be kept."""
    for left in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        left.unlink(missing_ok=True)  # not written over: whoever still has it open keeps the old one
    shutil.copy(template, file)
    return file


def kept_database(url: str) -> Database:
    """The database at this address, with its embedded queue. Whoever is done with it disposes of its connections."""
    return _as_new(_database(url))


@cache
def _database(url: str) -> Database:
    return Database(url, queue=EmbeddedQueue())


def _as_new(database: Database) -> Database:
    """With nothing of what the application before has read in it, and no connection to the file that was there."""
    database.engine.dispose()
    with database.reading() as work:
        work.info["remembered"].clear()
    return database


def kept_app(settings: Settings) -> Flask:
    """The application with these settings, as new; ``mail_goes_by`` says who carries its letters."""
    app, extensions = _with(settings)
    app.extensions.clear()
    app.extensions.update(extensions)  # a test may have put another thing in their place
    _as_new(app.extensions["database"])
    app.extensions["circuit"]().forget()
    return app


def kept_application(
    database_url: str, address: str, line: Telephone, mailer: Mailer
) -> "tuple[Flask, AttentiveWorker]":
    """The application on this database, as new, with this line and this mailer as its ways out; and its worker."""
    _line[:] = [line]
    mail_goes_by(mailer)
    app, worker = _made(database_url, address)
    app.extensions["transaction"] = app.extensions["database"].transaction  # a story may have broken it
    app.extensions["circuit"]().forget()
    worker.hear_news()
    return app, worker


def mail_goes_by(mailer: Mailer) -> None:
    """From now on this one carries the story's letters."""
    _mailer[:] = [mailer]


class AttentiveWorker:
    """The line's worker, which looks for jobs only when one can have become due: half of a story's time otherwise."""

    def __init__(self, app: Flask) -> None:
        self._worker: Worker = app.extensions["worker"]()
        self._news = True
        self._due: datetime | None = None
        event.listen(app.extensions["database"].engine, "commit", self.hear_news)

    def run_due(self) -> bool:
        """See ``ivr.platform.jobs.interfaces.Worker``."""
        if not self._news and (self._due is None or self._due > clock.now()):
            return False
        ran = self._worker.run_due()
        self._due = self._worker.next_due()
        self._news = False
        return ran

    def next_due(self) -> datetime | None:
        """See ``ivr.platform.jobs.interfaces.Worker``."""
        if self._news:
            return self._worker.next_due()
        return self._due

    def hear_news(self, *_: object) -> None:
        """Something was written: a job may have become due."""
        self._news = True


@cache
def _with(settings: Settings) -> tuple[Flask, dict[str, Any]]:
    app = create_app(settings, mailer=cast("Mailer", LocalProxy(lambda: _mailer[0])))
    return app, dict(app.extensions)


@cache
def _made(database_url: str, address: str) -> tuple[Flask, AttentiveWorker]:
    settings = Settings(
        database_url=database_url,
        secret_key="a secret of the tests, long enough",
        public_url=address,
        twilio_account_sid=SIMULATED_ACCOUNT,
        twilio_auth_token=SIMULATED_TOKEN,
        twilio_phone_number="+18779437675",
        twilio_api_url="https://api.twilio.test",
    )
    app = create_app(
        settings,
        cast("Telephone", LocalProxy(lambda: _line[0])),
        cast("Mailer", LocalProxy(lambda: _mailer[0])),
    )
    return app, AttentiveWorker(app)

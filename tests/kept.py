"""The application of the stories, made once for a database and kept: to make it is a third of a short story's time."""

from datetime import datetime
from functools import cache
from typing import cast

from flask import Flask
from sqlalchemy import event
from werkzeug.local import LocalProxy

from ivr.app import create_app
from ivr.core import clock
from ivr.core.config import Config
from ivr.platform.jobs.interfaces import Worker
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.telephone import Telephone

#: The line of the story that is being told, and who carries its letters.
_line: list[Telephone] = []
_mailer: list[Mailer] = []


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
def _made(database_url: str, address: str) -> tuple[Flask, AttentiveWorker]:
    settings = Config(
        database_url=database_url,
        secret_key="a secret of the tests, long enough",
        public_url=address,
        twilio_api_url="https://api.twilio.test",
    )
    app = create_app(
        settings,
        cast("Telephone", LocalProxy(lambda: _line[0])),
        cast("Mailer", LocalProxy(lambda: _mailer[0])),
    )
    return app, AttentiveWorker(app)

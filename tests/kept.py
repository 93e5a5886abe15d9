"""The application of the stories, made once for a database and kept: to make it is a third of a short story's time."""

from datetime import datetime
from functools import cache
from typing import cast

from flask import Flask
from sqlalchemy import event
from twilio.http import HttpClient
from werkzeug.local import LocalProxy

from ivr.app import create_app
from ivr.core import clock
from ivr.core.config import Config
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.twilio_calls import TwilioTelephone
from ivr.services import Services, install, services

#: The network of the story that is being told, and who carries its letters.
_network: list[HttpClient] = []
_mailer: list[Mailer] = []


def kept_application(
    database_url: str, address: str, network: HttpClient, mailer: Mailer
) -> "tuple[Flask, AttentiveWorker]":
    """The application on this database, as new, with this network and this mailer as its ways out; and its worker."""
    _network[:] = [network]
    mail_goes_by(mailer)
    app, worker, whole = _made(database_url, address)
    install(app, whole)  # a story may have broken them
    whole.circuit_breaker.forget()
    worker.hear_news()
    return app, worker


def mail_goes_by(mailer: Mailer) -> None:
    """From now on this one carries the story's letters."""
    _mailer[:] = [mailer]


class AttentiveWorker:
    """The line's worker, which looks for jobs only when one can have become due: half of a story's time otherwise."""

    def __init__(self, app: Flask) -> None:
        self._worker = services(app).worker
        self._news = True
        self._due: datetime | None = None
        event.listen(services(app).database.engine, "commit", self.hear_news)

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
        """Something was written: a job may have become due."""
        self._news = True


@cache
def _made(database_url: str, address: str) -> tuple[Flask, AttentiveWorker, Services]:
    settings = Config(
        database_url=database_url,
        secret_key="a secret of the tests, long enough",
        public_url=address,
        twilio_api_url="https://api.twilio.test",
    )
    network = cast("HttpClient", LocalProxy(lambda: _network[0]))
    app = create_app(
        settings,
        lambda breaker: TwilioTelephone(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            settings.twilio_phone_number,
            network,
            breaker=breaker,
        ),
        cast("Mailer", LocalProxy(lambda: _mailer[0])),
    )
    return app, AttentiveWorker(app), services(app)

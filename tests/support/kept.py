"""Applications and databases that are made once in a process and kept: making them was a third of the tests' time.

To make an application is to compile 200 routes, and a new engine compiles each of its statements anew.
"""

import shutil
from functools import cache
from pathlib import Path
from typing import Final, cast

from flask import Flask
from twilio.http import HttpClient
from werkzeug.local import LocalProxy

from devtools.attentive_worker import AttentiveWorker
from ivr.app import create_app
from ivr.core.config import Config
from ivr.core.db import Database, Seal
from ivr.operations.checks import checkup
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.twilio_calls import TwilioTelephone
from ivr.services import Services, install, services
from ivr.web.customer.asked_lately import AskedLately

#: After the address of a SQLite file: nobody waits for the disk (``ivr/core/db/sqlite.py``).
QUICK_SQLITE: Final = "?synchronous=OFF"
#: The network of the story that is being told, and who carries its letters.
_network: list[HttpClient] = []
_mailer: list[Mailer] = []


def copied(template: Path, file: Path) -> Path:
    """``file`` with what is in ``template``, at the same address each time, so that what looks there can be kept."""
    for left in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        left.unlink(missing_ok=True)  # not written over: whoever still has it open keeps the old one
    shutil.copy(template, file)
    return file


#: SECRET_KEY of the applications that have their database from here.
KEY = "k" * 40


def kept_database(url: str) -> Database:
    """The database at this address, with its embedded queue. Whoever is done with it disposes of its connections."""
    return _as_new(_database(url))


@cache
def _database(url: str) -> Database:
    return Database(url, seal=Seal(KEY), queue=EmbeddedQueue())


def _as_new(database: Database) -> Database:
    """With nothing of what the application before has read in it, and no connection to the file that was there."""
    database.engine.dispose()
    with database.reading() as work:
        work.info["remembered"].clear()
    return database


def kept_app(config: Config) -> Flask:
    """The application with this configuration, as new; ``mail_goes_by`` says who carries its letters."""
    app, whole = _with(config)
    install(app, whole)  # a test may have put others in their place
    whole.keep(checkup())
    whole.keep(AskedLately())
    _as_new(whole.database)
    whole.circuit_breaker.forget()
    return app


def kept_application(
    database_url: str, address: str, network: HttpClient, mailer: Mailer
) -> tuple[Flask, AttentiveWorker]:
    """The application on this database, as new, with this network and this mailer as its ways out; and its worker."""
    _network[:] = [network]
    mail_goes_by(mailer)
    app, worker, whole = _made(database_url, address)
    install(app, whole)  # a story may have broken them
    whole.keep(checkup())
    whole.keep(AskedLately())
    whole.circuit_breaker.forget()
    worker.hear_news()
    return app, worker


def mail_goes_by(mailer: Mailer) -> None:
    """From now on this one carries the story's letters."""
    _mailer[:] = [mailer]


@cache
def _with(config: Config) -> tuple[Flask, Services]:
    app = create_app(config, mailer=cast("Mailer", LocalProxy(lambda: _mailer[0])))
    return app, services(app)


@cache
def _made(database_url: str, address: str) -> tuple[Flask, AttentiveWorker, Services]:
    settings = Config(
        database_url=database_url,
        secret_key="a secret of the tests, long enough",
        public_url=address,
        twilio_api_url="https://api.twilio.test",
        alarm_networks="127.0.0.0/8",  # a story may have a chat server
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

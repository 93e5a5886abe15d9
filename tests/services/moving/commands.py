"""Commands of the line."""

from collections.abc import Iterator

from flask import Flask

from ivr.app import create_app
from ivr.core.config import DESK, from_environment
from ivr.services import services

#: A key of age, printed here, which protects nothing.
PUBLIC = "age1d5ne43kvduy0ghmmenx6zxj44u2cr9ws0tm39t762s5qse44lqesd5y37w"
SECRET = "AGE-SECRET-KEY-1S7EQXDZ962PSQ06UZWSY79ARPVMDNYJGP98GFS8SP28LXKPAKWDQPUM45J"


def flask(app: Flask, *words: str) -> tuple[int, str]:
    """A command: its exit status and what it printed."""
    done = app.test_cli_runner().invoke(args=list(words), catch_exceptions=False)
    return done.exit_code, done.output


def made(url: str, **more: str) -> Iterator[Flask]:
    """The application on a database that the migrations have just made, with the people of the demonstration."""
    app = create_app(from_environment(DESK | {"DATABASE_URL": url} | more))
    flask(app, "db", "upgrade")
    flask(app, "seed")
    yield app
    services(app).database.engine.dispose()

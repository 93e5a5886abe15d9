"""Commands of the line."""

from collections.abc import Iterator

from flask import Flask

from ivr.app import create_app
from ivr.core.config import DESK, from_environment
from ivr.services import services


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

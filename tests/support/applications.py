"""Applications of one test's own; those that are kept are in ``kept.py``."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from ivr.app import create_app
from ivr.core.config import Config
from ivr.services import services


@contextmanager
def application(config: Config) -> Iterator[Flask]:
    """The application with this configuration; its connections are closed at the end."""
    app = create_app(config)
    try:
        yield app
    finally:
        services(app).database.engine.dispose()

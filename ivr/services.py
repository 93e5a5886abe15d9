"""What ``create_app`` has installed in the application at hand, with its type. For pages, commands and webhooks."""

from flask import current_app

from ivr.core.config import Config
from ivr.core.db import Database


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def settings() -> Config:
    found: Config = current_app.extensions["settings"]
    return found

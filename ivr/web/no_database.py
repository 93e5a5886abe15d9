"""A page that the database did not let us make, or a form that it did not let us save: 503, and why."""

from typing import Final

from flask import Flask, Response, request
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.core.db import outage

log = get_logger(__name__)
#: Without the layout of our pages: that would ask the database who is logged in.
_PAGE: Final = Markup(
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Not now</title>'
    "<h1>That cannot be done now</h1><p>{}</p><p>Nothing was saved.</p></html>"
)
_FOR_ANYBODY: Final = "Our system has a problem at this moment. Please try again in a few minutes."
#: The blueprints of staff, who are told the reason.
_OF_STAFF: Final = frozenset({"console", "pocket"})


def init_no_database(app: Flask) -> None:
    """Answer every request whose database is away or full; the steps of a call do so by themselves."""
    app.register_error_handler(SQLAlchemyError, _not_now)


def _not_now(fault: SQLAlchemyError) -> Response:
    why = outage(fault)
    if why is None:
        raise fault
    log.warning("page_without_database", error=type(fault).__name__)
    words = why if request.blueprint in _OF_STAFF else _FOR_ANYBODY
    return Response(_PAGE.format(words), 503, mimetype="text/html", headers={"Retry-After": "60"})

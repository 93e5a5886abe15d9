"""The frame of every page: read before the page is made, and again when a page hears that it has changed."""

from datetime import datetime
from typing import Final

from flask import g, render_template, request
from flask_login import current_user

from ivr.company.hours.rules import Calendar
from ivr.core import clock
from ivr.services import services
from ivr.web.console.common import scope, time_format
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import blueprint
from ivr.web.console.frame import queries
from ivr.web.console.frame.queries import Bar

_NO_PAGES: Final = frozenset({"console.stream", "console.clip", "console.recording"})


@blueprint.before_request
def look() -> None:
    """Note what the frame says, and the newest event, before a page is made: its stream goes on from there.

    Part of a page has no stream of its own.
    """
    is_page = request.method == "GET" and not is_live() and request.endpoint not in _NO_PAGES
    if is_page and current_user.is_authenticated:
        g.bar = _bar()


@blueprint.app_template_global("bar")
def bar() -> Bar:
    """Return what the frame says; read now, where the page answers a form."""
    if "bar" not in g:
        g.bar = _bar()
    found: Bar = g.bar
    return found


def look_again() -> None:
    """The page itself has changed what the frame says."""
    g.pop("bar", None)


@blueprint.app_template_filter("soon")
def soon(at: datetime, calendar: Calendar) -> str:
    """Return the moment as ``time_format.soon`` shows it now."""
    return time_format.soon(at, calendar, clock.now())


@blueprint.get("/bar", endpoint="bar")
def bar_again() -> str:
    """Return the parts of the frame that change."""
    return render_template("console/_bar.html")


def _bar() -> Bar:
    with services().database.reading():
        return queries.bar(current_user.id, scope.among())

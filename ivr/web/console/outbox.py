"""The letters that would have been sent, when there is no mail server: for operators and the owner."""

from typing import Final

from flask import abort, render_template
from flask_login import current_user

from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.platform.providers.outbox import Outbox, outbox_of
from ivr.services import services
from ivr.web.console.common.gate import blueprint

_SHOWN: Final = 100


@blueprint.get("/outbox")
def outbox() -> str:
    """Shows the latest letters, newest first."""
    return render_template("console/outbox.html", letters=_outbox().letters(_SHOWN), calendar=_calendar())


@blueprint.get("/outbox/<name>")
def letter(name: str) -> str:
    """Shows one letter as its recipient reads it."""
    found = _outbox().letter(name)
    if found is None:
        abort(404)
    return render_template("console/letter.html", letter=found, calendar=_calendar())


@blueprint.app_template_global("has_outbox")
def has_outbox() -> bool:
    """Whether there is an outbox that this person may see."""
    return bool(current_user.may_edit) and outbox_of(services().config) is not None


def _outbox() -> Outbox:
    if not current_user.may_edit:
        abort(403)
    found = outbox_of(services().config)
    if found is None:
        abort(404)
    return found


def _calendar() -> Calendar:
    database = services().database
    with database.reading():
        return hours.calendar()

"""The letters that would have been sent, when there is no mail server: for operators and the owner."""

import re
from typing import Final

from flask import abort, render_template
from flask_login import current_user

from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.policy.trail import Kind
from ivr.company.staff import roster
from ivr.platform.providers.outbox import Outbox, outbox_of
from ivr.services import services
from ivr.web.console.common import looks, scope
from ivr.web.console.common.gate import blueprint
from ivr.web.console.common.permissions import Action

_SHOWN: Final = 100
#: It opens the pages of the member of staff who gets it.
_OWN_LINK: Final = re.compile(r"https?://\S+/(?:t|login/reset)/[\w.=-]+")


@blueprint.get("/outbox")
def outbox() -> str:
    """Show the latest letters, newest first."""
    return render_template("console/outbox.html", letters=_outbox().letters(_SHOWN), calendar=_calendar())


@blueprint.get("/outbox/<name>")
def letter(name: str) -> str:
    """Show one letter as its recipient reads it. Another person's link to their own pages is not shown."""
    found = _outbox().letter(name)
    if found is None:
        abort(404)
    looks.looked(Kind.LETTER, f"Email {name}")
    text = found.text if is_to(current_user.id, found.to) else _OWN_LINK.sub("(their own link)", found.text)
    return render_template("console/letter.html", letter=found, text=text, calendar=_calendar())


def is_to(staff_id: int, address: str) -> bool:
    """Whether a letter to this address is theirs."""
    with services().database.reading():
        reader = roster.by_email(address)
    return reader is not None and reader.id == staff_id


@blueprint.app_template_global("sends_no_mail")
def sends_no_mail() -> bool:
    """Whether letters reach nobody: production has no mail server."""
    config = services().config
    return config.is_production and not config.smtp_url


@blueprint.app_template_global("has_outbox")
def has_outbox() -> bool:
    """Whether there is an outbox that this person may see."""
    return scope.may(Action.LETTERS) and outbox_of(services().config) is not None


def _outbox() -> Outbox:
    found = outbox_of(services().config)
    if found is None:
        abort(404)
    return found


def _calendar() -> Calendar:
    database = services().database
    with database.reading():
        return hours.calendar()

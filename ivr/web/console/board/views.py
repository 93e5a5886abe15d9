"""The board, whole and as the part that live pages fetch again; and who is rung."""

from datetime import datetime, timedelta

from flask import abort, render_template
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from ivr.callcenter.routing import availability
from ivr.web.console.board import shared
from ivr.web.console.common import absence_form, actions
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once


@blueprint.get("/")
def home() -> str:
    """Show the front page: what is going on now."""
    board, shown = shared.shown()
    return render_template("console/board.html", board=board, lanes=Markup(shown))  # noqa: S704  # a rendered template


@blueprint.get("/board")
def lanes() -> str:
    """Show the part of the board that changes."""
    return shared.shown()[1]


@blueprint.route("/staff/<int:staff_id>/availability", methods=["POST", "DELETE"])
def available(staff_id: int) -> Response:
    """Set whether a member of staff is rung, or until when not: staff for themselves, the owner for everyone."""
    if staff_id != current_user.id and not current_user.is_owner:
        abort(403)
    with once():
        if actions.is_undone():
            found = absence_form.set_away(staff_id, by=current_user.name)
        else:
            found = availability.set_available(staff_id, on=True, by=current_user.name)
    if not found:
        abort(404)
    return actions.done()


@blueprint.app_template_filter("elapsed")
def elapsed(since: datetime, now: datetime) -> str:
    """Return how long ago ``since`` is: ``2:13``, or ``1:02:13``."""
    seconds = max(0, int((now - since).total_seconds()))
    hours_, minutes = divmod(seconds // 60, 60)
    return f"{hours_}:{minutes:02}:{seconds % 60:02}" if hours_ else f"{minutes}:{seconds % 60:02}"


@blueprint.app_template_filter("roughly")
def roughly(span: timedelta) -> str:
    """Return a rounded duration: ``12 min``, ``3 h``, ``2 days``."""
    minutes = max(1, int(abs(span).total_seconds()) // 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h" if minutes < 36 * 60 else f"{round(minutes / 1440)} days"

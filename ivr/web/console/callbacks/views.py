"""Callbacks and tasks: claim, assign, ring now, postpone within opening hours, close with a reason."""

from datetime import datetime

from flask import abort, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.callcenter.callbacks import claims
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake import notes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import ring_back
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.callbacks import queries, rules
from ivr.web.console.callbacks.rules import Preset
from ivr.web.console.common import actions, scope, time_format, words
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.once import once


class NotATimeError(Refusal):
    message = "Enter a date and a time, such as 2026-11-30 09:15."


@blueprint.get("/callbacks")
def callbacks() -> str:
    """Show the open callbacks and tasks, the longest due first, a page at a time."""
    return _shown("console/callbacks.html", page=actions.page(request.args))


@blueprint.get("/callbacks/list")
def callbacks_list() -> str:
    """Show the part of the page that changes."""
    return _shown("console/callbacks/_list.html", page=actions.page(request.args))


@blueprint.route("/callbacks/<int:callback_id>/claim", methods=["POST", "DELETE"])
def claim(callback_id: int) -> Response:
    """Claim the callback for the member of staff; DELETE gives it back."""
    with once():
        if actions.is_undone():
            claims.give_back(_known(callback_id), _me(), even_if_claimed=current_user.is_owner)
        else:
            claims.claim(_known(callback_id), _me())
    return actions.done()


@blueprint.post("/callbacks/<int:callback_id>/call")
def ring_now(callback_id: int) -> Response:
    """Ring the member of staff who clicks, then the customer."""
    with once():
        callback = session.get_one(Callback, _known(callback_id))
        intake = session.get_one(Intake, callback.intake_id)
        ring_back.ring_back(intake, _me(), callback.id, even_if_claimed=current_user.is_owner)
    return actions.done()


@blueprint.post("/callbacks/<int:callback_id>/assign")
def assign(callback_id: int) -> Response:
    """Give the callback to a colleague."""
    chosen = request.form.get("staff", "")
    with once():
        colleague = session.get(Staff, int(chosen)) if ROW_ID.fullmatch(chosen) else None
        claims.assign(_known(callback_id), colleague, _me(), even_if_claimed=current_user.is_owner)
    return actions.done()


@blueprint.post("/callbacks/<int:callback_id>/due")
def postpone(callback_id: int) -> Response | tuple[str, int]:
    """Postpones it to a time within opening hours: one that is chosen, or typed in the company's local time."""
    try:
        with once():
            due_at = _chosen() or _moment(request.form.get("due_at", ""))
            known = _known(callback_id)
            claims.postpone(
                known, _me(), due_at, shown=time_format.moment, even_if_claimed=current_user.is_owner
            )
    except (NotATimeError, claims.NotAheadError, claims.ClosedThenError) as refusal:
        return _again(refusal, callback_id, "due_at")
    return actions.done()


@blueprint.post("/callbacks/<int:callback_id>/end")
def close(callback_id: int) -> Response | tuple[str, int]:
    """Close it with the reason that no call is needed."""
    try:
        with once():
            words_ = request.form.get("reason", "")
            claims.close(_known(callback_id), _me(), words_, even_if_claimed=current_user.is_owner)
    except claims.NoReasonError as refusal:
        return _again(refusal, callback_id, "reason")
    return actions.done()


def _again(refusal: Refusal, callback_id: int, field: str) -> Response | tuple[str, int]:
    """Show the page again with what was typed and what is wrong with it."""
    if actions.is_live():
        return actions.refused(refusal)
    refused = {
        "id": callback_id,
        "field": field,
        "words": refusal.shown,
        "typed": request.form.get(field, ""),
    }
    return _shown("console/callbacks.html", page=actions.page(request.form), refused=refused), 422


def _chosen() -> datetime | None:
    chosen = request.form.get("until", "")
    return rules.due_at(Preset(chosen), hours.calendar(), clock.now()) if chosen in set(Preset) else None


def _moment(typed: str) -> datetime:
    try:
        return hours_rules.moment(hours.calendar(), datetime.fromisoformat(typed.strip()[:19]))
    except (ValueError, OverflowError) as error:
        raise NotATimeError from error


def _known(callback_id: int) -> int:
    if callback_id > 2**31 - 1 or session.get(Callback, callback_id) is None:
        abort(404)
    return callback_id


def _me() -> Staff:
    return session.get_one(Staff, current_user.id)


def _shown(template: str, *, page: int, refused: dict[str, object] | None = None) -> str:
    with services().database.reading():
        calendar = hours.calendar()
        owed, now = queries.owed(scope.among(), page), clock.now()
        threads = notes.of({one.intake_id for one in owed.callbacks})
        colleagues = [one for one in roster.everyone() if one.is_active]
    presets = {one: time_format.soon(rules.due_at(one, calendar, now), calendar, now) for one in Preset}
    return render_template(
        template,
        owed=owed,
        threads=threads,
        colleagues=colleagues,
        presets=presets,
        now=now,
        calendar=calendar,
        words=words,
        refused=refused or {},
    )

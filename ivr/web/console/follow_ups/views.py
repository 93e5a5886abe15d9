"""Follow-ups: what waits for whom; take one, hand it to a colleague, note, close it with what came of it."""

from typing import Any

from flask import abort, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.follow_ups import owners
from ivr.backoffice.follow_ups import queries as follow_ups_queries
from ivr.backoffice.follow_ups import rules as follow_ups_rules
from ivr.backoffice.follow_ups import service as follow_ups
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.payments import queries as payments_queries
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.callbacks import queries as callbacks_queries
from ivr.web.console.common import actions, scope, words
from ivr.web.console.common.gate import blueprint
from ivr.web.console.common.permissions import Action
from ivr.web.once import once


@blueprint.get("/follow-ups", endpoint="follow_ups")
def follow_ups_page() -> str:
    """Show one's own follow-ups, then those of colleagues, a page at a time, and how much else waits."""
    return _shown("console/follow_ups.html", page=actions.page(request.args))


@blueprint.get("/follow-ups/list")
def follow_ups_list() -> str:
    """Show the part of the page that changes."""
    return _shown("console/follow_ups/_list.html", page=actions.page(request.args))


@blueprint.post("/follow-ups/<int:follow_up_id>/owner")
def hand_follow_up(follow_up_id: int) -> Response:
    """Take it, or give it to a colleague."""
    to = request.form.get("to", "")
    if not (to.isdecimal() and to.isascii() and len(to) < 10):
        abort(400)
    with once():
        follow_ups.hand(_known(follow_up_id), int(to), by=current_user)
    return _done("Handed over.")


@blueprint.post("/follow-ups/<int:follow_up_id>/note")
def note_follow_up(follow_up_id: int) -> Response | tuple[str, int]:
    """Add a note."""
    try:
        with once():
            follow_ups.note(_known(follow_up_id), request.form.get("note", ""), by=current_user)
    except follow_ups.NoNoteError as refusal:
        return _again(refusal, follow_up_id, "note")
    return _done("Note added.")


@blueprint.post("/follow-ups/<int:follow_up_id>/end")
def close_follow_up(follow_up_id: int) -> Response | tuple[str, int]:
    """Close it with what came of it."""
    try:
        with once():
            typed = request.form.get("ended", ""), request.form.get("words", "")
            follow_ups.close(_known(follow_up_id), *typed, by=current_user)
    except follow_ups.NoEndingError as refusal:
        return _again(refusal, follow_up_id, "ended")
    except follow_ups.NoNoteError as refusal:
        return _again(refusal, follow_up_id, "words")
    return _done("Closed.")


def _done(said: str) -> Response:
    """Answer that it was done. A live page gets the list anew: what was typed into the form is no draft any more."""
    if not actions.is_live():
        return actions.done()
    return Response(
        _shown("console/follow_ups/_list.html", page=actions.page(request.form), said=said),
        mimetype="text/html",
    )


def _again(refusal: Refusal, follow_up_id: int, field: str) -> Response | tuple[str, int]:
    """Show the page again with what was typed and what is wrong with it."""
    if actions.is_live():
        return actions.refused(refusal)
    refused = {"id": follow_up_id, "field": field, "words": refusal.shown, "typed": request.form}
    return _shown("console/follow_ups.html", page=actions.page(request.form), refused=refused), 422


def _known(follow_up_id: int) -> int:
    """Return the id again. A technician knows their own follow-ups alone."""
    one = session.get(FollowUp, follow_up_id) if follow_up_id < 2**31 else None
    if one is None or not (scope.may(Action.ALL_MATTERS) or one.owner_id == current_user.id):
        abort(404)
    return one.id


def _shown(template: str, *, page: int, refused: dict[str, Any] | None = None, said: str = "") -> str:
    sees_all, sees_money = scope.may(Action.ALL_MATTERS), scope.may(Action.MONEY)
    with services().database.reading():
        waiting = follow_ups_queries.waiting(current_user.id, of_all=sees_all, page=page)
        rows = waiting.rows
        returned = follow_ups_queries.returned(rows)
        colleagues = {cause: owners.colleagues(cause) for cause in {one.cause for one in rows}}
        callbacks, _ = callbacks_queries.counts(scope.among())
        payments = payments_queries.open_tasks() if sees_money else ()
        calendar, now = hours.calendar(), clock.now()
    mine = [one for one in rows if one.owner_id == current_user.id]
    return render_template(
        template,
        waiting=waiting,
        lists=[("Yours", mine), ("Of colleagues", [one for one in rows if one not in mine])],
        returned=returned,
        colleagues=colleagues,
        callbacks=callbacks,
        payments=payments,
        choices=follow_ups_rules.CHOICES,
        calendar=calendar,
        now=now,
        words=words,
        refused=refused or {},
        said=said,
    )

"""The page of one intake. Each view opens its own transaction."""

from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.follow_ups import service as follow_ups
from ivr.callcenter.intake import clips
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.views import served
from ivr.company.policy.trail import Kind
from ivr.core import card_numbers
from ivr.core.money import format_cents
from ivr.core.phone_numbers import shown_number
from ivr.services import services
from ivr.web.console.common import looks, scope, time_format, unsent, words
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import blueprint
from ivr.web.console.common.permissions import Action
from ivr.web.console.intake import answers, desk, forms, record
from ivr.web.console.intake.record import known
from ivr.web.once import once

_ASKED: Final = frozenset(field.name for field in forms.FIELDS)

blueprint.app_template_test("card_number")(card_numbers.has_mark)
blueprint.app_template_filter("number")(shown_number)
blueprint.app_template_filter("moment")(time_format.moment)
blueprint.app_template_filter("typed")(time_format.typed)
blueprint.app_template_filter("time_of_day")(time_format.time_of_day)
blueprint.app_template_filter("ending")(time_format.ending)
blueprint.app_template_filter("minute")(time_format.minute)
blueprint.app_template_filter("seconds")(time_format.seconds)
blueprint.app_template_filter("dollars")(format_cents)
blueprint.app_template_filter("who")(words.who)
blueprint.app_template_filter("vouched")(words.vouched)
blueprint.app_template_filter("worded")(lambda code, table: words.worded(table, code))


@blueprint.get("/intakes/<reference>")
def intake(reference: str) -> str:
    """Show everything about the intake."""
    sent = unsent.refused_on(request.path, current_user.id)
    return record.page(reference, answers.kept(known(reference)), sent)


@blueprint.post("/intakes/<reference>")
def fill_in(reference: str) -> Response:
    """Save what was typed. If a field is refused, nothing is saved and the page shows everything typed again.

    Either way the browser opens the page anew, so that a reload does not send the form again.

    Only operators and the owner change the six fields; all staff may leave notes and the wrap-up.
    """
    if desk.sent() & _ASKED and not scope.may(Action.CHANGE):
        abort(403)
    with once():
        found = desk.keep(known(reference), by=current_user.name, among=scope.among())
        saved = intakes.by_reference(known(reference))
        if saved is not None:
            follow_ups.settle_soon(saved.id)
    if found is None:
        abort(404)
    errors, conflicts = found
    if is_live():
        with services().database.reading():
            return desk.answer(intakes.by_reference(known(reference)), errors, conflicts, scope.among())
    if errors or conflicts:
        return unsent.refused(current_user.id)
    flash("Saved.")
    return redirect(url_for("console.intake", reference=reference), 303)


@blueprint.get("/intakes/<reference>/fields")
def fields(reference: str) -> Response:
    """Return the stored fields, for a page that shows the intake."""
    with services().database.reading():
        found = intakes.by_reference(known(reference))
        if found is None:
            abort(404)
        return desk.answer(found, {}, {}, scope.among())


@blueprint.get("/intakes/<reference>/clips/<int:clip_id>")
def clip(reference: str, clip_id: int) -> Response:
    """Play a caller's recorded words to whoever may see the matter."""
    with services().database.reading():
        found = clips.by_id(known(reference), clip_id)
    if found is None:
        abort(404)
    looks.looked(Kind.HEARD, f"Caller's message {clip_id} of {known(reference)}")
    if found.heard_at is None:
        with services().database.transaction():
            clips.heard(found.intake_id, [clip_id], by=current_user.name)
            follow_ups.settle_soon(found.intake_id)
    return served(found)

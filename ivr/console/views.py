"""The pages: all intakes, and one of them. Each view opens its own transaction."""

import re
from itertools import groupby
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr import clock, installed
from ivr.console import desk, forms, moments, queries, timeline, words
from ivr.console.acts import is_live
from ivr.console.doorway import ROW_ID, blueprint
from ivr.console.estimate import section as estimates
from ivr.console.service import Conflict
from ivr.hours import service as hours
from ivr.intake import service as intake_service
from ivr.intake.rules import shown_number
from ivr.intake.views import served
from ivr.payments import queries as payments
from ivr.quotes.rules import shown
from ivr.recordings import service as recordings

_REFERENCE: Final = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)

_ASKED: Final = frozenset(field.name for field in forms.FIELDS)

blueprint.app_template_filter("number")(shown_number)
blueprint.app_template_filter("moment")(moments.moment)
blueprint.app_template_filter("typed")(moments.typed)
blueprint.app_template_filter("time_of_day")(moments.time_of_day)
blueprint.app_template_filter("dollars")(shown)
blueprint.app_template_filter("worded")(lambda code, table: words.worded(table, code))


@blueprint.get("/intakes")
def intakes() -> str:
    """Newest first, a page at a time, of one state or of all."""
    state, before = request.args.get("state") or None, request.args.get("before") or None
    if (state and state not in words.STATES) or (before and not ROW_ID.fullmatch(before)):
        abort(404)
    with installed.database().reading():
        calendar = hours.calendar()
        listing = queries.listed(state=state, before=int(before) if before else None)
    return render_template(
        "console/intakes.html", listing=listing, state=state, before=before, calendar=calendar, words=words
    )


@blueprint.get("/intakes/<reference>")
def intake(reference: str) -> str:
    """Everything on the record."""
    return _page(reference)


@blueprint.post("/intakes/<reference>")
def fill_in(reference: str) -> Response | tuple[str, int]:
    """Keep what was typed. When something is refused nothing is kept and everything typed is shown again.

    The six fields are the operator's; notes and wrap-up are left by whoever handled the call.
    """
    if desk.sent() & _ASKED and not current_user.may_edit:
        abort(403)
    with installed.database().transaction():
        found = desk.keep(_known(reference), by=current_user.name)
    if found is None:
        abort(404)
    errors, conflicts = found
    if is_live():
        with installed.database().reading():
            return desk.answer(intake_service.by_reference(_known(reference)), errors, conflicts)
    if errors or conflicts:
        return _page(reference, errors, conflicts), 422 if errors else 409
    flash("Saved.")
    return redirect(url_for("console.intake", reference=reference), 303)


@blueprint.get("/intakes/<reference>/fields")
def fields(reference: str) -> Response:
    """What is kept of an intake, for a page that shows it."""
    with installed.database().reading():
        found = intake_service.by_reference(_known(reference))
        if found is None:
            abort(404)
        return desk.answer(found, {}, {})


@blueprint.get("/intakes/<reference>/clip")
def clip(reference: str) -> Response:
    """The caller's own voice, for whoever is logged in."""
    with installed.database().reading():
        found = intake_service.clip_of(_known(reference))
    if found is None:
        abort(404)
    return served(found)


def _page(
    reference: str, errors: dict[str, str] | None = None, conflicts: dict[str, Conflict] | None = None
) -> str:
    with installed.database().reading():
        calendar = hours.calendar()
        record = queries.whole(_known(reference))
        has_clip = intake_service.has_clip(_known(reference))
        calls_recorded = recordings.of_intake(record.intake.id) if record else ()
        money = payments.account(record.intake.id) if record else None
        estimate = estimates.section(intake_service.of(record.intake.id)) if record else None
    if record is None:
        abort(404)
    sheet = desk.sheet(record.intake, record.earlier)
    if errors or conflicts:
        sheet = desk.again(sheet, errors or {}, conflicts or {}, calendar)
    told = timeline.told(record.events, lambda at: moments.moment(at, calendar))
    return render_template(
        "console/intake.html",
        intake=record.intake,
        has_clip=has_clip,
        recordings=calls_recorded,
        money=money,
        estimate=estimate,
        now=clock.now(),
        callbacks=record.callbacks,
        earlier=record.earlier,
        days=[
            (day, list(entries)) for day, entries in groupby(told, lambda one: moments.day(one.at, calendar))
        ],
        fields=forms.FIELDS,
        handled=forms.HANDLED,
        missing=[field for field in forms.FIELDS if not sheet.kept[field.name]],
        sheet=sheet,
        choices=desk.CHOICES,
        calendar=calendar,
        words=words,
    )


def _known(reference: str) -> str:
    """The reference as it is kept: people may type it in small letters."""
    if not _REFERENCE.fullmatch(reference.upper()):
        abort(404)
    return reference.upper()

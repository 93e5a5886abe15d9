"""The pages: all intakes, and one of them. Each view opens its own transaction."""

import re
from itertools import groupby
from typing import Final

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr import clock
from ivr.console import forms, moments, queries, service, timeline, words
from ivr.console.doorway import ROW_ID, blueprint
from ivr.console.estimate import section as estimates
from ivr.db import Database
from ivr.hours import service as hours
from ivr.intake import service as intake_service
from ivr.intake.rules import shown_number
from ivr.intake.views import served
from ivr.payments import queries as payments
from ivr.quotes.rules import shown

_REFERENCE: Final = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)

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
    with _database().reading():
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
    """Keep the six fields. When one is refused nothing is kept and everything typed is shown again."""
    if not current_user.may_edit:
        abort(403)
    values, errors = forms.read(request.form)
    if errors:
        typed = {field.name: request.form.get(field.name, "") for field in forms.FIELDS}
        return _page(reference, typed, errors), 422
    with _database().transaction():
        found = service.fill_in(_known(reference), values, by=current_user.name)
    if not found:
        abort(404)
    flash("Saved.")
    return redirect(url_for("console.intake", reference=reference), 303)


@blueprint.get("/intakes/<reference>/clip")
def clip(reference: str) -> Response:
    """The caller's own voice, for whoever is logged in."""
    with _database().reading():
        found = intake_service.clip_of(_known(reference))
    if found is None:
        abort(404)
    return served(found)


def _page(reference: str, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    with _database().reading():
        calendar = hours.calendar()
        record = queries.whole(_known(reference))
        has_clip = intake_service.has_clip(_known(reference))
        money = payments.account(record.intake.id) if record else None
        estimate = estimates.section(intake_service.of(record.intake.id)) if record else None
    if record is None:
        abort(404)
    kept = {field.name: getattr(record.intake, field.name) for field in forms.FIELDS}
    told = timeline.told(record.events, lambda at: moments.moment(at, calendar))
    return render_template(
        "console/intake.html",
        intake=record.intake,
        has_clip=has_clip,
        money=money,
        estimate=estimate,
        now=clock.now(),
        callbacks=record.callbacks,
        days=[
            (day, list(entries)) for day, entries in groupby(told, lambda one: moments.day(one.at, calendar))
        ],
        fields=forms.FIELDS,
        missing=[field for field in forms.FIELDS if not kept[field.name]],
        kept=kept,
        typed=typed or {field.name: field.shown(kept[field.name]) for field in forms.FIELDS},
        errors=errors or {},
        calendar=calendar,
        words=words,
    )


def _known(reference: str) -> str:
    """The reference as it is kept: people may type it in small letters."""
    if not _REFERENCE.fullmatch(reference.upper()):
        abort(404)
    return reference.upper()


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database

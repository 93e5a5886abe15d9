"""The page: whether they are rung, the intake in hand with its fields, and what was offered to them today."""

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from ivr import clock, installed
from ivr.console import desk, forms, words
from ivr.console import queries as console
from ivr.console.acts import is_live
from ivr.console.pocket import queries
from ivr.console.pocket.doorway import blueprint
from ivr.console.service import Conflict
from ivr.dispatch import availability
from ivr.hours import service as hours


@blueprint.get("/t")
def page() -> str:
    """Today, with the intake they are with or were last with."""
    return _page(None)


@blueprint.post("/t/available")
def available() -> Response:
    """Have them rung from now on, or not."""
    with installed.database().transaction():
        availability.set_available(g.staff.id, on=request.form.get("on") == "1", by=g.staff.name)
    return redirect(url_for("pocket.page"), 303)


@blueprint.get("/t/<string(maxlength=12):reference>")
def intake(reference: str) -> str:
    """Today, with an intake that they have taken."""
    return _page(reference.upper())


@blueprint.post("/t/<string(maxlength=12):reference>")
def fill_in(reference: str) -> Response | tuple[str, int]:
    """Keep what was typed, the six fields as well: they stand before the customer. As the console's, otherwise."""
    reference = reference.upper()
    with installed.database().transaction():
        mine = queries.taken(g.staff.id, reference)
        found = desk.keep(reference, by=g.staff.name, among=queries.accepted(g.staff.id)) if mine else None
    if found is None:
        abort(404)
    errors, conflicts = found
    if is_live():
        with installed.database().reading():
            return _answer(reference, errors, conflicts)
    if errors or conflicts:
        return _page(reference, errors, conflicts), 422 if errors else 409
    flash("Saved.")
    return redirect(url_for("pocket.intake", reference=reference), 303)


@blueprint.get("/t/<string(maxlength=12):reference>/fields")
def fields(reference: str) -> Response:
    """What is kept of an intake, for a page that shows it."""
    with installed.database().reading():
        return _answer(reference.upper(), {}, {})


@blueprint.get("/t/account")
def account() -> Response:
    """Whose page this is, and a token for the forms in it."""
    return jsonify(person=g.staff.id, csrf_token=generate_csrf())


def _answer(reference: str, errors: dict[str, str], conflicts: dict[str, Conflict]) -> Response:
    intake = queries.taken(g.staff.id, reference)
    if intake is None:
        abort(404)
    return desk.answer(intake, errors, conflicts, queries.accepted(g.staff.id))


def _page(
    reference: str | None,
    errors: dict[str, str] | None = None,
    conflicts: dict[str, Conflict] | None = None,
) -> str:
    with installed.database().reading():
        calendar = hours.calendar()
        offers = queries.offers(g.staff.id, queries.midnight(calendar, clock.now()))
        last = reference or next((one.reference for one in offers if one.accepted_at), None)
        intake = queries.taken(g.staff.id, last) if last else None
        if reference and intake is None:
            abort(404)
        before = console.earlier(intake, queries.accepted(g.staff.id)) if intake else ()
        sheet = desk.sheet(intake, before) if intake else None
    if sheet and (errors or conflicts):
        sheet = desk.again(sheet, errors or {}, conflicts or {}, calendar)
    return render_template(
        "console/pocket/page.html",
        staff=g.staff,
        intake=intake,
        sheet=sheet,
        is_on=any(one.accepted_at and not one.ended_at and one.reference == last for one in offers),
        offers=offers,
        taken={one.reference for one in offers if one.accepted_at},
        fields=forms.FIELDS,
        handled=forms.HANDLED,
        choices=desk.CHOICES,
        calendar=calendar,
        words=words,
    )

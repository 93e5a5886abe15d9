"""The page: whether they are rung, the intake in hand with its fields, and what was offered to them today."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ivr import clock, installed
from ivr.console import desk, forms, words
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
        found = desk.keep(reference, by=g.staff.name) if mine else None
    if found is None:
        abort(404)
    errors, conflicts = found
    if is_live():
        with installed.database().reading():
            return desk.answer(queries.taken(g.staff.id, reference), errors, conflicts)
    if errors or conflicts:
        return _page(reference, errors, conflicts), 422 if errors else 409
    flash("Saved.")
    return redirect(url_for("pocket.intake", reference=reference), 303)


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
        sheet = desk.sheet(intake) if intake else None
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

"""A technician's own shifts, on the page that their link opens."""

from collections.abc import Mapping

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ivr.core.errors import Refusal
from ivr.web.console.shifts import own
from ivr.web.console.shifts.person import errors_of
from ivr.web.technician.gate import blueprint


@blueprint.get("/t/shifts")
def shifts() -> str:
    """Show their shifts."""
    return _page({}, {})


@blueprint.post("/t/shifts")
def act_on_shifts() -> ResponseReturnValue:
    """Ask for leave, offer a shift, or answer an offer."""
    try:
        said = own.act(g.staff.id)
    except Refusal as refused:
        return _page(request.form, errors_of(refused, own.field_of())), 422
    flash(said)
    return redirect(url_for("pocket.shifts"), 303)


def _page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    values = own.section(g.staff.id, typed, errors)
    return render_template("technician/shifts.html", action=url_for("pocket.shifts"), **values)

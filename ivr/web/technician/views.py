"""The technician's page: whether they are rung, the intake in hand with its fields, and today's offers.

An open page asks every few seconds whether anything has happened, and if so is sent again: it has no event
stream, because a shift of mobile phones would use up the streams that the console needs.
"""

from typing import Any, Final

from flask import (
    Flask,
    abort,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from ivr.backoffice.estimates.bookings import visible
from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.callcenter.routing import availability
from ivr.callcenter.routing.rules import OPEN
from ivr.company.on_call import service as on_call
from ivr.company.policy import service as policy
from ivr.company.staff import changes, sessions
from ivr.company.staff.models import Role, SessionEnd, Staff
from ivr.core import clock
from ivr.core.db import session as rows
from ivr.services import services
from ivr.web import log_in_trail, staff_calendar
from ivr.web.console.common import absence_form, unsent, words
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import LINK_SECRET
from ivr.web.console.intake import desk, forms
from ivr.web.console.intake import queries as intake_queries
from ivr.web.console.intake.service import Conflict
from ivr.web.console.live import events
from ivr.web.once import once
from ivr.web.technician import installed, paid_time, queries, shifts, visit_paper, visits
from ivr.web.technician.gate import blueprint

_ANEW: Final = 10  # seconds
#: Each adds its routes to the blueprint when it is imported.
PAGES: Final = (paid_time, shifts, visits, visit_paper)


def init_technician(app: Flask) -> None:
    """Register the technician's own page, and what puts it on a home screen."""
    app.register_blueprint(blueprint)
    app.register_blueprint(installed.blueprint)


@blueprint.get("/t")
def page() -> Response:
    """Show today, with the technician's present or last intake."""
    return _unless_known(None)


@blueprint.post("/t/available")
def available() -> Response:
    """Set whether the technician is rung, or until when not."""
    on = request.form.get("on")
    if on not in {"0", "1", None} or (on is None and not {"for", "until"} & request.form.keys()):
        abort(400)
    with once():
        if on == "1":
            availability.set_available(g.staff.id, on=True, by=g.staff.name)
        else:
            absence_form.set_away(g.staff.id, by=g.staff.name)
    return Response(status=204) if is_live() else redirect(url_for("pocket.page"), 303)


@blueprint.post("/t/calendar")
def renew_calendar() -> Response:
    """Make another address for their calendar, and close the one before."""
    if request.form.get("do") != "renew":
        abort(400)
    with once():
        changes.new_calendar_address(g.staff, rows.get_one(Staff, g.staff.id))
    flash("Your calendar has a new address. The old one is closed.")
    return redirect(url_for("pocket.page"), 303)


@blueprint.post("/t/pin")
def pin() -> Response:
    """Set their PIN for the telephone. An owner's opens more than this page: they set it in the console."""
    if g.staff.role == Role.OWNER:
        abort(403)
    with once():
        changes.set_pin(g.staff, rows.get_one(Staff, g.staff.id), request.form.get("pin", ""))
    if is_live():
        return Response(status=204)
    flash("You have a new PIN.")
    return redirect(url_for("pocket.page"), 303)


@blueprint.post("/t/close")
def close() -> str:
    """End the session: on a telephone that is somebody else's, say. The link still opens the page."""
    with services().database.transaction():
        sessions.end_held([session.pop(LINK_SECRET)], why=SessionEnd.LOGGED_OUT)
        log_in_trail.left(g.staff, "ended on the mobile page")
    words = "Your link opens the page again."
    return render_template("technician/lost.html", title="You're logged out", words=words, pastes=True)


@blueprint.get("/t/close")
@blueprint.get("/t/calendar")
@blueprint.get("/t/pin")
@blueprint.get("/t/available")  # else a reload of its form looked for a call of that name
def available_page() -> Response:
    """Leads to the page with that button."""
    return redirect(url_for("pocket.page"), 303)


@blueprint.get("/t/<string(maxlength=12):reference>")
def intake(reference: str) -> Response:
    """Show today, with an intake that they have accepted."""
    return _unless_known(reference.upper())


@blueprint.post("/t/<string(maxlength=12):reference>")
def fill_in(reference: str) -> Response:
    """Save what was typed, as the console does, and the six fields too: the technician is with the customer."""
    reference = reference.upper()
    with once():
        mine = queries.taken(g.staff.id, reference)
        found = desk.keep(reference, by=g.staff.name, among=visible.theirs(g.staff.id)) if mine else None
    if found is None:
        abort(404)
    errors, conflicts = found
    if is_live():
        with services().database.reading():
            return _answer(reference, errors, conflicts)
    if errors or conflicts:
        return unsent.refused(g.staff.id)
    flash("Saved.")
    return redirect(url_for("pocket.intake", reference=reference), 303)


@blueprint.get("/t/<string(maxlength=12):reference>/fields")
def fields(reference: str) -> Response:
    """Return the stored fields, for a page that shows the intake."""
    with services().database.reading():
        return _answer(reference.upper(), {}, {})


@blueprint.get("/t/account")
def account() -> Response:
    """Return whose page this is, and a token for its forms."""
    return jsonify(person=g.staff.id, csrf_token=generate_csrf())


def _answer(reference: str, errors: dict[str, str], conflicts: dict[str, Conflict]) -> Response:
    intake = queries.taken(g.staff.id, reference)
    if intake is None:
        abort(404)
    return desk.answer(intake, errors, conflicts, visible.theirs(g.staff.id))


def _unless_known(reference: str | None) -> Response:
    """Return the page, or 304 when the open page is up to date; every ``_ANEW`` seconds it is sent anyway.

    The tag names the newest event before the page was made. On PostgreSQL a lower id may be committed later.
    """
    with services().database.reading():
        tag = f"{events.newest()}-{int(clock.now().timestamp()) // _ANEW}"
    if is_live() and request.if_none_match.contains(tag):
        return Response(status=304)
    answer = make_response(_page(reference, unsent.refused_on(request.path, g.staff.id)))
    answer.set_etag(tag)
    return answer


def _page(reference: str | None, sent: desk.Sent | None) -> str:
    with services().database.reading():
        absence = absence_form.shown(g.staff)
        calendar = absence["calendar"]
        line = policy.current().company_phone
        time_asked = paid_time_queries.asked(g.staff.id)
        offers = queries.offers(g.staff.id, queries.midnight(calendar, clock.now()))
        taken = [one for one in offers if one.accepted_at]
        last = reference or (taken[0].reference if taken else None)
        intake = queries.taken(g.staff.id, last) if last else None
        if reference and intake is None:
            abort(404)
        before = intake_queries.earlier(intake, visible.theirs(g.staff.id)) if intake else ()
        sheet = desk.sheet(intake, before) if intake else None
        turn = on_call.turn_now()
        shown = visits.shown(g.staff.id, calendar)
        if sheet and sent:
            sheet = desk.again(sheet, intake, sent, calendar)
    return render_template(
        "technician/page.html",
        layout="console/bare.html" if is_live() else "technician/layout.html",
        address=url_for("pocket.intake", reference=reference) if reference else url_for("pocket.page"),
        staff=g.staff,
        time_asked=time_asked,
        intake=intake,
        sheet=sheet,
        offers=offers,
        **_standing(offers, intake.reference if intake else None),
        taken={one.reference for one in taken},
        visits=shown,
        fields=forms.FIELDS,
        handled=forms.HANDLED,
        choices=desk.CHOICES,
        on_call_until=turn.span.ends_at if turn and turn.staff_id == g.staff.id else None,
        calendar_address=staff_calendar.address_of(g.staff),
        words=words,
        line=line,
        **absence,
    )


def _standing(offers: Any, shown: str | None) -> dict[str, Any]:
    """Return whether their telephone rings, whether they are with the shown intake, and their other intakes."""
    with_them = next((one.reference for one in offers if one.accepted_at and not one.ended_at), None)
    return {
        "rings": any(one.state in OPEN and not one.ended_at for one in offers),
        "is_on": shown is not None and shown == with_them,
        "elsewhere": with_them if with_them != shown else None,
        "before": next((one.reference for one in offers if one.accepted_at and one.reference != shown), None),
    }

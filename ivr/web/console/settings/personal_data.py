"""One person's data, for the owner: found, exported, held and erased; and the list of what was asked.

A person is shown by the references of their matters: no number, address or name stands in an address of the console.
"""

import tempfile
from datetime import datetime
from typing import Any, Final

from flask import abort, flash, redirect, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ivr.backoffice.personal_data import archive, holds, obstacles, rows, subject
from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import RequestKind
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common import days
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import shown
from ivr.web.once import once

#: Longer than any list of numbers, addresses and names that is typed.
_LONGEST: Final = 500


@blueprint.get("/settings/personal-data")
def personal_data_page() -> str:
    """Show the chosen matters as one person, what was asked and is to be answered, the holds, and a form to find."""
    return _page(request.args.getlist("matter"))


@blueprint.post("/settings/personal-data/find")
def find_person() -> Response | tuple[str, int]:
    """Redirect to the person whom the typed terms mean."""
    try:
        with services().database.reading():
            found = subject.find(request.form.get("terms", "")[:_LONGEST].split(","))
            references = session.scalars(
                select(Intake.reference).where(Intake.id.in_(found.intake_ids)).order_by(Intake.id)
            ).all()
    except Refusal as refused:
        return _page([], error=refused.shown), 422
    if not references:
        return _page([], error="No intake was found."), 422
    return redirect(url_for("console.personal_data_page", matter=references), 303)


@blueprint.post("/settings/personal-data/export")
def export_person() -> Response:
    """Send everything that is kept of one person as a ZIP."""
    whole = services()
    with whole.database.reading():
        found = _chosen()
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    counts = archive.export(whole.database, whole.telephone, found, file)
    with whole.database.transaction():
        number = personal_data.exported(counts, by=current_user).id
    file.seek(0)
    return send_file(file, "application/zip", as_attachment=True, download_name=f"personal-data-{number}.zip")


@blueprint.post("/settings/personal-data/erase")
def erase_person() -> Response | tuple[str, int]:
    """Erases one person, if the counts are still those that were shown and confirmed."""
    seen, matters = request.form.get("seen", ""), request.form.getlist("matter")
    if not (seen.isdecimal() and seen.isascii() and len(seen) < 10):
        abort(400)
    if request.form.get("confirmed") != "yes":
        return _page(matters, error="Check the box to confirm that you have read the counts."), 422
    try:
        with once():
            force = request.form.get("force") == "yes"
            number = personal_data.erase(_chosen(), by=current_user, force=force, seen=int(seen)).id
    except Refusal as refused:
        return _page(matters, error=refused.shown), 422
    return redirect(url_for("console.personal_data_receipt", number=number), 303)


@blueprint.post("/settings/personal-data/hold")
def hold_person() -> Response | tuple[str, int]:
    """Keep the chosen matters until a day."""
    try:
        with once():
            until = _day(request.form.get("until", ""))
            holds.place(_chosen().intake_ids, why=request.form.get("why", ""), until=until, by=current_user)
    except Refusal as refused:
        return _page(request.form.getlist("matter"), error=refused.shown), 422
    return _done("Held. Nothing deletes it until that day.")


@blueprint.post("/settings/personal-data/holds/<int:number>/lift")
def lift_hold(number: int) -> Response:
    """End a hold before its day."""
    with once():
        if not holds.lift(number, by=current_user):
            abort(404)
    return _done("Lifted.")


@blueprint.post("/settings/personal-data/requests")
def note_person_request() -> Response:
    """Note what somebody has asked for, to be answered in time."""
    kind = request.form.get("kind", "")
    if kind not in [*RequestKind]:
        abort(400)
    with once():
        noted = personal_data.note(RequestKind(kind), _chosen().words, by=current_user.name)
        said = f"Saved. Answer it by {noted.due_at:%Y-%m-%d}."
    return _done(said)


@blueprint.post("/settings/personal-data/requests/<int:number>/decline")
def decline_person_request(number: int) -> Response:
    """Note that nothing is to be done about a request."""
    if request.form.get("do") != "decline":
        abort(400)
    with once():
        personal_data.decline(number, by=current_user)
    return _done("Saved.")


@blueprint.get("/settings/personal-data/requests/<int:number>")
def personal_data_receipt(number: int) -> str:
    """Show the receipt of one request, to be printed: counts, and nothing of what was erased."""
    with services().database.reading():
        found = personal_data.request(number)
        if found is None:
            abort(404)
        calendar, left = hours.calendar(), personal_data.left_to_do(found)
    return shown(
        "personal_data_receipt.html", title=f"Request {number}", asked=found, left=left, calendar=calendar
    )


def _done(said: str) -> Response:
    flash(said)
    return redirect(url_for("console.personal_data_page"), 303)


def _chosen() -> subject.Subject:
    """Return the person whose matters the form lists; 404 when it lists none that there is."""
    found = subject.of_references(request.form.getlist("matter")[: subject.MOST])
    if not found.intake_ids:
        abort(404)
    return found


def _day(typed: str) -> datetime:
    """Return the moment at which the day begins where the company is."""
    try:
        day = days.read(typed)
    except ValueError:
        day = None
    if day is None:
        raise holds.PastError
    return hours_rules.midnight(hours.calendar(), day)


def _page(references: list[str], *, error: str = "") -> str:
    with services().database.reading():
        person = _person(references)
        asked, held, calendar = personal_data.everything(), holds.in_force(), hours.calendar()
    return shown(
        "personal_data.html",
        title="Personal data",
        person=person,
        error=error,
        asked=asked,
        held=held,
        calendar=calendar,
    )


def _person(references: list[str]) -> dict[str, Any] | None:
    """Return what the page shows of one person; None when there is no such matter."""
    found = subject.of_references(references[: subject.MOST])
    if not found.intake_ids:
        return None
    columns = Intake.reference, Intake.contact_name, Intake.created_at
    matters = select(*columns).where(Intake.id.in_(found.intake_ids)).order_by(Intake.id)
    counts = rows.counts(found)
    return {
        "words": sorted(found.words),
        "matters": session.execute(matters).all(),
        "counts": counts,
        "total": sum(counts.values()),
        "obstacles": obstacles.of(found.intake_ids),
    }

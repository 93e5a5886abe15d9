"""The paper for a visit, on the technician's page: only of what they may see there."""

from flask import abort, g, render_template, url_for

from ivr.services import services
from ivr.web.papers import visit
from ivr.web.technician import queries
from ivr.web.technician.gate import blueprint


@blueprint.get("/t/<string(maxlength=12):reference>/paper")
def visit_paper(reference: str) -> str:
    """Show the paper for a booked visit, to be printed or signed."""
    with services().database.reading():
        intake = queries.taken(g.staff.id, reference.upper())
        shown = visit.shown(intake.id) if intake else None
    if shown is None:
        abort(404)
    back = url_for("pocket.intake", reference=reference.upper())
    return render_template("console/visit_paper.html", layout="technician/layout.html", back=back, **shown)

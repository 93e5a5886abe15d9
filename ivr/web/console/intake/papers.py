"""The papers of a matter: one page for the visit, to print; the customer's estimate and receipt as PDFs."""

from flask import Response, abort, render_template, url_for

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.rules import GOOD
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.intake.access import intake_of, quote_of
from ivr.web.customer import papers
from ivr.web.customer import queries as customer_queries
from ivr.web.papers import pdf, visit

blueprint.app_template_filter("qr_code")(visit.qr_code)


@blueprint.get("/intakes/<reference>/paper")
def visit_paper(reference: str) -> str:
    """Show the paper for the booked visit, to be printed."""
    with services().database.reading():
        shown = visit.shown(intake_of(reference).id)
    if shown is None:
        abort(404)
    back = url_for("console.intake", reference=shown["intake"].reference, _anchor="visit")
    return render_template("console/visit_paper.html", layout="console/layout.html", back=back, **shown)


@blueprint.get("/intakes/<reference>/estimate/<int:quote_id>/pdf")
def estimate_pdf(reference: str, quote_id: int) -> Response:
    """Return a sent or paid estimate as the customer has it, in their language."""
    with services().database.reading():
        quote = estimates_queries.get(quote_of(intake_of(reference), quote_id))
        matter = customer_queries.matter(quote)
        if not matter.is_good:
            abort(404)
        paper = papers.estimate(matter, quote.language)
    return pdf.answer(paper)


@blueprint.get("/intakes/<reference>/receipt/pdf")
def receipt_pdf(reference: str) -> Response:
    """Return the receipt as the customer has it, in their language."""
    with services().database.reading():
        versions = estimates_queries.versions(intake_of(reference).id)
        quote = next((one for one in versions if estimates_queries.state_today(one) in GOOD), None)
        matter = customer_queries.matter(quote) if quote else None
        if matter is None or not matter.money.lines:
            abort(404)
        paper = papers.receipt(matter, matter.quote.language)
    return pdf.answer(paper)

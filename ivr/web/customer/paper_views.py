"""The customer's papers, to be kept: the estimate and the receipt as PDFs. Like the pages, no cache may store them."""

from flask import Response

from ivr.services import services
from ivr.web.customer import papers, queries
from ivr.web.customer.views import LostLinkError, blueprint, language_of, quote_of
from ivr.web.papers import pdf


@blueprint.get("/pay/<token>/estimate.pdf")
def estimate_pdf(token: str) -> Response:
    """Return the estimate of this link as a PDF, as long as the link is good."""
    with services().database.reading():
        matter = queries.matter(quote_of(token))
        if not matter.is_good:
            raise LostLinkError
        paper = papers.estimate(matter, language_of(matter.quote.language))
    return pdf.answer(paper)


@blueprint.get("/pay/<token>/receipt.pdf")
def receipt_pdf(token: str) -> Response:
    """Return the receipt as a PDF: all payments of this matter and what they are for."""
    with services().database.reading():
        matter = queries.matter(quote_of(token))
        if not (matter.is_good and matter.money.lines):
            raise LostLinkError
        paper = papers.receipt(matter, language_of(matter.quote.language))
    return pdf.answer(paper)

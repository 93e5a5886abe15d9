"""The search page for all staff: a form and the intakes found."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from sqlalchemy import Row
from werkzeug import Response

from ivr.backoffice.search import rules as search_rules
from ivr.callcenter.intake import rules as intake_rules
from ivr.company.hours import service as hours
from ivr.core.phone_numbers import shown_number
from ivr.services import services
from ivr.web.console.common import scope, words
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.console.intake import queries as intake_queries

#: The fields that a result shows beside the reference, if they match.
_NUMBERS: Final = {
    "caller_number": "Caller",
    "callback_number": "Call back",
    "contact_number": "Contact number",
    "system_number": "System number",
}
_WORDS: Final = {
    "contact_email": "Email",
    "site_address": "Site address",
    "issue": "Issue",
    "transcript": "Message",
    "detailed_issue": "Detailed issue",
}


@blueprint.get("/search")
def search() -> str | Response:
    """Show matches newest first, a page at a time; a whole reference redirects to its intake."""
    typed, before = request.args.get("q", "")[: search_rules.LONGEST], request.args.get("before") or None
    if before and not ROW_ID.fullmatch(before):
        abort(404)
    wanted = search_rules.terms(typed)
    database = services().database
    with database.reading():
        among = scope.among()
        if reference := intake_queries.reference_of(typed.strip(), among):
            return redirect(url_for("console.intake", reference=reference))
        calendar = hours.calendar()
        listing = intake_queries.found(wanted, before=int(before) if before else None, among=among)
    return render_template(
        "console/search.html",
        typed=typed,
        is_asked=bool(wanted),
        before=before,
        listing=listing,
        where=lambda one: _where(one, wanted),
        marked=_marker(wanted),
        calendar=calendar,
        words=words,
    )


def _where(one: Row[Any], wanted: Sequence[search_rules.Term]) -> list[tuple[str, Markup]]:
    """Return the fields that match, by name, with the matches marked."""
    marked = _marker(wanted)
    told = [(head, shown_number(intake_rules.field(one, name))) for name, head in _NUMBERS.items()]
    told += [(head, search_rules.excerpt(getattr(one, name) or "", wanted)) for name, head in _WORDS.items()]
    return [(head, shown) for head, text in told if "<mark>" in (shown := marked(text))]


def _marker(wanted: Sequence[search_rules.Term]) -> Callable[[str], Markup]:
    def marked(text: str) -> Markup:
        pieces = search_rules.marked(text, wanted)
        return Markup().join(
            Markup("<mark>{}</mark>").format(piece) if is_found else escape(piece)
            for piece, is_found in pieces
        )

    return marked

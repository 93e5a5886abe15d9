"""The customer moves or cancels their visit: a page with the times that are free, and one more that asks "this one?".

A form has the sequence of the booking that its page showed: one from an old tab changes nothing, and says so.
"""

from datetime import UTC, datetime
from typing import Any, Final

from flask import redirect, request
from structlog import get_logger
from werkzeug.wrappers import Response as AnyResponse

from ivr.backoffice import cancellation
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import by_customer
from ivr.backoffice.estimates.bookings.by_customer import CallUsError, WindowTakenError
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import ChangedMeanwhileError
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.customer import queries, views
from ivr.web.customer.queries import Matter
from ivr.web.customer.views import blueprint
from ivr.web.once import once

log = get_logger(__name__)
_LONGEST: Final = 40
#: What a refusal is called in the texts.
_PROBLEMS: Final = {ChangedMeanwhileError: "visit_changed", WindowTakenError: "visit_taken"}


@blueprint.get("/pay/<token>/visit")
def change_visit(token: str) -> tuple[str, int]:
    """Show the times to which the visit can be moved, and the way to cancel it; or ask to call, and say why."""
    return _page(token)


@blueprint.get("/pay/<token>/visit/move")
def ask_to_move(token: str) -> tuple[str, int]:
    """Ask whether the visit is to be moved to the time that was picked."""
    return _page(token, "move")


@blueprint.post("/pay/<token>/visit/move")
def move_visit(token: str) -> AnyResponse | tuple[str, int]:
    """Move the visit to that time, unless somebody has taken it meanwhile."""
    try:
        with once():
            quote = _good(token)
            sender = services().config.mail_from
            at = _at(request.form.get("to", ""))
            if at is None:
                raise WindowTakenError
            by_customer.move(quote.intake_id, at, seen=_seen(), sender=sender)
    except Refusal as refusal:
        return _refused(token, refusal)
    return redirect(f"/pay/{token}?lang={views.language_of(quote.language)}", 303)


@blueprint.get("/pay/<token>/visit/cancel")
def ask_to_cancel(token: str) -> tuple[str, int]:
    """Ask whether the visit is to be canceled, and say what becomes of the money."""
    return _page(token, "cancel")


@blueprint.post("/pay/<token>/visit/cancel")
def cancel_own_visit(token: str) -> AnyResponse | tuple[str, int]:
    """Cancel the visit. Nothing is refunded by itself."""
    try:
        with once():
            quote = _good(token)
            cancellation.cancel_by_customer(quote.intake_id, seen=_seen(), sender=services().config.mail_from)
    except Refusal as refusal:
        return _refused(token, refusal)
    return redirect(f"/pay/{token}?lang={views.language_of(quote.language)}", 303)


def _page(token: str, asks: str = "", problem: str = "", status: int = 200) -> tuple[str, int]:
    with services().database.reading():
        matter = queries.matter(views.quote_of(token))
        booking = matter.booking
        if not matter.is_good or booking is None:
            raise views.LostLinkError
        may_move, may_cancel = (_may(check, booking, matter) for check in _CHECKS)
        offered = by_customer.offered(booking, matter.intake) if may_move is None else {}
        windows = [one for of_day in offered.values() for one in of_day]
        picked = _at(request.args.get("to", "")) if asks == "move" else None
        to = next((one for one in windows if one.starts_at == picked), None)
        if asks == "move" and to is None:
            asks, problem = "", problem or ("visit_taken" if picked else "visit_pick")
        if asks == "cancel" and may_cancel is not None:
            asks = ""
        shown = views.shown(
            "visit",
            token,
            matter,
            asks=asks,
            to=to,
            offered=offered,
            why=may_cancel or (None if windows else may_move or "none"),
            may_cancel=may_cancel is None,
            problem=problem,
        )
    return shown(), status


_CHECKS: Final = (by_customer.check_move, by_customer.check_change)


def _may(check: Any, booking: Booking, matter: Matter) -> str | None:
    """Return the word for why the customer may not, or None."""
    try:
        check(booking, matter.intake.stage)
    except CallUsError as refusal:
        return refusal.why
    return None


def _refused(token: str, refusal: Refusal) -> tuple[str, int]:
    """Show the times as they are now, and what was not done."""
    log.info("visit_not_changed", why=type(refusal).__name__)
    with services().database.reading():
        stands = queries.matter(views.quote_of(token)).booking is not None
    problem = _PROBLEMS.get(type(refusal), "visit_not_done")
    if stands:
        return _page(token, problem=problem, status=409)
    with services().database.reading():
        shown = views.shown("page", token, queries.matter(views.quote_of(token)), visit_problem=problem)
    return shown(), 409


def _good(token: str) -> Estimate:
    """Return the estimate of this link, while the link counts. Raises LostLinkError."""
    quote = views.quote_of(token)
    if estimates_queries.state_today(quote) not in GOOD:
        raise views.LostLinkError
    return quote


def _seen() -> int:
    """Return the sequence of the booking that the form was made for; -2, which none has, without a readable one."""
    seen = request.form.get("seen", "")
    return int(seen) if seen.isdecimal() and seen.isascii() and len(seen) < 7 else -2


def _at(typed: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(typed[:_LONGEST])
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None

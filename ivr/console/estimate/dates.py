"""What is agreed with the customer for a day and an hour: the call with the price, and the visit."""

from datetime import datetime

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr import installed
from ivr.bookings import service as bookings
from ivr.bookings.rules import BadWindowError
from ivr.callbacks.desk import ClosedThenError, NotAheadError
from ivr.console import moments
from ivr.console.answers import done, refused
from ivr.console.doorway import blueprint
from ivr.console.estimate.page import intake_of, may_edit
from ivr.errors import Refusal
from ivr.hours import rules as hours_rules
from ivr.hours import service as hours
from ivr.quotes import promises


@blueprint.post("/intakes/<reference>/estimate/promise")
def promise_estimate(reference: str) -> Response:
    """I will call you with the price: then."""
    may_edit()
    try:
        with installed.database().transaction():
            due_at = _moment(request.form.get("due_at", ""))
            promises.promise(intake_of(reference), due_at, by=current_user, shown=moments.moment)
    except (NotAheadError, ClosedThenError) as refusal:
        typed = request.form.get("due_at", "")[:30]
        return refused(reference, "promise", promise_error=refusal.shown, typed_due_at=typed)
    return done(reference, "estimate", "Promised. It is on the board, and under callbacks.")


@blueprint.post("/intakes/<reference>/booking")
def book_visit(reference: str) -> Response:
    """The day and the window, as agreed with the customer, by the clock on the company's wall."""
    may_edit()
    typed = {name: request.form.get(name, "").strip()[:300] for name in ("day", "from", "to", "reason")}
    try:
        with installed.database().transaction():
            starts_at, ends_at = (_moment(f"{typed['day']}T{typed[end]}") for end in ("from", "to"))
            reason = " ".join(typed["reason"].split()) or None
            bookings.book(intake_of(reference).id, starts_at, ends_at, by=current_user, reason=reason)
    except NotAheadError:
        problem = BadWindowError().shown
    except Refusal as refusal:
        problem = refusal.shown
    else:
        return done(reference, "visit", "Booked. The customer is mailed a confirmation with a calendar file.")
    return refused(reference, "visit", booking_error=problem, booking_typed=typed)


def _moment(typed: str) -> datetime:
    try:
        return hours_rules.moment(hours.calendar(), datetime.fromisoformat(typed.strip()[:19]))
    except (ValueError, OverflowError) as error:
        raise NotAheadError from error

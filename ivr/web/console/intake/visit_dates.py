"""A day and an hour agreed with the customer: for the call with the price, and for the visit."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice import cancellation
from ivr.backoffice.estimates import promises
from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.conflicts import UnconfirmedError
from ivr.callcenter.callbacks.claims import ClosedThenError, NotAheadError
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common import time_format
from ivr.web.console.common.gate import blueprint
from ivr.web.console.intake.access import intake_of
from ivr.web.console.intake.answers import done, refused
from ivr.web.once import once

blueprint.app_template_filter("window")(time_format.window)
blueprint.app_template_filter("zone")(time_format.zone)


@blueprint.post("/intakes/<reference>/estimate/promise")
def promise_estimate(reference: str) -> Response:
    """Promises the customer a call with the price at that time."""
    try:
        with once():
            due_at = _moment(request.form.get("due_at", ""))
            promises.promise(intake_of(reference), due_at, by=current_user, shown=time_format.moment)
    except (NotAheadError, ClosedThenError) as refusal:
        typed = request.form.get("due_at", "")[:30]
        return refused(reference, "promise", promise_error=refusal.shown, typed_due_at=typed)
    return done(reference, "estimate", "Promised. It is on the board, and under callbacks.")


@blueprint.post("/intakes/<reference>/booking")
def book_visit(reference: str) -> Response:
    """Books the day and the window agreed with the customer, in the company's local time.

    What does not fit needs a confirmation: the form comes back with a button that confirms exactly that.
    """
    typed = {name: request.form.get(name, "").strip()[:300] for name in ("day", "from", "to", "reason")}
    reason, confirmed = " ".join(typed["reason"].split()) or None, request.form.get("confirmed", "")
    problem: dict[str, Any]
    at = "visit"
    try:
        with once():
            intake = intake_of(reference)
            window = bookings_rules.read(typed, hours.calendar())
            sender = services().config.mail_from
            booking = bookings.book(
                intake.id,
                window,
                by=current_user,
                reason=reason,
                confirmed=confirmed,
                seen=_seen(),
                sender=sender,
            )
    except bookings_rules.BadWindowError as refusal:
        problem, at = {"booking_errors": refusal.errors}, f"booking-{next(iter(refusal.errors))}"
    except bookings_rules.NoReasonError as refusal:
        problem, at = {"booking_errors": {"reason": refusal.shown}}, "booking-reason"
    except UnconfirmedError as asks:
        sentences = [one.sentence for one in asks.conflicts]
        problem = {"booking_asks": {"sentences": sentences, "confirmation": asks.confirmation}}
        at = "booking-asks"
    except Refusal as refusal:
        problem = {"booking_error": refusal.shown}
    else:
        told = (
            "The customer is emailed a confirmation with a calendar file."
            if intake.contact_email
            else "The record has no email address: tell the customer."
        )
        return done(reference, "visit", f"{'Moved' if booking.was else 'Booked'}. {told}")
    return refused(reference, at, booking_typed=typed, **problem)


@blueprint.post("/intakes/<reference>/booking/cancel")
def cancel_visit(reference: str) -> Response:
    """Cancels the visit, for a reason that the customer reads, and with words to them if there are any."""
    typed = {name: request.form.get(name, "")[:600] for name in ("because", "words")}
    try:
        with once():
            intake = intake_of(reference)
            sender = services().config.mail_from
            cancellation.cancel(intake.id, **typed, by=current_user, seen=_seen(), sender=sender)
    except bookings_rules.NoCancelReasonError as refusal:
        wrong, at = {"because": refusal.shown}, "cancel-because"
    except bookings_rules.LongWordsError as refusal:
        wrong, at = {"words": refusal.shown}, "cancel-words"
    except Refusal as refusal:
        return refused(reference, "visit", HTTPStatus.CONFLICT, booking_error=refusal.shown)
    else:
        told = (
            "The customer is emailed why, with a file that takes the visit out of their calendar."
            if intake.contact_email
            else "The record has no email address: tell the customer."
        )
        return done(reference, "visit", f"Canceled. {told}")
    return refused(reference, at, cancel_typed=typed, cancel_errors=wrong)


def _seen() -> int | None:
    """Returns the sequence of the booking that the form was made for; None from a page of the release before."""
    seen = request.form.get("seen", "")
    return int(seen) if re.fullmatch(r"-?[0-9]{1,6}", seen, re.ASCII) else None


def _moment(typed: str) -> datetime:
    try:
        return hours_rules.moment(hours.calendar(), datetime.fromisoformat(typed.strip()[:19]))
    except (ValueError, OverflowError) as error:
        raise NotAheadError from error

"""A day and an hour agreed with the customer: for the call with the price, and for the visit."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice import cancellation
from ivr.backoffice.estimates import promises
from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.conflicts import UnconfirmedError
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Who
from ivr.callcenter.callbacks.claims import ClosedThenError, NotAheadError
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common import time_format
from ivr.web.console.common.gate import ROW_ID, blueprint, came_from
from ivr.web.console.intake.access import intake_of
from ivr.web.console.intake.answers import done, refused, shown
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
    return done(reference, "estimate", "Scheduled. It's on the board and under Callbacks.")


@blueprint.post("/intakes/<reference>/booking")
def book_visit(reference: str) -> Response:
    """Book the day and the window agreed with the customer, in the company's local time.

    What does not fit needs a confirmation: the form comes back with a button that confirms exactly that.
    """
    names = ("day", "from", "to", "reason", "technician", "remote")
    typed = {name: request.form.get(name, "").strip()[:300] for name in names}
    if "look" in request.form:
        return _look(reference, typed)
    seen = _seen()
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
                who=_who(),
                reason=reason,
                confirmed=confirmed,
                seen=seen,
                sender=sender,
            )
    except bookings_rules.BadWindowError as refusal:
        return _bad_window(reference, typed, refusal)
    except bookings_rules.NoReasonError as refusal:
        problem, at = {"booking_errors": {"reason": refusal.shown}}, "booking-reason"
    except UnconfirmedError as asks:
        problem, at = {"booking_asks": _asked(asks)}, "booking-asks"
    except Refusal as refusal:
        problem = {"booking_error": refusal.shown}
    else:
        if booking.sequence == seen:
            return done(reference, "visit", _has_it(booking))
        told = _emailed(intake, "The customer is emailed a confirmation with a calendar file.")
        return done(reference, "visit", f"{'Moved' if booking.window_before else 'Booked'}. {told}")
    return refused(reference, at, booking_typed=typed, **problem)


def _look(reference: str, typed: dict[str, str]) -> Response:
    """Show who is free in the window, or why it is none."""
    try:
        with services().database.reading():
            bookings_rules.read_possible(typed, hours.calendar(), now=clock.now())
    except bookings_rules.BadWindowError as refusal:
        return _bad_window(reference, typed, refusal)
    return shown(reference, "booking-technician", booking_typed=typed)


def _bad_window(reference: str, typed: dict[str, str], refusal: bookings_rules.BadWindowError) -> Response:
    at = f"booking-{next(iter(refusal.errors))}"
    return refused(reference, at, booking_typed=typed, booking_errors=refusal.errors)


@blueprint.post("/intakes/<reference>/booking/technician")
def assign_visit(reference: str) -> Response:
    """Chooses who makes the visit that is booked, or nobody. Whoever is off shift or on leave must be confirmed."""
    try:
        with once():
            intake, who = intake_of(reference), _who() or bookings_rules.NOBODY
            booking = bookings.assign(intake.id, who, by=current_user, seen=_seen())
    except UnconfirmedError as asks:
        return refused(
            reference, "booking-asks", booking_typed=_as_typed(intake.id), booking_asks=_asked(asks)
        )
    except Refusal as refusal:
        return refused(reference, "visit", HTTPStatus.CONFLICT, booking_error=refusal.shown)
    said = _has_it(booking)
    page = came_from()
    if page and page.startswith("/visits"):
        flash(said)
        return redirect(page, HTTPStatus.SEE_OTHER)
    return done(reference, "visit", said)


@blueprint.post("/intakes/<reference>/booking/cancel")
def cancel_visit(reference: str) -> Response:
    """Cancel the visit, for a reason that the customer reads, and with words to them if there are any."""
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
        told = _emailed(
            intake, "The customer is emailed why, with a file that takes the visit out of their calendar."
        )
        return done(reference, "visit", f"Canceled. {told}")
    return refused(reference, at, cancel_typed=typed, cancel_errors=wrong)


def _emailed(intake: Intake, words: str) -> str:
    """Return these words about the letter or, where nobody can be written to, what to do instead."""
    return words if intake.contact_email else "We have no email address: call the customer."


def _seen() -> int | None:
    """Return the sequence of the booking that the form was made for; None from a page of the release before."""
    seen = request.form.get("seen", "")
    return int(seen) if re.fullmatch(r"-?[0-9]{1,6}", seen, re.ASCII) else None


def _asked(asks: UnconfirmedError) -> dict[str, Any]:
    return {"sentences": [one.sentence for one in asks.conflicts], "confirmation": asks.confirmation}


def _has_it(booking: Booking) -> str:
    """Say who makes the visit now."""
    with services().database.reading():
        name = bookings.name_of(booking.technician_id)
    return f"The visit is assigned to {name}." if name else "The visit is unassigned."


def _as_typed(intake_id: int) -> dict[str, str]:
    """Return the form of a booking as it stands, with whoever was chosen."""
    with services().database.reading():
        booking, calendar = bookings.find_booking(intake_id), hours.calendar()
    starts, ends = (time_format.typed(at, calendar) for at in booking.window) if booking else ("", "")
    typed = {name: request.form.get(name, "")[:9] for name in ("technician", "remote")}
    return {"day": starts[:10], "from": starts[11:], "to": ends[11:], **typed}


def _who() -> Who | None:
    """Return who is chosen in the form, in the form's own words; None from a page of the release before."""
    if "technician" not in request.form:
        return None
    technician = request.form["technician"]
    is_remote = "remote" in request.form
    if not technician:
        return Who(None, is_remote=is_remote)
    # What is no number is nobody who makes visits.
    return Who(int(technician) if ROW_ID.fullmatch(technician) else 0, is_remote=is_remote)


def _moment(typed: str) -> datetime:
    try:
        return hours_rules.moment(hours.calendar(), datetime.fromisoformat(typed.strip()[:19]))
    except (ValueError, OverflowError) as error:
        raise NotAheadError from error

"""The estimate at the desk. The page is right without a script; with one the sum follows what is typed."""

import re
from datetime import datetime
from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ivr import clock, installed
from ivr.bookings import service as bookings
from ivr.bookings.rules import BadWindowError
from ivr.callbacks.desk import ClosedThenError, NotAheadError
from ivr.console import moments, words
from ivr.console import service as console
from ivr.console.doorway import blueprint
from ivr.console.estimate import section as sections
from ivr.console.estimate.section import Section
from ivr.db import session
from ivr.errors import Refusal
from ivr.hours import rules as hours_rules
from ivr.hours import service as hours
from ivr.intake.models import Intake
from ivr.quotes import promises, queries, rules, service
from ivr.quotes.links import Links

_REFERENCE: Final = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)
_CENTS: Final = re.compile(r"[0-9]{1,8}", re.ASCII)

blueprint.app_template_filter("cents")(rules.shown)


@blueprint.get("/estimates")
def estimates() -> str:
    """All of one state, or of all."""
    state = request.args.get("state") or None
    if state and state not in words.QUOTE_STATES:
        abort(404)
    with installed.database().reading():
        calendar = hours.calendar()
        rows = sections.by_state(state)
        standings = {row.Quote.id: queries.standing(row.Quote) for row in rows}
    return render_template(
        "console/estimates.html", rows=rows, standings=standings, state=state, calendar=calendar, words=words
    )


@blueprint.get("/intakes/<reference>/estimate")
def estimate(reference: str) -> str:
    """The estimates of an intake, on a page of their own."""
    with installed.database().reading():
        return _page(sections.section(_intake(reference)))


@blueprint.get("/intakes/<reference>/estimate/standing")
def estimate_standing(reference: str) -> str:
    """The part of it that changes while somebody looks."""
    with installed.database().reading():
        return _part("console/estimate/_standing.html", sections.section(_intake(reference)))


@blueprint.get("/intakes/<reference>/estimate/sum")
def estimate_sum(reference: str) -> str:
    """What the form comes to as it is typed."""
    with installed.database().reading():
        return _part("console/estimate/_sum.html", sections.typed(_intake(reference), request.args)[0])


@blueprint.post("/intakes/<reference>/estimate")
def work_on_estimate(reference: str) -> Response | tuple[str, int]:
    """Work it out, keep it as a draft, or send it. What is refused comes back as it was typed."""
    _may_edit()
    does, form = request.form.get("do"), dict(request.form)
    with installed.database().reading():
        intake = _intake(reference)
        form["surcharge"] = _to_sum(intake, form)
        found, want = sections.typed(intake, form)
        if want is None:
            return _page(found), 422
        if does not in {"keep", "send"}:
            return _page(found), 200
    try:
        with installed.database().transaction():
            intake = _intake(reference)
            quote = service.prepare(intake, want, seen=found.seen, by=current_user)
            if does == "send":
                service.send(quote.id, links=_links(), by=current_user)
                promises.kept(intake.id)
    except Refusal as refusal:
        with installed.database().reading():
            found, _ = sections.typed(_intake(reference), form)
            if isinstance(refusal, rules.BadPriceError):
                return _page(sections.refused_with(found, refusal)), 422
            return _page(found, refusal.shown), 409
    flash("Sent. Its progress is shown here." if does == "send" else "Kept as a draft. Nothing was sent.")
    return _back(reference)


@blueprint.post("/intakes/<reference>/estimate/<int:quote_id>/withdraw")
def withdraw_estimate(reference: str, quote_id: int) -> Response:
    """Its link stops at once."""
    _may_edit()
    with installed.database().transaction():
        intake = _intake(reference)
        if quote_id >= 2**31 or queries.of(quote_id).intake_id != intake.id:
            abort(404)
        service.withdraw(quote_id, by=current_user)
    flash("Withdrawn. Its link says so.")
    return _back(reference)


@blueprint.post("/intakes/<reference>/estimate/<int:quote_id>/again")
def send_estimate_again(reference: str, quote_id: int) -> Response | tuple[str, int]:
    """Its letter came back: once more, to the address as it is right. The record keeps that address."""
    _may_edit()
    to = request.form.get("to", "").strip()[:300]
    try:
        with installed.database().transaction():
            intake = _intake(reference)
            if quote_id >= 2**31 or queries.of(quote_id).intake_id != intake.id:
                abort(404)
            service.send_again(quote_id, to=to)
            console.fill_in(intake.reference, {"contact_email": to}, by=current_user.name)
    except Refusal as refusal:
        with installed.database().reading():
            found = sections.section(_intake(reference))
            return _page(found, again_error=refusal.shown, again_id=quote_id, again_to=to), 422
    flash("Sent again. Its progress is shown here.")
    return _back(reference)


@blueprint.post("/intakes/<reference>/estimate/promise")
def promise_estimate(reference: str) -> Response | tuple[str, int]:
    """I will call you with the price: then."""
    _may_edit()
    try:
        with installed.database().transaction():
            due_at = _moment(request.form.get("due_at", ""))
            promises.promise(_intake(reference), due_at, by=current_user, shown=moments.moment)
    except (NotAheadError, ClosedThenError) as refusal:
        with installed.database().reading():
            found = sections.section(_intake(reference))
            return _page(found, promise_error=refusal.shown, typed_due_at=request.form.get("due_at", "")), 422
    flash("Promised. It is on the board, and under callbacks.")
    return _back(reference)


@blueprint.post("/intakes/<reference>/booking")
def book_visit(reference: str) -> Response | tuple[str, int]:
    """The day and the window, as agreed with the customer, by the clock on the company's wall."""
    _may_edit()
    typed = {name: request.form.get(name, "").strip()[:300] for name in ("day", "from", "to", "reason")}
    try:
        with installed.database().transaction():
            starts_at, ends_at = (_moment(f"{typed['day']}T{typed[end]}") for end in ("from", "to"))
            reason = " ".join(typed["reason"].split()) or None
            bookings.book(_intake(reference).id, starts_at, ends_at, by=current_user, reason=reason)
    except NotAheadError:
        problem = BadWindowError().shown
    except Refusal as refusal:
        problem = refusal.shown
    else:
        flash("Booked. The customer is mailed a confirmation with a calendar file.")
        return _back(reference)
    with installed.database().reading():
        found = sections.section(_intake(reference))
        return _page(found, booking_error=problem, booking_typed=typed), 422


def _to_sum(intake: Intake, form: dict[str, str]) -> str:
    """The surcharge that makes the total the sum whose button was pressed; as typed when none was."""
    wanted_sum, surcharge = form.get("sum", ""), form.get("surcharge", "")
    if not _CENTS.fullmatch(wanted_sum):
        return surcharge
    refusal = sections.typed(intake, form)[0].refusal
    if not isinstance(refusal, rules.NotPayableError) or not surcharge.strip().lstrip("$").isdecimal():
        return surcharge
    typed_cents = int(surcharge.strip().lstrip("$")) * 100
    return str((typed_cents + int(wanted_sum) - refusal.total_cents) // 100)


def _page(found: Section, problem: str | None = None, **more: Any) -> str:
    return _part("console/estimate.html", found, problem=problem, **more)


def _part(template: str, found: Section, **more: Any) -> str:
    return render_template(
        template,
        estimate=found,
        intake=found.intake,
        calendar=found.calendar,
        now=clock.now(),
        words=words,
        **more,
    )


def _intake(reference: str) -> Intake:
    if not _REFERENCE.fullmatch(reference.upper()):
        abort(404)
    intake = session.scalar(select(Intake).where(Intake.reference == reference.upper()))
    return intake if intake is not None else abort(404)


def _may_edit() -> None:
    if not current_user.may_edit:
        abort(403)


def _moment(typed: str) -> datetime:
    try:
        return hours_rules.moment(hours.calendar(), datetime.fromisoformat(typed.strip()[:19]))
    except (ValueError, OverflowError) as error:
        raise NotAheadError from error


def _back(reference: str) -> Response:
    return redirect(url_for("console.estimate", reference=reference), 303)


def _links() -> Links:
    settings = installed.settings()
    return Links(settings.secret_key, settings.public_url)

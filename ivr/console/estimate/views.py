"""The estimate at the desk. The page is right without a script; with one the sum follows what is typed."""

import re
from typing import Final

from flask import abort, flash, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr import installed
from ivr.console import service as console
from ivr.console import words
from ivr.console.doorway import blueprint
from ivr.console.estimate import section as sections
from ivr.console.estimate.page import back, intake_of, may_edit, page, part, quote_of
from ivr.errors import Refusal
from ivr.hours import service as hours
from ivr.intake.models import Intake
from ivr.quotes import queries, rules, service
from ivr.quotes.links import Links

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
        return page(sections.section(intake_of(reference)))


@blueprint.get("/intakes/<reference>/estimate/standing")
def estimate_standing(reference: str) -> str:
    """The part of it that changes while somebody looks."""
    with installed.database().reading():
        return part("console/estimate/_standing.html", sections.section(intake_of(reference)))


@blueprint.get("/intakes/<reference>/estimate/sum")
def estimate_sum(reference: str) -> str:
    """What the form comes to as it is typed."""
    with installed.database().reading():
        return part("console/estimate/_sum.html", sections.typed(intake_of(reference), request.args)[0])


@blueprint.post("/intakes/<reference>/estimate")
def work_on_estimate(reference: str) -> Response | tuple[str, int]:
    """Work it out, keep it as a draft, or send it. What is refused comes back as it was typed."""
    may_edit()
    does, form = request.form.get("do"), dict(request.form)
    with installed.database().reading():
        intake = intake_of(reference)
        form["surcharge"] = _to_sum(intake, form)
        found, want = sections.typed(intake, form)
        if want is None:
            return page(found), 422
        if does not in {"keep", "send"}:
            return page(found), 200
    try:
        with installed.database().transaction():
            intake = intake_of(reference)
            quote = service.prepare(intake, want, seen=found.seen, by=current_user)
            if does == "send":
                service.send(quote.id, links=_links(), by=current_user)
    except Refusal as refusal:
        with installed.database().reading():
            found, _ = sections.typed(intake_of(reference), form)
            if isinstance(refusal, rules.BadPriceError):
                return page(sections.refused_with(found, refusal)), 422
            return page(found, refusal.shown), 409
    flash("Sent. Its progress is shown here." if does == "send" else "Kept as a draft. Nothing was sent.")
    return back(reference)


@blueprint.post("/intakes/<reference>/estimate/<int:quote_id>/withdraw")
def withdraw_estimate(reference: str, quote_id: int) -> Response:
    """Its link stops at once."""
    may_edit()
    with installed.database().transaction():
        intake = intake_of(reference)
        service.withdraw(quote_of(intake, quote_id), by=current_user)
    flash("Withdrawn. Its link says so.")
    return back(reference)


@blueprint.post("/intakes/<reference>/estimate/<int:quote_id>/again")
def send_estimate_again(reference: str, quote_id: int) -> Response | tuple[str, int]:
    """Its letter came back: once more, to the address as it is right. The record keeps that address."""
    may_edit()
    to = request.form.get("to", "").strip()[:300]
    try:
        with installed.database().transaction():
            intake = intake_of(reference)
            service.send_again(quote_of(intake, quote_id), to=to)
            console.fill_in(intake.reference, {"contact_email": to}, by=current_user.name)
    except Refusal as refusal:
        with installed.database().reading():
            found = sections.section(intake_of(reference))
            return page(found, again_error=refusal.shown, again_id=quote_id, again_to=to), 422
    flash("Sent again. Its progress is shown here.")
    return back(reference)


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


def _links() -> Links:
    settings = installed.settings()
    return Links(settings.secret_key, settings.public_url)

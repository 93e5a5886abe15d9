"""The estimate on the intake page. It works without a script; a script updates the sum while the operator types."""

import re
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import rules as estimates_rules
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.customer_links import Links
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import service as hours
from ivr.core.errors import Refusal
from ivr.core.money import format_cents
from ivr.services import services
from ivr.web.console.common import words
from ivr.web.console.common.gate import blueprint
from ivr.web.console.estimate import forms, section
from ivr.web.console.intake import service
from ivr.web.console.intake.access import intake_of, quote_of
from ivr.web.console.intake.answers import done, refused, shown
from ivr.web.console.intake.record import known
from ivr.web.once import once

_CENTS: Final = re.compile(r"[0-9]{1,8}", re.ASCII)

blueprint.app_template_filter("cents")(format_cents)


@blueprint.get("/estimates", endpoint="estimates")
def estimates_page() -> str:
    """Show all estimates of one state, or of all."""
    state = request.args.get("state") or None
    if state and state not in words.QUOTE_STATES:
        abort(404)
    with services().database.reading():
        calendar = hours.calendar()
        rows = section.by_state(state)
        standings = {row.Estimate.id: estimates_queries.state_today(row.Estimate) for row in rows}
    return render_template(
        "console/estimates.html", rows=rows, standings=standings, state=state, calendar=calendar, words=words
    )


@blueprint.get("/intakes/<reference>/estimate")
def estimate(reference: str) -> Response:
    """Show the part of the intake page with its estimates."""
    return redirect(url_for("console.intake", reference=known(reference), _anchor="estimate"))


@blueprint.get("/intakes/<reference>/estimate/sum")
def estimate_sum(reference: str) -> str:
    """Show the total of the form as it is typed."""
    with services().database.reading():
        found, _ = section.typed(intake_of(reference), request.args)
    return render_template("console/estimate/_sum.html", estimate=found, is_typing=True)


@blueprint.post("/intakes/<reference>/estimate")
def work_on_estimate(reference: str) -> Response:
    """Prices the estimate, saves it as a draft, or sends it. A refused form comes back as typed."""
    does = request.form.get("do")
    form = {name: request.form.get(name, "")[:300] for name in (*forms.FIELDS, "seen", "sum")}
    form |= {"kind": request.form["kind"]} if "kind" in request.form else {}
    with services().database.reading():
        intake = intake_of(reference)
        form["surcharge"] = _to_sum(intake, form)
        found, want = section.typed(intake, form)
    if want is None:
        return refused(reference, "estimate", estimate_form=form)
    if does not in {"keep", "send"}:
        return shown(reference, "estimate", estimate_form=form)
    try:
        with once():
            intake = intake_of(reference)
            quote = estimates.prepare(intake, want, seen=found.seen, by=current_user)
            if does == "send":
                estimates.send(quote.id, links=_links(), by=current_user)
    except estimates.SomebodyWasFasterError as refusal:
        # The page shows what is there now, so the next attempt has seen it.
        form = {name: form[name] for name in forms.FIELDS}
        return refused(reference, "estimate", 409, estimate_form=form, problem=refusal.shown)
    except estimates_rules.BadPriceError as refusal:
        errors = {refusal.field: refusal.shown}
        return refused(reference, "estimate", estimate_form=form, estimate_errors=errors)
    except Refusal as refusal:
        return refused(reference, "estimate", 409, estimate_form=form, problem=refusal.shown)
    words_ = "Sent. Its progress is shown here." if does == "send" else "Kept as a draft. Nothing was sent."
    return done(reference, "estimate", words_)


@blueprint.post("/intakes/<reference>/estimate/<int:quote_id>/withdraw")
def withdraw_estimate(reference: str, quote_id: int) -> Response:
    """Disables the estimate's link at once."""
    try:
        with once():
            intake = intake_of(reference)
            estimates.withdraw(quote_of(intake, quote_id), by=current_user)
    except estimates.SomebodyWasFasterError as refusal:
        return refused(reference, "estimate", 409, standing_problem=refusal.shown)
    return done(reference, "estimate", "Withdrawn. Its link says so.")


@blueprint.post("/intakes/<reference>/estimate/<int:quote_id>/again")
def send_estimate_again(reference: str, quote_id: int) -> Response:
    """Mail a returned letter again to the corrected address, and store that address in the intake."""
    to = request.form.get("to", "").strip()[:300]
    try:
        with once():
            intake = intake_of(reference)
            estimates.send_again(quote_of(intake, quote_id), to=to)
            service.fill_in(intake.reference, {"contact_email": to}, by=current_user.name)
    except Refusal as refusal:
        return refused(reference, "estimate", again_error=refusal.shown, again_id=quote_id, again_to=to)
    return done(reference, "estimate", "Sent again. Its progress is shown here.")


def _to_sum(intake: Intake, form: dict[str, str]) -> str:
    """Return the surcharge that makes the total the suggested sum that was clicked; else as typed."""
    wanted_sum, surcharge = form.get("sum", ""), form.get("surcharge", "")
    if not _CENTS.fullmatch(wanted_sum):
        return surcharge
    refusal = section.typed(intake, form)[0].refusal
    if not isinstance(refusal, estimates_rules.NotPayableError):
        return surcharge
    typed_cents = forms.SURCHARGE.read(surcharge or "0") or 0
    return forms.SURCHARGE.write(typed_cents + int(wanted_sum) - refusal.total_cents)


def _links() -> Links:
    config = services().config
    return Links(config.secret_keys, config.public_url)

"""The second step of a log-in: a code from an app, a recovery code or a passkey. A passkey also logs in by itself."""

from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor import passkeys
from ivr.company.staff.second_factor import service as second_factor
from ivr.company.staff.second_factor.passkeys import BadPasskeyError
from ivr.core.db import session as rows
from ivr.services import services
from ivr.web import log_in_trail
from ivr.web.console import login
from ivr.web.console.common import challenge, pending, throttle, tries
from ivr.web.console.common.gate import blueprint

Answer = Response | dict[str, Any] | tuple[str, int]

NOT_THE_CODE: Final = "That code is not right, or was used already. Type the one that the app shows now."
NO_PASSKEY: Final = "The passkey could not be checked. Try again, or use another way to log in."


@blueprint.get("/login/second-step")
def second_step() -> Answer:
    """Ask for the second factor of whoever has given their password here."""
    if current_user.is_authenticated:
        return redirect(login.wanted(None))
    return _page(None)


@blueprint.post("/login/second-step")
def take_second_step() -> Answer:
    """Log the person in, or say that the code or the passkey is not theirs."""
    if current_user.is_authenticated:  # the button was pressed twice
        return redirect(login.wanted(None))
    with services().database.transaction():
        staff = pending.holder()
        attempt = tries.count_try("second step", staff.id) if staff else None
        if staff is not None and attempt is None:
            log_in_trail.refused(staff, "too many tries at the second step")
    if staff is None:
        return redirect(url_for("console.login"))
    if attempt is None:
        return _page(tries.TRY_LATER, 429)
    try:
        with services().database.transaction():
            staff = pending.holder()
            if staff is not None and _is_theirs(staff):
                throttle.succeeded(attempt)
                how = "with the password and a second factor"
                return login.let_in(staff, login.wanted(pending.wanted()), how=how)
    except BadPasskeyError:
        _refused(staff, "wrong passkey at the second step")
        return _page(NO_PASSKEY, 422)
    _refused(staff, "wrong code at the second step")
    return _page(NOT_THE_CODE, 422)


@blueprint.get("/login/passkey")
def passkey_options() -> Answer:
    """Return what a browser needs to sign with a passkey: of whoever has given their password, else of anybody."""
    party = challenge.party()
    if party is None:
        return {}
    with services().database.reading():
        staff = pending.seen()
        return passkeys.options_to_log_in(party, challenge.new(), staff.id if staff else None)


@blueprint.post("/login/passkey")
def log_in_by_passkey() -> Answer:
    """Log in with a passkey alone: the device, and what unlocks it. No tries are counted: a signature is no guess."""
    wanted = login.wanted(request.form.get("next"))
    try:
        with services().database.transaction():
            party, asked = challenge.taken()
            staff_id = passkeys.accept(party, asked, request.form.get("credential", ""), None)
            staff = rows.get_one(Staff, staff_id)
            if staff.is_active and staff.password_hash is not None:
                return login.let_in(staff, wanted, how="with a passkey")
    except BadPasskeyError:
        pass
    _refused(None, "unknown passkey")
    return login.again("", NO_PASSKEY), 422


def _refused(staff: Staff | None, why: str) -> None:
    with services().database.transaction():
        log_in_trail.refused(staff, why)


def _is_theirs(staff: Staff) -> bool:
    answer = request.form.get("credential")
    if answer is None:
        code = request.form.get("code", "")
        return second_factor.accept(staff, code, keys=services().config.secret_keys)
    party, asked = challenge.taken()
    return passkeys.accept(party, asked, answer, staff.id) == staff.id


def _page(error: str | None, status: int = 200) -> Answer:
    with services().database.reading():
        staff = pending.seen()
        factors = second_factor.of(staff.id) if staff else None
        company = policy.current().company_name
    if staff is None or factors is None:
        return redirect(url_for("console.login"))
    page = render_template(
        "console/account/second_step.html",
        factors=factors,
        party=challenge.party(),
        company=company,
        error=error,
    )
    return Response(page, status, mimetype="text/html")

"""One's own second factor: one-time codes, passkeys, recovery codes. Whoever must have one sets it up here first."""

import json
from collections.abc import Callable
from typing import Final

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor import one_time_codes, passkeys
from ivr.company.staff.second_factor import service as second_factor
from ivr.core.errors import Refusal
from ivr.core.sealing import Keys, opened, sealed
from ivr.services import services
from ivr.web.console.account.shell import confirmed, myself
from ivr.web.console.common import challenge
from ivr.web.console.common.gate import MUST_SET_UP, blueprint
from ivr.web.once import once

#: In the session, encrypted: recovery codes for the next page, which shows them once.
_NEW_CODES: Final = "new_codes"
_PURPOSE: Final = "recovery codes to be shown"
#: The field beside which each refusal is shown.
_AT: Final = {
    one_time_codes.WrongCodeError: "code",
    one_time_codes.StaleOfferError: "code",
    passkeys.PasskeyNameError: "name",
}


@blueprint.get("/account/second-factor")
@confirmed
def own_factor() -> ResponseReturnValue:
    """Show what is set up, and how to set up more."""
    return _page({}, _take_new_codes())


@blueprint.post("/account/second-factor/codes")
@confirmed
def switch_codes() -> ResponseReturnValue:
    """Switches one-time codes on with the first code, or off."""

    def switch_on(me: Staff) -> list[str]:
        return second_factor.switch_on_codes(
            current_user,
            me,
            keys=services().config.secret_keys,
            offer=request.form.get("offer", ""),
            code=request.form.get("code", ""),
            but=current_user.session_id,
        )

    def switch_off(me: Staff) -> list[str]:
        second_factor.switch_off_codes(current_user, me, but=current_user.session_id)
        return []

    if request.form.get("do") == "off":
        return _done(switch_off, "One-time codes are off.")
    return _done(switch_on, "One-time codes are on.")


@blueprint.get("/account/second-factor/passkey")
@confirmed
def passkey_to_add() -> ResponseReturnValue:
    """Return what a browser needs to make a passkey."""
    party = challenge.party()
    if party is None:
        return {}
    with services().database.reading():
        company = policy.current().company_name
        return passkeys.options_to_add(myself(), party, company, challenge.new())


@blueprint.post("/account/second-factor/passkeys")
@confirmed
def add_passkey() -> ResponseReturnValue:
    """Add the passkey that the browser has made."""

    def add(me: Staff) -> list[str]:
        party, asked = challenge.taken()
        answer, name = request.form.get("credential", ""), request.form.get("name", "")
        return second_factor.add_passkey(
            current_user, me, party, asked, answer=answer, name=name, but=current_user.session_id
        )

    return _done(add, "The passkey is added. It logs you in with and without your password.")


@blueprint.post("/account/second-factor/passkeys/<int:passkey_id>/remove")
@confirmed
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Remove one passkey."""

    def remove(me: Staff) -> list[str]:
        second_factor.remove_passkey(current_user, me, passkey_id, but=current_user.session_id)
        return []

    return _done(remove, "The passkey is removed. Delete it on its device as well.")


@blueprint.post("/account/second-factor/recovery-codes")
@confirmed
def make_recovery_codes() -> ResponseReturnValue:
    """Make ten recovery codes, in place of those that are left."""

    def make(me: Staff) -> list[str]:
        return second_factor.new_recovery_codes(current_user, me, but=current_user.session_id)

    return _done(make, "These codes are new.")


def _done(change: Callable[[Staff], list[str]], said: str) -> ResponseReturnValue:
    try:
        with once():
            codes = change(myself())
    except Refusal as refused:
        return _page({_AT.get(type(refused), "factor"): refused.shown}), 422
    if codes:
        session[_NEW_CODES] = sealed(services().config.secret_keys, _PURPOSE, json.dumps(codes))
    session.pop(MUST_SET_UP, None)
    flash(said)
    return redirect(url_for("console.own_factor"), 303)


def _take_new_codes() -> list[str]:
    kept = opened(services().config.secret_keys, _PURPOSE, session.pop(_NEW_CODES, ""))
    codes: list[str] = json.loads(kept) if kept else []
    return codes


def _page(errors: dict[str, str], new_codes: list[str] | None = None) -> str:
    keys = services().config.secret_keys
    with services().database.reading():
        me = myself()
        factors, company = second_factor.of(me.id), policy.current().company_name
        calendar = hours.calendar()
    secret = _typed_for(keys, me) or one_time_codes.new_secret()
    return render_template(
        "console/account/own_factor.html",
        me=me,
        factors=factors,
        calendar=calendar,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        offer=one_time_codes.offer(keys, me.id, secret),
        qr_code=_qr_code(one_time_codes.address(secret, account=me.email, company=company)),
        party=challenge.party(),
        new_codes=new_codes or [],
        must_set_up=session.get(MUST_SET_UP, False),
        typed=request.form.get("name", ""),
        errors=errors,
    )


def _typed_for(keys: Keys, me: Staff) -> str | None:
    """Return the secret that a wrong code was typed for: the app has scanned it already."""
    try:
        return one_time_codes.offered(keys, me.id, request.form.get("offer", ""))
    except one_time_codes.StaleOfferError:
        return None


def _qr_code(text: str) -> Markup:
    import segno  # noqa: PLC0415  # few requests need it

    picture = segno.make(text, error="m").svg_inline(light="#fff", border=4, omitsize=True)
    return Markup(picture)  # noqa: S704  # an SVG of squares, with no words in it

"""A forgotten password: a letter with a link, and the page behind the link."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ivr.company.staff import password_reset
from ivr.company.staff.password_reset import LASTS, LinkUsedError, ResetLinks
from ivr.company.staff.passwords import ShortPasswordError
from ivr.services import services
from ivr.web.client_address import client_network
from ivr.web.console import login
from ivr.web.console.common import throttle, tries
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once

#: The same for everybody, whether or not they work here.
ON_ITS_WAY: Final = (
    "If someone here logs in with that address, we've sent an email to it. Its link is good for "
    f"{int(LASTS.total_seconds()) // 60} minutes. Nothing after a few minutes? "
    "Check your spam folder, then ask the owner."
)
_LONGEST, _NETWORK = 254, 50


@blueprint.get("/login/forgot")
def forgotten() -> str:
    """Ask for the email address."""
    return _page(None)


@blueprint.post("/login/forgot")
def ask_for_reset() -> ResponseReturnValue:
    """Have a letter written to whoever logs in with this address. The answer tells nobody whether there is somebody."""
    email = login.typed_email()[:_LONGEST]
    if not _sends_letters():
        return _page("This service sends no email. Ask the owner for a new password."), 409
    network = client_network()
    counted = f"forgot {email}"[:_LONGEST], f"forgot {network}"[:_NETWORK] if network else None
    with services().database.transaction():
        attempt = throttle.count_try(*counted, device=None)
    if attempt is None:
        return _page(tries.TRY_LATER), 429
    with once():
        password_reset.ask(email)
    flash(ON_ITS_WAY)
    return redirect(url_for("console.login"), 303)


@blueprint.get("/login/reset/<token>")
def choose_password(token: str) -> ResponseReturnValue:
    """Ask for the new password. It changes nothing: mail scanners open links."""
    try:
        with services().database.reading():
            _links().read(token)
    except LinkUsedError as refused:
        return _page(refused.shown), 410
    return render_template("console/account/reset.html", token=token, error=None)


@blueprint.post("/login/reset/<token>")
def reset_password(token: str) -> ResponseReturnValue:
    """Set the new password, and end every session of the person."""
    try:
        with once():
            password_reset.reset(token, request.form.get("password", ""), _links())
    except LinkUsedError as refused:
        return _page(refused.shown), 410
    except ShortPasswordError as refused:
        return render_template("console/account/reset.html", token=token, error=refused.shown), 422
    flash("You have a new password. Log in with it.")
    return redirect(url_for("console.login"), 303)


def _sends_letters() -> bool:
    """Without a mail server letters lie in a folder, which operators read: right for a desk, not for production."""
    config = services().config
    return bool(config.smtp_url) or not config.is_production


def _links() -> ResetLinks:
    config = services().config
    return ResetLinks(config.secret_keys, config.public_url)


def _page(error: str | None) -> str:
    return render_template("console/account/forgotten.html", error=error)

"""Setting up a line that nobody runs yet: the one-time code, and who the first owner is."""

from collections.abc import Mapping
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ivr.company.dialing.service import NotDialedError
from ivr.company.first_run import service as first_run
from ivr.company.first_run.service import AlreadySetUpError, WrongCodeError
from ivr.company.staff import passwords, roster
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import BadNumberError
from ivr.services import services
from ivr.web.client_address import client_network
from ivr.web.console import login
from ivr.web.console.account.own_password import DIFFERENT
from ivr.web.console.common import throttle, tries
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once

FIELDS: Final = ("name", "phone", "email")
#: The field beside which each refusal is shown.
_AT: Final[Mapping[type[Refusal], str]] = {
    WrongCodeError: "code",
    roster.BadNameError: "name",
    BadNumberError: "phone",
    NotDialedError: "phone",
    roster.PhoneTakenError: "phone",
    roster.BadEmailError: "email",
    roster.EmailTakenError: "email",
    passwords.ShortPasswordError: "password",
}
#: Whose tries are counted: strangers have no name.
_COUNTED: Final = "the set-up code"


@blueprint.get("/setup")
def set_up() -> ResponseReturnValue:
    """Show the form; leads to the log-in once there is somebody to log in."""
    with services().database.reading():
        is_open = first_run.is_open()
    return _page({}) if is_open else redirect(url_for("console.login"))


@blueprint.post("/setup")
def make_first_owner() -> ResponseReturnValue:
    """Make the first owner and log them in. Wrong codes are counted; the rest of the form is not."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    password, code = request.form.get("password", ""), request.form.get("code", "")[:60]
    if password != request.form.get("again", ""):
        return _page({"again": DIFFERENT}), 422
    database = services().database
    with database.transaction():
        attempt = throttle.count_try(_COUNTED, client_network(), None)
    if attempt is None:
        return _page({"code": tries.TRY_LATER}), 429
    try:
        with once():
            owner = first_run.begin(code, services().config.secret_keys, **typed, password=password)
            throttle.succeeded(attempt)
            answer = login.let_in(owner, url_for("console.checklist_page"), how="with the setup code")
            answer.status_code = 303  # both of two presses are led on alike
            return answer
    except AlreadySetUpError:
        raise
    except Refusal as refused:
        if not isinstance(refused, WrongCodeError):
            with database.transaction():
                throttle.forget_try(attempt)
        return _page({_AT.get(type(refused), "name"): refused.shown}), 422


def _page(errors: Mapping[str, str]) -> str:
    return render_template("console/account/set_up.html", typed=request.form, errors=errors)

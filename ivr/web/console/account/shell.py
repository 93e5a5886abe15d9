"""What the pages of one's own account share: that the person has shown lately who they are."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Final, ParamSpec

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ivr.company.staff import passwords
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session as rows
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web import log_in_trail
from ivr.web.console.common import throttle, tries
from ivr.web.console.common.gate import blueprint

P = ParamSpec("P")

#: For so long after a log-in nobody is asked for the password again.
FRESH: Final = timedelta(minutes=15)
_CONFIRMED: Final = "confirmed"


class NotYoursError(Refusal):
    """``status`` is that of the answer."""

    message = "That isn't your current password."
    status = 422


class TooManyTriesError(NotYoursError):
    message = tries.TRY_LATER
    status = 429


def myself() -> Staff:
    """Return the row of whoever is logged in."""
    return rows.get_one(Staff, current_user.id)


def confirmed(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Ask for the password first, unless it was given lately: a console may stand open and alone."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        at = max(current_user.began_at.timestamp(), session.get(_CONFIRMED, 0))
        if clock.now().timestamp() >= at + FRESH.total_seconds():
            if request.method == "POST":
                flash("Nothing has changed yet. Confirm it's you, then try again.")
            return redirect(url_for("console.confirm"), 303)
        return view(*args, **kwargs)

    return guarded


@blueprint.get("/account/confirm")
def confirm() -> str:
    """Ask for the password of whoever is logged in."""
    return render_template("console/account/confirm.html", error=None)


@blueprint.post("/account/confirm")
def take_confirmation() -> ResponseReturnValue:
    """Open the page of the second factor for a quarter of an hour."""
    refused = refusal_of(request.form.get("password", ""))
    if refused is not None:
        return render_template("console/account/confirm.html", error=refused.shown), refused.status
    session[_CONFIRMED] = clock.now().timestamp()
    return redirect(url_for("console.own_factor"), 303)


def refusal_of(given: str) -> NotYoursError | None:
    """Return why this is not the password of whoever is logged in; None when it is. It counts tries."""
    database = services().database
    with database.transaction():
        attempt = tries.count_try("own password", current_user.id)
        staff = myself()
    if attempt is None:
        return TooManyTriesError()
    if not passwords.check_password(staff, given):  # no transaction is open: hashing is slow
        with database.transaction():
            log_in_trail.refused(staff, "wrong password, in a session that is open")
        return NotYoursError()
    with database.transaction():
        throttle.succeeded(attempt)
    return None

"""Changing one's own password: the old one, and the new one twice."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ivr.company.staff import changes
from ivr.company.staff.passwords import ShortPasswordError
from ivr.web.console.account.shell import NotYoursError, myself, refusal_of
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once

DIFFERENT = "The two passwords don't match."


@blueprint.get("/account/password")
def own_password() -> str:
    """Show the form."""
    return _page({})


@blueprint.post("/account/password")
def change_own_password() -> ResponseReturnValue:
    """Change the password, and end the person's sessions elsewhere."""
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        return _page({"again": DIFFERENT}), 422
    not_theirs = refusal_of(request.form.get("old", ""))
    try:
        with once():  # first, because after the first of two presses the old password is the wrong one
            if not_theirs is not None:
                raise not_theirs
            changes.set_password(current_user, myself(), new, but=current_user.session_id)
    except NotYoursError as refused:
        return _page({"old": refused.shown}), refused.status
    except ShortPasswordError as refused:
        return _page({"password": refused.shown}), 422
    flash("Your password is changed. You're logged out everywhere else.")
    return redirect(url_for("console.own_password"), 303)


def _page(errors: dict[str, str]) -> str:
    return render_template("console/account/own_password.html", errors=errors)

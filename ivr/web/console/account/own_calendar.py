"""The secret address of one's own calendar."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ivr.company.staff import changes
from ivr.services import services
from ivr.web import staff_calendar
from ivr.web.console.account.shell import myself
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once

RENEWED = "This is your new address. The old one is closed."


@blueprint.get("/account/calendar")
def own_calendar() -> str:
    """Show the address."""
    with services().database.reading():
        address = staff_calendar.address_of(myself())
    return render_template("console/account/own_calendar.html", address=address)


@blueprint.post("/account/calendar")
def renew_own_calendar() -> ResponseReturnValue:
    """Make another address, and close this one."""
    if request.form.get("do") != "renew":
        abort(400)
    with once():
        changes.new_calendar_address(current_user, myself())
    flash(RENEWED)
    return redirect(url_for("console.own_calendar"), 303)

"""A person's password, chosen by a letter, and their PIN for the telephone."""

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.staff import changes, password_reset
from ivr.company.staff.models import Staff
from ivr.company.staff.password_reset import ResetLinks
from ivr.core.phone_numbers import shown_number
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import button
from ivr.web.console.settings.staff import done, invited


@blueprint.post("/settings/staff/<int:staff_id>/password-letter")
def mail_password(staff_id: int) -> Response | tuple[str, int]:
    """Mail them a link to choose a password."""
    button("do", "mail")
    config = services().config

    def change(staff: Staff) -> str:
        password_reset.invite(current_user, staff, ResetLinks(config.secret_keys, config.public_url))
        return invited(staff)

    return done(staff_id, change)


@blueprint.post("/settings/staff/<int:staff_id>/pin")
def set_pin(staff_id: int) -> Response | tuple[str, int]:
    """Give a person a PIN for the telephone, or take it away."""
    pressed = button("do", "set", "clear")

    def change(staff: Staff) -> str:
        if pressed == "clear":
            changes.clear_pin(current_user, staff)
            return f"{staff.name} has no PIN anymore."
        changes.set_pin(current_user, staff, request.form.get("pin", ""))
        return f"Saved. {staff.name} calls the line from {shown_number(staff.phone)} and presses star."

    return done(staff_id, change)

"""The number at which a customer is called back, given by staff: the known one may be wrong, or not be called."""

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.callcenter.callbacks import claims
from ivr.company.dialing.service import NotDialedError
from ivr.company.staff.models import Staff
from ivr.core import phone_numbers
from ivr.core.db import session
from ivr.core.phone_numbers import BadNumberError
from ivr.web.console.common.gate import blueprint
from ivr.web.console.intake.access import intake_of
from ivr.web.console.intake.answers import done, refused
from ivr.web.once import once


@blueprint.post("/intakes/<reference>/callback-number")
def set_callback_number(reference: str) -> Response:
    """Have the customer called at another number. Open callbacks go to it from now on."""
    typed = request.form.get("number", "")[: phone_numbers.LONGEST]
    try:
        with once():
            given = phone_numbers.read(typed)
            moved = claims.give_number(intake_of(reference), given, session.get_one(Staff, current_user.id))
    except (BadNumberError, NotDialedError) as refusal:
        return refused(reference, "callback-number", number_error=refusal.shown, typed_number=typed)
    shown = phone_numbers.shown_number(str(given))
    words = f"Saved. The callback goes to {shown}." if moved else f"Saved. The next callback goes to {shown}."
    return done(reference, "callbacks", words)

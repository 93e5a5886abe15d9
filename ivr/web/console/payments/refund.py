"""The form that refunds a payment, whole or in part. A job carries it out."""

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.payments import refunds
from ivr.backoffice.payments.refunds import NoReasonError, NoSuchPaymentError, TooMuchError
from ivr.core.money import BadSumError, cents_of, format_cents
from ivr.services import services
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.console.intake.access import intake_of
from ivr.web.console.intake.answers import done, refused
from ivr.web.once import once


@blueprint.post("/intakes/<reference>/refunds")
def refund_payment(reference: str) -> Response:
    """Ask for the refund. The page says that it is on its way until the provider has told of it."""
    provider = services().payments
    typed = {name: request.form.get(name, "") for name in ("payment", "dollars", "reason")}
    entry_id = int(typed["payment"]) if ROW_ID.fullmatch(typed["payment"]) else 0
    try:
        with once():
            order = refunds.ask(
                intake_of(reference).id,
                entry_id,
                cents_of(typed["dollars"]),
                typed["reason"],
                provider=provider.name if provider else "",
                by=current_user,
            )
            cents = order.cents
    except (BadSumError, NoReasonError, NoSuchPaymentError, TooMuchError) as refusal:
        field = "reason" if isinstance(refusal, NoReasonError) else "dollars"
        wrong = {"payment": entry_id, "field": field, "words": refusal.shown, "typed": typed}
        return refused(reference, "money", refund_refused=wrong)
    return done(reference, "money", f"{format_cents(cents)} goes back to the customer.")

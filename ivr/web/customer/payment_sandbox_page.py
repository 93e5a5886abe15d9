"""The sandbox's payment page: pay, pay later, be declined, pay twice; and what follows."""

import secrets
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from ivr.backoffice.payments import ledger
from ivr.backoffice.payments.models import Checkout, PaymentEvent
from ivr.backoffice.payments.rules import CheckoutState
from ivr.backoffice.payments.sandbox import NAME
from ivr.core.db import session
from ivr.platform.providers.checkout import Event, PaymentEventKind
from ivr.services import services
from ivr.web.headers import protect
from ivr.web.once import guard, once

blueprint = Blueprint("sandbox_till", __name__, url_prefix="/sandbox-till", template_folder="templates")
guard(blueprint)

#: The events of each button, given the checkout, its latest payment, and what is left of that.
Outcome = Callable[[Checkout, str, int], list[Event]]


def _event(what: PaymentEventKind, checkout: Checkout, payment: str, cents: int, **more: str) -> Event:
    name = f"evt_{secrets.token_hex(8)}"
    return Event(name, what, key=checkout.key, payment=payment, cents=cents, **more)


def _paid(checkout: Checkout, times: int) -> list[Event]:
    return [_event(PaymentEventKind.PAID, checkout, _new(), checkout.cents) for _ in range(times)]


def _disputed(status: str) -> Outcome:
    return lambda checkout, payment, _: [
        _event(
            PaymentEventKind.DISPUTED,
            checkout,
            payment,
            checkout.cents,
            dispute=f"dp_{payment}",
            status=status,
        )
    ]


def _new() -> str:
    return f"pay_{secrets.token_hex(8)}"


BUTTONS: Final[dict[str, tuple[str, Outcome]]] = {
    "pay": ("Pay", lambda checkout, *_: _paid(checkout, 1)),
    "twice": ("Pay twice", lambda checkout, *_: _paid(checkout, 2)),
    "later": (
        "Simulate: bank transfer (pending)",
        lambda checkout, *_: [_event(PaymentEventKind.PENDING, checkout, _new(), checkout.cents)],
    ),
    "decline": ("Simulate: card declined", lambda *_: []),
    "arrives": (
        "Simulate: transfer arrives",
        lambda checkout, name, _: [_event(PaymentEventKind.PAID, checkout, name, checkout.cents)],
    ),
    "refuses": (
        "Simulate: transfer fails",
        lambda checkout, name, _: [_event(PaymentEventKind.FAILED, checkout, name, checkout.cents)],
    ),
    "refund": (
        "Refund it all",
        lambda checkout, name, left: [_event(PaymentEventKind.REFUNDED, checkout, name, left)],
    ),
    "part": (
        "Refund $25",
        lambda checkout, name, left: [_event(PaymentEventKind.REFUNDED, checkout, name, min(left, 25_00))],
    ),
    "dispute": ("The customer disputes it", _disputed("needs_response")),
    "won": ("The dispute is won", _disputed("won")),
    "lost": ("The dispute is lost", _disputed("lost")),
}
#: The buttons for each state of the checkout.
OFFERED: Final = {
    CheckoutState.OPEN: ("pay", "later", "decline", "twice"),
    CheckoutState.PENDING: ("arrives", "refuses"),
    CheckoutState.PAID: ("refund", "part", "dispute", "won", "lost"),
}


@blueprint.get("/<page_id>")
def page(page_id: str) -> str:
    """Show what is to pay, and the buttons."""
    with services().database.reading():
        checkout = _checkout(page_id)
    return _shown(checkout)


@blueprint.post("/<page_id>")
def press(page_id: str) -> AnyResponse | tuple[str, int]:
    """Send the button's events to the ledger, each twice, as providers may."""
    pressed = request.form.get("press", "")
    with once():
        checkout = _checkout(page_id, lock=True)
        payment, left = _payment(checkout)
        is_spent = checkout.state == CheckoutState.PAID and not left
        is_offered = pressed in OFFERED.get(checkout.state, ()) and not is_spent
        for event in BUTTONS[pressed][1](checkout, payment, left) if is_offered else ():
            ledger.take(NAME, event)
            ledger.take(NAME, event)
    if not is_offered:
        return _shown(checkout), 409
    if pressed == "decline":
        return _shown(checkout, declined=True), 402
    if pressed in {"pay", "twice", "later"}:
        return redirect(checkout.order.paid_url, 303)
    return redirect(request.url, 303)


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """Add the same strict headers as every page."""
    return protect(response, is_indexed=False)


def _shown(checkout: Checkout, *, declined: bool = False) -> str:
    buttons = [(name, BUTTONS[name][0]) for name in OFFERED.get(checkout.state, ())]
    return render_template(
        "payments/sandbox.html",
        order=checkout.order,
        state=checkout.state,
        buttons=buttons,
        declined=declined,
    )


def _checkout(page_id: str, *, lock: bool = False) -> Checkout:
    """Return the checkout; ``lock`` makes two presses at the same moment see each other's events."""
    wanted = select(Checkout).where(Checkout.page_id == page_id, Checkout.provider == NAME)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        abort(404)
    return found


def _payment(checkout: Checkout) -> tuple[str, int]:
    """Return the latest payment that is not fully refunded, and what is left of it in cents."""
    told = select(PaymentEvent).where(PaymentEvent.checkout_id == checkout.id).order_by(PaymentEvent.id)
    left: dict[str, int] = {}
    for row in session.scalars(told):
        if row.payment and row.what in {PaymentEventKind.PENDING, PaymentEventKind.PAID}:
            left.setdefault(row.payment, row.cents)
        elif row.payment and row.what == PaymentEventKind.REFUNDED:
            left[row.payment] -= row.cents
    return next(((name, cents) for name, cents in reversed(left.items()) if cents > 0), ("", 0))

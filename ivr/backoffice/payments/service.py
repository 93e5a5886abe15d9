"""The way to the payment page: begins a checkout, finds its page, and closes it once it must not be paid any more."""

import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD
from ivr.backoffice.payments import queries, rules
from ivr.backoffice.payments.models import Checkout, PaymentTask
from ivr.backoffice.payments.rules import CheckoutState
from ivr.callcenter.intake.models import Intake
from ivr.core import clock
from ivr.core.db import insert_once, session
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue
from ivr.platform.providers.checkout import Order, Page
from ivr.platform.timeline import service as timeline

#: A page that is about to expire is not given out again.
_STILL_GOOD_FOR: Final = timedelta(minutes=30)
#: When a page without events is first asked about; the pauses grow, up to this age.
_FIRST_LOOK: Final = timedelta(minutes=10)
_LAST_LOOK: Final = timedelta(days=30)


class ClosedEstimateError(Refusal):
    message = "That estimate can't be paid anymore. Nothing was charged. See its page, or call us."


class OnItsWayError(Refusal):
    message = "Your payment is on its way from your bank. You don't need to do anything."


class NothingToPayError(Refusal):
    message = "Your estimate is paid already. Nothing more was charged."


def begin(
    quote: Estimate, intake: Intake, *, provider: str, language: str, paid_url: str, back_url: str
) -> Checkout:
    """Return the checkout for what is missing on this estimate: the open one, or a new one without a page yet.

    Two calls at the same moment get the same checkout and page. Raises OnItsWayError, ClosedEstimateError,
    NothingToPayError.
    """
    if queries.is_on_its_way(quote):
        raise OnItsWayError  # a page that stood open in another tab asks for it again
    if estimates_queries.state_today(quote) not in GOOD:
        raise ClosedEstimateError
    cents = queries.missing(quote)
    if not cents:
        raise NothingToPayError
    latest = _latest(quote.id)
    if latest is not None and _is_good(latest, cents, provider):
        shown = latest.asked.get("email"), latest.asked.get("language")
        if shown == (intake.contact_email, language):
            return latest
        # The address was corrected, or another language chosen: that page shows the old one.
        _close_page(latest)
    order = _order(quote, intake, cents, language=language, paid_url=paid_url, back_url=back_url)
    insert_once(
        Checkout,
        key=order.key,
        intake_id=intake.id,
        quote_id=quote.id,
        number=latest.number + 1 if latest else 1,
        provider=provider,
        state=CheckoutState.OPEN,
        cents=cents,
        asked=asdict(order),
        created_at=clock.now(),
    )
    begun = _latest(quote.id)
    assert begun is not None  # noqa: S101  # ours, or that of whoever was faster
    return begun


def _order(
    quote: Estimate, intake: Intake, cents: int, *, language: str, paid_url: str, back_url: str
) -> Order:
    return Order(
        key=secrets.token_urlsafe(32),
        intake_reference=intake.reference,
        quote_id=quote.id,
        lines=rules.lines_to_pay(
            base_cents=quote.base_cents,
            units=quote.units,
            increment_cents=quote.increment_cents,
            missing_cents=cents,
            language=language,
        ),
        email=intake.contact_email,
        language=language,
        paid_url=paid_url,
        back_url=back_url,
    )


def _close_page(checkout: Checkout) -> None:
    """Have a job close this page at the provider, so that the same money cannot be paid on two."""
    if checkout.page_id is not None:
        enqueue(
            "payments.close_pages",
            key=f"close_page:{checkout.id}",
            quote_id=checkout.quote_id,
            checkout_id=checkout.id,
        )


def opened(checkout_id: int, page: Page) -> None:
    """Keep the page that the provider has made. A job asks about it in case no event comes."""
    # Two presses come here with the page of one key: the second waits, and finds it kept.
    checkout = session.get_one(Checkout, checkout_id, with_for_update=True, populate_existing=True)
    if checkout.page_id is None:
        checkout.page_id, checkout.page_url, checkout.expires_at = page.id, page.url, page.expires_at
        timeline.append(checkout.intake_id, "checkout_opened", key=checkout.key, cents=checkout.cents)
        look_later(checkout)


def look_later(checkout: Checkout) -> None:
    """Have a job ask the provider for the page's state: webhooks may never come."""
    age = clock.now() - checkout.created_at
    if age < _LAST_LOOK:
        enqueue("payments.look_after", run_at=clock.now() + max(_FIRST_LOOK, age), checkout_id=checkout.id)


def unsettled(checkout_id: int) -> Checkout | None:
    """Return the checkout while its page may still change, else None."""
    checkout = session.get_one(Checkout, checkout_id)
    return checkout if checkout.page_id and checkout.state in rules.UNSETTLED else None


def open_task(intake_id: int, kind: str, ref: str, cents: int) -> None:
    """Open a task about money that the ledger knows nothing of. The same ``ref`` a second time opens none."""
    task = {"intake_id": intake_id, "kind": kind, "ref": ref, "cents": cents}
    insert_once(PaymentTask, **task, opened_at=clock.now())


def close_task(task_id: int, *, by: str) -> str | None:
    """Close a task that a person has dealt with. Returns its intake's reference, None for no such task. Repeatable."""
    task = session.get(PaymentTask, task_id)
    if task is None:
        return None
    if task.closed_at is None:
        task.closed_at, task.closed_by = clock.now(), by
        timeline.append(task.intake_id, "payment_task_closed", key=f"{task.id}", staff=by, task=task.kind)
    return session.get_one(Intake, task.intake_id).reference


def _latest(quote_id: int) -> Checkout | None:
    latest = select(func.max(Checkout.number)).where(Checkout.quote_id == quote_id).scalar_subquery()
    return session.scalar(select(Checkout).where(Checkout.quote_id == quote_id, Checkout.number == latest))


def _is_good(checkout: Checkout, cents: int, provider: str) -> bool:
    # Without an answer yet the key is used again, unless the provider may have forgotten it (a day, at Stripe).
    ends = checkout.expires_at or checkout.created_at + timedelta(hours=23)
    return (
        checkout.state == CheckoutState.OPEN
        and checkout.cents == cents
        and checkout.provider == provider
        and clock.now() + _STILL_GOOD_FOR < ends
    )

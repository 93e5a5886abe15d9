"""Paying: from the estimate to the provider's page and back, and the provider's webhook."""

from collections.abc import Sequence

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from structlog import get_logger
from werkzeug.wrappers import Response

from ivr import services as installed
from ivr.backoffice.estimates import queries as quotes
from ivr.backoffice.estimates.links import Links
from ivr.backoffice.estimates.models import Quote
from ivr.backoffice.estimates.rules import GOOD, EstimateState, shown
from ivr.backoffice.payments import ledger, queries, receipts, service
from ivr.backoffice.payments import wording as words
from ivr.callcenter.intake import service as intakes
from ivr.company.policy import service as company
from ivr.core.config import Settings
from ivr.core.email_addresses import is_email
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import shown_number
from ivr.platform.providers.checkout import NotGenuineError, PaymentsOffError, Till
from ivr.web.customer.views import with_headers

log = get_logger(__name__)

#: An event of Stripe's is a few kilobytes.
_LARGEST_EVENT = 128 * 1024

pages = Blueprint("payments", __name__, template_folder="templates")
pages.after_request(with_headers)
webhook = Blueprint("payments_webhook", __name__)


def init_payments(app: Flask) -> None:
    """Put paying into the application. The sandbox's page is there only where the sandbox is the till."""
    from ivr.web.customer.payment_sandbox_page import (  # noqa: PLC0415
        blueprint as sandbox,  # not loaded where it is not wanted
    )

    settings: Settings = app.extensions["settings"]
    app.add_template_filter(shown, "dollars")
    app.register_blueprint(pages)
    if settings.stripe_api_key:
        app.register_blueprint(webhook)
    elif settings.takes_payments:
        app.register_blueprint(sandbox)


@pages.post("/pay/<token>/checkout")
def checkout(token: str) -> Response | tuple[str, int]:
    """Send the customer to the provider's page. A person waits, so it is asked here, outside any transaction."""
    public_url = installed.settings().public_url
    till: Till | None = current_app.extensions["till"]()
    language = "en"
    try:
        with installed.database().transaction():
            quote = _quote(token)
            intake = intakes.of(quote.intake_id)
            language = quote.language
            if till is None:
                raise PaymentsOffError
            begun = service.begin(
                quote,
                intake,
                provider=till.name,
                paid_url=public_url + url_for("payments.thanks", token=token),
                back_url=f"{public_url}/pay/{token}",
            )
        if begun.page_url:
            return redirect(begun.page_url, 303)
        page = till.open_checkout(begun.order)
        with installed.database().transaction():
            service.opened(begun.id, page)
    except Refusal as refusal:
        log.warning("checkout_refused", why=type(refusal).__name__)
        told = words.of(language).get(type(refusal).__name__, refusal.shown)
        with installed.database().reading():
            return _page(token, language, "refused", [told]), 503
    return redirect(page.url, 303)


@pages.get("/pay/<token>/thanks")
def thanks(token: str) -> str:
    """How the payment stands. The customer may be faster than the webhook, so the provider is asked."""
    with installed.database().reading():
        open_pages = queries.unsettled(_quote(token).id)
    till: Till | None = current_app.extensions["till"]()
    for one in open_pages:
        if till is not None and one.provider == till.name:
            _look(till, str(one.page_id))
    with installed.database().reading():
        return _thanks(token, _quote(token))


def _thanks(token: str, quote: Quote) -> str:
    language, intake, paid = quote.language, intakes.of(quote.intake_id), queries.sums(quote).paid
    state = queries.state(quote.id)
    if state not in {"paid", "pending", "failed"}:  # the page before the last may be the one that was paid
        state = "paid" if quote.state == EstimateState.PAID or (paid and state == "expired") else "waiting"
    if state != "paid":
        return _page(token, language, state, [words.of(language)[state].format(reference=intake.reference)])
    counts_for = quote if quote.state in GOOD else quotes.in_force(intake.id, quote.kind) or quote
    sums = queries.sums(counts_for)
    balance = words.of_balance(language, sums, company.current().refund_days)
    arrived = words.of_payment(language, intake.reference, quote, counts_for, paid)
    return _page(
        token,
        language,
        "too_much" if sums.excess else "paid",
        [*([] if sums.excess else arrived), balance, receipts.what_next(counts_for, sums, language)],
        has_receipt=bool(paid) and is_email(intake.contact_email or ""),
        can_print=bool(paid) and quotes.standing(quote) in GOOD,
    )


@webhook.post("/payments/stripe")
def stripe() -> tuple[str, int]:
    """Stripe tells of something. The signature is over the raw body, so that is read before anything else."""
    request.max_content_length = _LARGEST_EVENT
    till: Till = current_app.extensions["till"]()
    try:
        event = till.read_event(request.get_data(cache=False), dict(request.headers))
    except NotGenuineError as fault:
        log.warning("payment_event_refused", why=str(fault))
        return "not signed by Stripe\n", 400
    with installed.database().transaction():
        ledger.take(till.name, event)
    return "", 204


def _look(till: Till, page_id: str) -> None:
    try:
        event = till.look(page_id)
    except Refusal as refusal:  # the webhook, or a job, will tell
        log.info("payment_not_looked_up", why=type(refusal).__name__)
        return
    with installed.database().transaction():
        ledger.take(till.name, event)


def _page(
    token: str,
    language: str,
    state: str,
    told: Sequence[str],
    *,
    has_receipt: bool = False,
    can_print: bool = False,
) -> str:
    return render_template(
        "payments/page.html",
        token=token,
        language=language,
        state=state,
        told=told,
        has_receipt=has_receipt,
        can_print=can_print,
        words=words.of(language),
        policy=company.current(),
        number=shown_number,
    )


def _quote(token: str) -> Quote:
    settings = installed.settings()
    quote = quotes.by_token(Links(settings.secret_key, settings.public_url), token)
    if quote is None:
        abort(404)
    return quote

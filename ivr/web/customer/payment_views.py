"""Payment: from the estimate to the provider's page and back, and the provider's webhook."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, assert_never

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from structlog import get_logger
from werkzeug.wrappers import Response

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD, EstimateState
from ivr.backoffice.payments import ledger, receipts, wording
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments import service as payments
from ivr.backoffice.payments.rules import CheckoutState
from ivr.callcenter.intake import service as intakes
from ivr.company.policy import service as policy
from ivr.core.email_addresses import is_email
from ivr.core.errors import Refusal
from ivr.core.money import format_cents
from ivr.core.phone_numbers import shown_number
from ivr.platform.providers.checkout import NotGenuineError, PaymentProvider, PaymentsOffError
from ivr.services import services
from ivr.web.customer.asked_lately import AskedLately, init_asked_lately
from ivr.web.customer.texts import OTHER, WORDS
from ivr.web.customer.views import language_of, with_headers

log = get_logger(__name__)

#: An event from Stripe has a few kilobytes.
_LARGEST_EVENT = 128 * 1024

pages = Blueprint("payments", __name__, template_folder="templates")
pages.after_request(with_headers)
webhook = Blueprint("payments_webhook", __name__)


def init_payments(app: Flask) -> None:
    """Register the payment pages. The sandbox's page exists only where the sandbox is the provider."""
    from ivr.web.customer.payment_sandbox_page import (  # noqa: PLC0415
        blueprint as sandbox,  # loaded only where it is used
    )

    config = services(app).config
    init_asked_lately(app)
    app.add_template_filter(format_cents, "dollars")
    app.register_blueprint(pages)
    if config.stripe_api_key:
        app.register_blueprint(webhook)
    elif config.takes_payments:
        app.register_blueprint(sandbox)


@pages.post("/pay/<token>/checkout")
def checkout(token: str) -> Response | tuple[str, int]:
    """Send the customer to the provider's page. The request asks the provider itself, since a person waits."""
    public_url = services().config.public_url
    provider = services().payments
    language = "en"
    chosen: dict[str, Any] = {}  # in the addresses, where it is not the estimate's language
    try:
        with services().database.transaction():
            quote = _quote(token)
            intake = intakes.get(quote.intake_id)
            language = language_of(quote.language)
            chosen = {"lang": language} if language != quote.language else {}
            if provider is None:
                raise PaymentsOffError
            begun = payments.begin(
                quote,
                intake,
                provider=provider.name,
                language=language,
                paid_url=public_url + url_for("payments.thanks", token=token, **chosen),
                back_url=public_url + url_for("portal.page", token=token, **chosen),
            )
        if begun.page_url:
            return _onward(begun.page_url, token, language)
        page = provider.open_checkout(begun.order)
        with services().database.transaction():
            payments.opened(begun.id, page)
    except payments.OnItsWayError:
        return redirect(url_for("payments.thanks", token=token, **chosen), 303)
    except Refusal as refusal:
        log.warning("checkout_refused", why=type(refusal).__name__)
        told = wording.of_refusal(language, refusal)
        with services().database.reading():
            refused = _page(token, language, "refused", [told])
        return refused(), 503
    return _onward(page.url, token, language)


def _onward(url: str, token: str, language: str) -> Response:
    """Leads to the provider's page: by a redirect where our pages' policy lets a form lead there.

    An account may have its own domain for its pages, such as https://pay.example.com. A browser stops a form's
    redirect to an origin that the policy does not name, so there a page of ours leads on by itself.
    """
    provider = services().payments
    named = (provider.pages if provider else "") or services().config.public_url
    if url.startswith(f"{named}/"):
        return redirect(url, 303)
    with services().database.reading():
        shown = _page(token, language, "onward", [], onward=url)
    return Response(shown(), mimetype="text/html")


@pages.get("/pay/<token>/thanks")
def thanks(token: str) -> str:
    """Show the state of the payment. The customer may be faster than the webhook, so the provider is asked.

    Not at each reload: what was found out some seconds ago holds until then, and what is settled for good.
    """
    with services().database.reading():
        open_pages = payments_queries.unsettled(_quote(token).id)
    provider, asked = services().payments, services().find(AskedLately)
    for one in open_pages:
        if provider is not None and one.provider == provider.name and asked.claim(str(one.page_id)):
            _look(provider, str(one.page_id))
    with services().database.reading():
        shown = _thanks(token, _quote(token))
    return shown()


def _thanks(token: str, quote: Estimate) -> Callable[[], str]:
    language = language_of(quote.language)
    intake, paid = intakes.get(quote.intake_id), payments_queries.sums(quote).paid
    state = _how_it_went(quote, has_paid=bool(paid))
    if state != "paid":
        return _page(
            token,
            language,
            state,
            [wording.texts(language)[state].format(reference=intake.reference)],
            can_switch=True,
        )
    counts_for = quote if quote.state in GOOD else estimates_queries.in_force(intake.id, quote.kind) or quote
    sums = payments_queries.sums(counts_for)
    balance = wording.balance_sentence(language, sums, policy.current().refund_days)
    arrived = wording.payment_sentences(language, intake.reference, quote, counts_for, paid)
    return _page(
        token,
        language,
        "too_much" if sums.excess else "paid",
        [*([] if sums.excess else arrived), balance, receipts.what_next(counts_for, sums, language)],
        can_switch=True,
        has_receipt=bool(paid) and is_email(intake.contact_email or ""),
        can_print=bool(paid) and estimates_queries.state_today(quote) in GOOD,
    )


def _how_it_went(quote: Estimate, *, has_paid: bool) -> str:
    is_pending = payments_queries.is_on_its_way(quote)
    state = CheckoutState.PENDING if is_pending else payments_queries.state(quote.id)
    match state:
        case CheckoutState.PAID | CheckoutState.PENDING | CheckoutState.FAILED:
            return state
        case CheckoutState.EXPIRED if has_paid:  # the page before the last is the one that was paid
            return "paid"
        case CheckoutState.OPEN | CheckoutState.EXPIRED | None:
            return "paid" if quote.state == EstimateState.PAID else "waiting"
    assert_never(state)


@webhook.post("/payments/stripe")
def stripe() -> tuple[str, int]:
    """Take an event from Stripe. The signature covers the raw body, so that is read first."""
    request.max_content_length = _LARGEST_EVENT
    provider = services().payments
    if provider is None:
        abort(404)
    try:
        event = provider.read_event(request.get_data(cache=False), dict(request.headers))
    except NotGenuineError as fault:
        log.warning("payment_event_refused", why=str(fault))
        return "not signed by Stripe\n", 400
    with services().database.transaction():
        ledger.take(provider.name, event)
    return "", 204


def _look(provider: PaymentProvider, page_id: str) -> None:
    try:
        event = provider.look(page_id)
    except Refusal as refusal:  # the webhook, or a job, will tell
        log.info("payment_not_looked_up", why=type(refusal).__name__)
        return
    with services().database.transaction():
        ledger.take(provider.name, event)


def _page(
    token: str,
    language: str,
    state: str,
    told: Sequence[str],
    *,
    can_switch: bool = False,
    has_receipt: bool = False,
    can_print: bool = False,
    onward: str = "",
) -> Callable[[], str]:
    """Return what renders the page, when the transaction in which its values were read is over."""
    return partial(
        render_template,
        "payments/page.html",
        token=token,
        language=language,
        other=OTHER[language] if can_switch else "",
        other_language=WORDS[language]["other_language"],
        state=state,
        told=told,
        has_receipt=has_receipt,
        can_print=can_print,
        onward=onward,
        words=wording.texts(language),
        policy=policy.current(),
        number=shown_number,
    )


def _quote(token: str) -> Estimate:
    config = services().config
    quote = estimates_queries.by_token(Links(config.secret_keys, config.public_url), token)
    if quote is None:
        abort(404)
    return quote

"""Stripe Checkout: the only file that knows Stripe. The pinned package fixes the version of Stripe's API.

Our key is the idempotency key, and metadata of the session and of its payment. Stripe copies a payment's metadata to
its charge, so an event about a charge names our order even when it comes before the session's own event.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Final

import stripe
from structlog import get_logger

from ivr.core.log_context import carried
from ivr.platform.providers.checkout import (
    CURRENCY,
    Account,
    Event,
    NotGenuineError,
    Order,
    Page,
    PaymentEventKind,
    PaymentRefusedError,
    PaymentUnavailableError,
    Refund,
)

log = get_logger(__name__)
#: Seconds for one try, of which there may be three: a person is waiting.
_TIMEOUT: Final = 6
_TRIES_AGAIN: Final = 2
#: Seconds that a signature may be old; Stripe signs each delivery afresh.
_TOLERANCE: Final = 300
_TRANSIENT: Final = (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError)
#: The states of a refund that the customer's bank refused. In all other states the money is on its way back.
_CAME_BACK: Final = frozenset({"failed", "canceled"})

_REDACTION: Final = "/v1/privacy/redaction_jobs"
_REDACTION_VERSION: Final = "2026-04-22.preview"

#: The events that the webhook must receive.
EVENTS: Final = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "charge.refunded",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.closed",
    }
)


class StripeProvider:
    """``PaymentProvider`` on Stripe's REST API at ``api_url``."""

    name = "stripe"
    pages = "https://checkout.stripe.com"

    def __init__(self, api_key: str, webhook_secret: str, api_url: str) -> None:
        self._secret = webhook_secret
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_url},
            max_network_retries=_TRIES_AGAIN,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT),
        )

    def check(self, webhook: str) -> list[str]:
        """Raise PaymentRefusedError, too, for a restricted key that may not list the webhook endpoints."""
        self._ask(self._client.v1.checkout.sessions.list, {"limit": 1})
        listed = self._ask(self._client.v1.webhook_endpoints.list, {"limit": 100})
        ours = [one for one in listed.data if one.url == webhook and one.status == "enabled"]
        if not ours:
            return [f"no enabled webhook leads to {webhook}"]
        told = {name for one in ours for name in one.enabled_events}
        missing = [] if "*" in told else sorted(EVENTS - told)
        return [f"the webhook is not told of {', '.join(missing)}"] if missing else []

    def account(self) -> Account:
        """Raise PaymentRefusedError, too, for a restricted key that may not read the account."""
        told = self._ask(self._client.v1.accounts.retrieve_current)
        try:
            self._ask(self._client.v1.balance_transactions.list, {"limit": 1})
            tells_fees = True
        except PaymentRefusedError:
            tells_fees = False
        asked = getattr(told, "requirements", None)
        return Account(
            takes_payments=bool(told.charges_enabled),
            pays_out=bool(told.payouts_enabled),
            is_overdue=bool(asked and asked.past_due),
            tells_fees=tells_fees,
        )

    def open_checkout(self, order: Order) -> Page:
        ours = {"checkout": order.key, "intake": order.intake_reference, "quote": str(order.quote_id)}
        params: dict[str, Any] = {
            "mode": "payment",
            "line_items": [
                {
                    "price_data": {
                        "currency": CURRENCY,
                        "unit_amount": line.unit_cents,
                        "product_data": {"name": line.name},
                    },
                    "quantity": line.quantity,
                }
                for line in order.lines
            ],
            "success_url": order.paid_url,
            "cancel_url": order.back_url,
            "client_reference_id": order.intake_reference,
            "metadata": ours,
            "payment_intent_data": {"metadata": ours},
            "locale": order.language,
        }
        if order.email:
            params["customer_email"] = order.email
        try:
            session = self._create(params, order.key)
        except PaymentRefusedError as refused:
            if getattr(refused.__cause__, "param", None) != "customer_email":
                raise
            # Stripe takes fewer addresses than mail does. The customer then types one on Stripe's page.
            del params["customer_email"]
            session = self._create(params, f"{order.key}-no-email")
        return Page(session.id, session.url, datetime.fromtimestamp(session.expires_at, UTC))

    def _create(self, params: dict[str, Any], key: str) -> Any:
        return self._ask(self._client.v1.checkout.sessions.create, params, options={"idempotency_key": key})

    def close_checkout(self, page_id: str) -> None:
        try:
            self._ask(self._client.v1.checkout.sessions.expire, page_id)
        except PaymentRefusedError as refused:
            if not isinstance(refused.__cause__, stripe.InvalidRequestError):
                raise  # an invalid request means that the session is no longer open

    def look(self, page_id: str) -> Event:
        session = self._ask(self._client.v1.checkout.sessions.retrieve, page_id).to_dict()
        what = PaymentEventKind.EXPIRED if session["status"] == "expired" else _standing(session)
        return _of_session(f"look:{page_id}:{what}", what, session)

    def refunds(self, payment: str) -> list[Refund]:
        listed = self._ask(self._client.v1.refunds.list, {"payment_intent": payment, "limit": 100})
        return [
            Refund(one.id, one.amount, came_back=one.status in _CAME_BACK)
            for one in self._ask(lambda: list(listed.auto_paging_iter()))
        ]

    def refund(self, payment: str, cents: int, *, key: str) -> Refund:
        # Stripe forgets an idempotency key after a day or more; a refund keeps its metadata.
        listed = self._ask(self._client.v1.refunds.list, {"payment_intent": payment, "limit": 100})
        every = self._ask(lambda: list(listed.auto_paging_iter()))
        made = next((one for one in every if _order(one.to_dict()) == key), None)
        if made is None:
            params = {"payment_intent": payment, "amount": cents, "metadata": {"order": key}}
            options = {"idempotency_key": f"refund-{key}"}
            made = self._ask(self._client.v1.refunds.create, params, options=options)
        return Refund(made.id, made.amount, came_back=made.status in _CAME_BACK)

    def fee(self, payment: str) -> int | None:
        # Stripe charges the card first and books it afterwards: for some seconds there is no balance transaction.
        params = {"expand": ["latest_charge.balance_transaction"]}
        told = self._ask(self._client.v1.payment_intents.retrieve, payment, params)
        booked = told.latest_charge and told.latest_charge.balance_transaction
        if not booked or booked.currency != CURRENCY:
            return None
        # Who is billed by the month (IC+) is told 0 here: that is not the fee.
        return int(booked.fee) or None

    def redact(self, page_ids: Sequence[str], *, key: str, under_way: str | None) -> str | None:
        """Raise PaymentRefusedError, too, for an account without redaction jobs, and while a payment is recent.

        https://docs.stripe.com/privacy/redaction: a job is validated by itself, is run on request, and takes days.
        """
        if under_way is None:
            wanted = {"objects": {"checkout_sessions": list(page_ids)}, "validation_behavior": "fix"}
            return str(self._redaction("post", "", idempotency_key=key, **wanted)["id"])
        job = self._redaction("get", f"/{under_way}")
        match job["status"]:
            case "succeeded":
                return None
            case "failed" | "canceled":
                raise PaymentRefusedError
            case "ready":
                self._redaction("post", f"/{under_way}/run", idempotency_key=f"{key}-run")
        return under_way

    def _redaction(self, method: str, path: str, **params: Any) -> Any:
        # A preview: the package has no method for it, and the API wants its version.
        version = {"stripe_version": _REDACTION_VERSION}
        return self._ask(self._client.raw_request, method, f"{_REDACTION}{path}", **version, **params).data

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        try:
            stripe.WebhookSignature.verify_header(
                body, headers.get("Stripe-Signature"), self._secret, tolerance=_TOLERANCE
            )
            event = json.loads(body)
            return _read(event["id"], event["type"], event["data"]["object"])
        except (stripe.SignatureVerificationError, ValueError, LookupError, TypeError) as fault:
            raise NotGenuineError(type(fault).__name__) from fault

    def _ask(self, call: Any, *args: Any, **options: Any) -> Any:
        what, began = call.__qualname__.rpartition("<locals>.")[2], perf_counter()
        try:
            answer = call(*args, **options)
        except stripe.StripeError as fault:
            told = {"error": type(fault).__name__, "status": fault.http_status, "their_id": fault.request_id}
            log.warning("payments_asked", what=what, ms=_since(began), **told)
            if isinstance(fault, _TRANSIENT):
                raise PaymentUnavailableError from fault
            raise PaymentRefusedError from fault
        if carried():  # a command's output is a person's
            log.info("payments_asked", what=what, ms=_since(began))
        return answer


def _since(began: float) -> int:
    """Return the milliseconds since this ``perf_counter``."""
    return round(1000 * (perf_counter() - began))


def _read(event_id: str, kind: str, thing: dict[str, Any]) -> Event:
    if kind in {"checkout.session.completed", "checkout.session.async_payment_succeeded"}:
        return _of_session(event_id, _standing(thing), thing)
    if kind == "checkout.session.async_payment_failed":
        return _of_session(event_id, PaymentEventKind.FAILED, thing)
    if kind == "checkout.session.expired":
        return _of_session(event_id, PaymentEventKind.EXPIRED, thing)
    if kind == "charge.refunded":
        return Event(event_id, PaymentEventKind.REFUNDED, _key(thing), thing["payment_intent"])
    if kind.startswith(("refund.", "charge.refund.")):
        return Event(event_id, PaymentEventKind.REFUNDED, payment=thing["payment_intent"])
    if kind.startswith("charge.dispute."):
        return Event(
            event_id,
            PaymentEventKind.DISPUTED,
            payment=thing["payment_intent"],
            dispute=thing["id"],
            status=thing["status"],
            cents=thing["amount"],
            currency=thing["currency"],
        )
    return Event(event_id, PaymentEventKind.OTHER)


def _standing(session: dict[str, Any]) -> PaymentEventKind:
    if session["payment_status"] == "paid":
        return PaymentEventKind.PAID
    return PaymentEventKind.PENDING if session["status"] == "complete" else PaymentEventKind.OTHER


def _of_session(event_id: str, what: PaymentEventKind, session: dict[str, Any]) -> Event:
    return Event(
        event_id,
        what,
        key=_key(session),
        payment=session["payment_intent"],
        cents=session["amount_total"],
        currency=session["currency"],
    )


def _order(refund: dict[str, Any]) -> str | None:
    return (refund.get("metadata") or {}).get("order")


def _key(thing: dict[str, Any]) -> str | None:
    return (thing.get("metadata") or {}).get("checkout")

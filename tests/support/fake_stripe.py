"""A strict fake of Stripe's API on loopback: sessions, refunds, and webhooks signed as Stripe signs them.

It is long because it plays both of Stripe's faces. Written from Stripe's API reference, not from our adapter: what
that does not list is refused as Stripe refuses it, and the signature is computed here anew.
"""

import hashlib
import hmac
import itertools
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Request, Response

KEY = "sk_test_of_the_tests"
SECRET = "whsec_of_the_tests"
#: What a session may be created with, of all that Stripe knows: no more than we mean to send.
_FIELDS = re.compile(
    r"mode|success_url|cancel_url|client_reference_id|customer_email|locale"
    r"|metadata\[\w+\]|payment_intent_data\[metadata\]\[\w+\]"
    r"|line_items\[\d+\]\[quantity\]"
    r"|line_items\[\d+\]\[price_data\](\[currency\]|\[unit_amount\]|\[product_data\]\[name\])"
)
_REQUIRED = ("mode", "success_url", "line_items[0][quantity]", "line_items[0][price_data][currency]")

Delivery = tuple[bytes, dict[str, str]]


@dataclass
class FakeStripe:
    """The state of the account, and what its owner and its customers can do."""

    url: str = ""
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    created_with: list[dict[str, str]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    #: Statuses with which the next creates are answered; "lost" does its work first and answers 500.
    trouble: list[str] = field(default_factory=list)
    requests: int = 0
    #: Addresses that Stripe does not take.
    refused_emails: set[str] = field(default_factory=set)
    #: Where the account's payment pages are.
    domain: str = "https://checkout.stripe.com"
    #: The account's webhook endpoints.
    endpoints: list[dict[str, Any]] = field(default_factory=list)
    #: How the account itself stands.
    account: dict[str, Any] = field(
        default_factory=lambda: {
            "charges_enabled": True,
            "payouts_enabled": True,
            "requirements": {"past_due": []},
        }
    )
    #: What Stripe keeps, by payment; a payment that is not here is not booked yet.
    fees: dict[str, int] = field(default_factory=dict)
    #: Currency of the account's balance.
    settles_in: str = "usd"
    #: Whether the key is a restricted one without the right to read the balance.
    hides_balance: bool = False
    #: Redaction jobs: id, status, sessions.
    redactions: dict[str, dict[str, Any]] = field(default_factory=dict)
    _kept: dict[str, tuple[bytes, Response]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # What a customer does, what a bank does

    def pay(self, session_id: str, *, later: bool = False, cents: int | None = None) -> Delivery:
        """A customer goes through the page; with ``later`` their bank takes its time."""
        session = self.sessions[session_id]
        session |= {
            "status": "complete",
            "payment_status": "unpaid" if later else "paid",
            "payment_intent": f"pi_{next(self._numbers)}",
            "amount_total": session["amount_total"] if cents is None else cents,
        }
        return self.event("checkout.session.completed", session)

    def money_arrives(self, session_id: str) -> Delivery:
        """The bank has paid."""
        self.sessions[session_id]["payment_status"] = "paid"
        return self.event("checkout.session.async_payment_succeeded", self.sessions[session_id])

    def bank_refuses(self, session_id: str) -> Delivery:
        """The bank will not pay."""
        return self.event("checkout.session.async_payment_failed", self.sessions[session_id])

    def refund(self, session_id: str, cents: int, *, status: str = "succeeded") -> Delivery:
        """Somebody gives money back in Stripe's dashboard."""
        session = self.sessions[session_id]
        payment = session["payment_intent"]
        self.refunds.append(
            {
                "id": f"re_{next(self._numbers)}",
                "object": "refund",
                "amount": cents,
                "status": status,
                "payment_intent": payment,
                "metadata": {},
            }
        )
        back = sum(one["amount"] for one in self.refunds if one["payment_intent"] == payment)
        charge = {
            "id": f"ch_{payment}",
            "object": "charge",
            "amount_refunded": back,
            "payment_intent": payment,
            "metadata": session["metadata"],
        }
        return self.event("charge.refunded", charge)

    def refund_fails(self, refund_id: str) -> Delivery:
        """The customer's bank does not take the money."""
        (refund,) = (one for one in self.refunds if one["id"] == refund_id)
        refund["status"] = "failed"
        return self.event("refund.failed", refund)

    def dispute(self, session_id: str, status: str, *, kind: str = "created") -> Delivery:
        """The customer complains to their bank; a dispute carries none of our metadata."""
        session = self.sessions[session_id]
        return self.event(
            f"charge.dispute.{kind}",
            {
                "id": f"dp_{session['payment_intent']}",
                "object": "dispute",
                "amount": session["amount_total"],
                "currency": "usd",
                "status": status,
                "payment_intent": session["payment_intent"],
                "metadata": {},
            },
        )

    def event(self, kind: str, thing: dict[str, Any]) -> Delivery:
        """A delivery of a new event."""
        body = {
            "id": f"evt_{next(self._numbers)}",
            "object": "event",
            "type": kind,
            "data": {"object": thing},
            "livemode": False,
        }
        return signed(json.dumps(body).encode())

    # The API

    def answer(self, request: Request) -> Response:
        """Stripe's REST API, as far as it is used."""
        self.requests += 1
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _refused(HTTPStatus.UNAUTHORIZED, "Invalid API Key provided")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d\.\w+", request.headers.get("Stripe-Version", "")):
            return _refused(HTTPStatus.BAD_REQUEST, "no pinned version")
        if request.path in {"/v1/checkout/sessions", "/v1/refunds"} and request.method == "POST":
            return self._once(request)
        if request.path.startswith(("/v1/payment_intents/", "/v1/balance_transactions")):
            return self._balance(request)
        if request.method == "GET" and (told := self._told(request)) is not None:
            return _json(told)
        if request.path.startswith("/v1/privacy/redaction_jobs"):
            return self._redaction(request)
        found = re.fullmatch(r"/v1/checkout/sessions/(\w+)(/expire)?", request.path)
        session = self.sessions.get(found[1]) if found else None
        if not found or session is None:
            return _refused(HTTPStatus.NOT_FOUND, f"Unrecognized request URL {request.path}")
        if found[2]:
            if session["status"] != "open":
                return _refused(HTTPStatus.BAD_REQUEST, "Only Checkout Sessions with a status in [open]")
            session["status"] = "expired"
        return _json(session)

    def _told(self, request: Request) -> dict[str, Any] | None:
        """The account, the refunds of a payment, and what is listed whole."""
        path = request.path
        if path == "/v1/account":
            return {"id": "acct_1", "object": "account", **self.account}
        lists = {
            "/v1/webhook_endpoints": self.endpoints,
            "/v1/checkout/sessions": list(self.sessions.values()),
            "/v1/refunds": [
                one for one in self.refunds if one["payment_intent"] == request.args.get("payment_intent")
            ],
        }
        if path not in lists:
            return None
        return {"object": "list", "data": lists[path], "has_more": False, "url": path}

    def _balance(self, request: Request) -> Response:
        """A payment with its charge, and what was booked of it; or the list of all that was booked."""
        if self.hides_balance:
            return _refused(HTTPStatus.FORBIDDEN, "The provided key does not have the required permissions")
        if request.path == "/v1/balance_transactions":
            return _json({"object": "list", "data": [], "has_more": False, "url": request.path})
        payment = request.path.rpartition("/")[2]
        if payment not in {one["payment_intent"] for one in self.sessions.values()}:
            return _refused(HTTPStatus.NOT_FOUND, f"No such payment_intent: '{payment}'")
        assert request.args.getlist("expand[0]") == ["latest_charge.balance_transaction"]
        booked = None
        if payment in self.fees:
            booked = {"id": f"txn_{payment}", "object": "balance_transaction", "fee": self.fees[payment]}
            booked["currency"] = self.settles_in
        charge = {"id": f"ch_{payment}", "object": "charge", "balance_transaction": booked}
        return _json({"id": payment, "object": "payment_intent", "latest_charge": charge})

    def _redaction(self, request: Request) -> Response:
        """Jobs validate by themselves, run on request, and take their time: each look finds the next status."""
        if not request.headers["Stripe-Version"].endswith(".preview"):
            return _refused(HTTPStatus.NOT_FOUND, "Unrecognized request URL: it is a preview")
        name, _, run = request.path.removeprefix("/v1/privacy/redaction_jobs").strip("/").partition("/")
        if not name:
            wanted = [
                value for key, value in request.form.items() if key.startswith("objects[checkout_sessions]")
            ]
            if not wanted or not set(wanted) <= self.sessions.keys():
                return _refused(HTTPStatus.BAD_REQUEST, "No such checkout session")
            key = f"prj_of_{request.headers['Idempotency-Key']}"
            self.redactions.setdefault(key, {"id": key, "status": "validating", "sessions": wanted})
            return _json(self.redactions[key])
        job = self.redactions[name]
        if run:
            assert (run, job["status"]) == ("run", "ready")
            job["status"] = "redacting"
        else:
            goes_on = {"validating": "ready", "redacting": "succeeded"}
            shown = dict(job)
            job["status"] = goes_on.get(job["status"], job["status"])
            if job["status"] == "succeeded":
                for session in job["sessions"]:
                    self.sessions[session]["customer_email"] = "[redacted]"
            return _json(shown)
        return _json(job)

    def _once(self, request: Request) -> Response:
        key, body = request.headers.get("Idempotency-Key"), request.get_data()
        if not key or len(key) > 255:
            return _refused(HTTPStatus.BAD_REQUEST, "the tests insist on an idempotency key")
        if key in self._kept:
            if self._kept[key][0] != body:
                return _refused(HTTPStatus.BAD_REQUEST, "Keys for idempotent requests", "idempotency_error")
            return self._kept[key][1]
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble and trouble != "lost":
            return _refused(HTTPStatus(int(trouble)), "not now", "api_error")
        answer = self._create_refund(request) if request.path == "/v1/refunds" else self._create(request)
        self._kept[key] = (body, answer)
        return _refused(HTTPStatus.INTERNAL_SERVER_ERROR, "lost", "api_error") if trouble else answer

    def _create_refund(self, request: Request) -> Response:
        form = request.form.to_dict()
        if unknown := form.keys() - {"payment_intent", "amount", "metadata[order]"}:
            return _refused(HTTPStatus.BAD_REQUEST, f"Received unknown parameter: {unknown}")
        payment, cents = form["payment_intent"], int(form["amount"])
        paid = sum(one["amount_total"] for one in self.sessions.values() if one["payment_intent"] == payment)
        if cents > paid - sum(one["amount"] for one in self.refunds if one["payment_intent"] == payment):
            return _refused(
                HTTPStatus.BAD_REQUEST, "Refund amount is greater than unrefunded amount on charge"
            )
        made = {"id": f"re_{next(self._numbers)}", "object": "refund", "amount": cents, "status": "succeeded"}
        self.refunds.append(
            {**made, "payment_intent": payment, "metadata": {"order": form["metadata[order]"]}}
        )
        return _json(self.refunds[-1])

    def _create(self, request: Request) -> Response:
        form = request.form.to_dict()
        if request.mimetype != "application/x-www-form-urlencoded":
            return _refused(HTTPStatus.BAD_REQUEST, "not a form")
        for name in form:
            if not _FIELDS.fullmatch(name):
                return _refused(HTTPStatus.BAD_REQUEST, f"Received unknown parameter: {name}")
        for name in _REQUIRED:
            if not form.get(name):
                return _refused(HTTPStatus.BAD_REQUEST, f"Missing required param: {name}")
        if form.get("customer_email") in self.refused_emails:
            return _refused(HTTPStatus.BAD_REQUEST, "Invalid email address", param="customer_email")
        total, lines = 0, len([name for name in form if name.endswith("[quantity]")])
        for line in range(lines):
            cents = form[f"line_items[{line}][price_data][unit_amount]"]
            count = form[f"line_items[{line}][quantity]"]
            if not re.fullmatch(r"\d+", cents) or not re.fullmatch(r"[1-9]\d*", count):
                return _refused(HTTPStatus.BAD_REQUEST, "Invalid integer")
            total += int(cents) * int(count)
        if total < 50:
            return _refused(HTTPStatus.BAD_REQUEST, "The total amount due must add up to at least $0.50 usd")
        self.created_with.append(form)
        number = f"cs_test_{next(self._numbers)}"
        self.sessions[number] = {
            "id": number,
            "object": "checkout.session",
            "url": f"{self.domain}/c/pay/{number}",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": total,
            "currency": form["line_items[0][price_data][currency]"],
            "expires_at": int(time.time()) + 86400,
            "metadata": {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")},
        }
        return _json(self.sessions[number])


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> Delivery:
    """The body with the header that Stripe would send: a timestamp, and an HMAC over it and the body."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Stripe-Signature": f"t={stamp},v1={digest},v0=00", "Content-Type": "application/json"}


def _json(thing: dict[str, Any]) -> Response:
    return Response(json.dumps(thing), content_type="application/json")


def _refused(
    status: HTTPStatus, words: str, kind: str = "invalid_request_error", param: str | None = None
) -> Response:
    body = json.dumps({"error": {"type": kind, "message": words, "param": param}})
    return Response(body, status, content_type="application/json")

"""What a webhook says, how it is signed, and who is told of the progress of a leg.

The names come from Twilio's documentation, kind by kind.
"""

import base64
import hmac
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from math import ceil
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from twilio_simulator.web import WebRequest

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg

API_VERSION: Final = "2010-04-01"
#: The statuses of a call that is over.
FINAL: Final = ("completed", "busy", "failed", "no-answer", "canceled")
SIP_CODES: Final = {"completed": "200", "busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}


def rfc2822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))


def call_parameters(leg: "Leg") -> dict[str, str]:
    """Which call, and between whom."""
    return {
        "AccountSid": leg.exchange.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": leg.sid,
        "CallStatus": leg.status,
        "Direction": leg.direction,
        "From": leg.from_number,
        "To": leg.to_number,
        "Caller": leg.from_number,
        "Called": leg.to_number,
    }


def voice_parameters(leg: "Leg") -> dict[str, str]:
    """The standard set of every request that drives a call, and of its status callbacks."""
    said = call_parameters(leg)
    if leg.parent is not None:
        said["ParentCallSid"] = leg.parent.sid
    if leg.stir_verstat is not None:
        said["StirVerstat"] = leg.stir_verstat
    for name in ("From", "Caller", "To", "Called"):
        said |= _place(name, said[name])
    return said


def _place(name: str, number: str) -> dict[str, str]:
    """What Twilio knows of where a number is. Toll-free numbers have a country and nothing else."""
    country = "US" if number.startswith("+1") else ""
    return {f"{name}City": "", f"{name}State": "", f"{name}Zip": "", f"{name}Country": country}


def status_parameters(leg: "Leg", status: str, sequence: int, moment: datetime) -> dict[str, str]:
    """A status callback: the standard set, when, and which one of the leg."""
    return voice_parameters(leg) | {
        "CallStatus": status,
        "Timestamp": rfc2822(moment),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
    }


@dataclass(frozen=True)
class SharedKey:
    """What signs the webhooks of an account that has a rule for it, in place of its auth token."""

    name: str
    secret: str

    def headers(self, url: str, form: dict[str, str]) -> dict[str, str]:
        """Only the hash is another one: what is signed is the same (Twilio, Sign webhooks with shared keys)."""
        said = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.digest(self.secret.encode(), said.encode(), "sha256")
        return {
            "X-Twilio-Signature": base64.b64encode(digest).decode(),
            "X-Twilio-Webhooks-Signature-Settings": f"key={self.name},algorithm=HMAC_SHA256",
        }


def signed(kind: str, method: str, url: str, params: dict[str, str], secret: str | SharedKey) -> WebRequest:
    """The request as it leaves: query filled for a GET, fragment and user dropped, signature and token on it.

    Over https the port is left out of what is signed, over http it stays (Twilio, Security). ``secret`` is the auth
    token, or the shared key in its place.
    """
    parts = urlsplit(url)
    query = parts.query
    if method == "GET" and params:
        query = f"{query}&{urlencode(params)}" if query else urlencode(params)
    host = parts.netloc.rpartition("@")[2]
    target = urlunsplit((parts.scheme, host, parts.path, query, ""))
    signed_url = target
    if parts.scheme == "https" and parts.port is not None:
        signed_url = urlunsplit((parts.scheme, host.rpartition(":")[0], parts.path, query, ""))
    form = params if method == "POST" else {}
    headers = {
        **_signature(signed_url, form, secret),
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
    }
    if parts.username is not None:
        known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(known.encode()).decode()
    return WebRequest(kind, method, target, form, headers)


def _signature(url: str, form: dict[str, str], secret: str | SharedKey) -> dict[str, str]:
    if isinstance(secret, SharedKey):
        return secret.headers(url, form)
    return {"X-Twilio-Signature": RequestValidator(secret).compute_signature(url, form)}


@dataclass(frozen=True)
class Fallback:
    """Where to ask when a document cannot be had."""

    url: str
    method: str = "POST"


@dataclass
class StatusCallback:
    """``sequence`` counts every step of the leg, also those nobody subscribed to."""

    url: str | None = None
    method: str = "POST"
    events: frozenset[str] = field(default_factory=lambda: frozenset({"completed"}))
    sequence: int = 0

    def tell(self, leg: "Leg", event: str, status: str) -> None:
        number, self.sequence = self.sequence, self.sequence + 1
        if self.url is None or event not in self.events:
            return
        inbound = leg.direction == "inbound"
        if inbound:
            number = leg.exchange.switches.inbound_sequence_number
        params = status_parameters(leg, status, number, leg.exchange.clock.now())
        if event == "completed":
            params |= {"CallDuration": str(leg.duration), "Duration": str(ceil(leg.duration / 60))}
            params |= {} if inbound else {"SipResponseCode": SIP_CODES[status]}
            params |= {"AnsweredBy": leg.answered_by} if leg.answered_by and not inbound else {}
        family = "dial.leg.status" if leg.direction == "outbound-dial" else "call.status"
        kind = "number.status_callback" if inbound else f"{family}.{event}"
        leg.exchange.webhooks.notify(kind, self.url, self.method, params)

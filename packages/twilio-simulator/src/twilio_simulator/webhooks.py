"""What a webhook says and how it is signed. The names come from Twilio's documentation, kind by kind."""

import base64
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

from twilio_simulator.web import WebRequest

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg

API_VERSION = "2010-04-01"


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


def signed(kind: str, method: str, url: str, params: dict[str, str], auth_token: str) -> WebRequest:
    """The request as it leaves: query filled for a GET, fragment and user dropped, signature and token on it.

    Over https the port is left out of what is signed, over http it stays (Twilio, Security).
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
        "X-Twilio-Signature": RequestValidator(auth_token).compute_signature(signed_url, form),
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
    }
    if parts.username is not None:
        known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(known.encode()).decode()
    return WebRequest(kind, method, target, form, headers)

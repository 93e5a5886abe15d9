"""The parts of a webhook that are kept, and the key that recognises a repeat."""

import hmac
from dataclasses import dataclass
from typing import Final

from flask import Request, current_app

from ivr.core.text import readable

#: The parameters that turns and reports read. No others are kept, such as the city where a caller lives.
UNDERSTOOD: Final = (
    *("AccountSid", "CallSid", "From", "To", "CallStatus", "Digits", "SpeechResult", "Confidence"),
    *("QueueResult", "QueuePosition", "QueueTime", "AvgQueueTime", "RecordingUrl", "RecordingDuration"),
    *("SequenceNumber", "Timestamp", "FriendlyName", "ConferenceSid", "StatusCallbackEvent"),
    *("TranscriptionText", "TranscriptionStatus", "RecordingSid", "RecordingStatus", "StirVerstat"),
)
_LONGEST: Final = 5000
_RETRIED: Final = "I-Twilio-Idempotency-Token"


@dataclass(frozen=True)
class WebhookRequest:
    """A webhook as it is kept. ``about`` is its CallSid, or in the report of a conference its name.

    ``params`` is None where the keys or words are private.
    """

    about: str
    path: str
    params: dict[str, str] | None


def kept_request(asked: Request, *, is_private: bool = False) -> WebhookRequest:
    """Return the webhook as it is kept, without parameters where it is private."""
    form = asked.form
    params = {name: _text(form[name]) for name in UNDERSTOOD if name in form}
    about = form.get("FriendlyName") or form.get("CallSid", "")
    return WebhookRequest(about[:64], asked.full_path.rstrip("?")[:500], None if is_private else params)


def idempotency_key(asked: Request) -> str:
    """Return the key of a request, the same at each repeat: of account, call, route and Twilio's own retry token.

    Without a token the parameters take its place. Shape: 64 hexadecimal digits that reveal nothing of a caller. They
    depend on the application's secret, so that hashing all possible PINs does not reveal the one that was keyed.
    """
    token = asked.headers.get(_RETRIED, "")[:200]
    told = [token] if token else sorted(f"{name}={value}" for name, value in asked.form.items(multi=True))
    account, call = asked.form.get("AccountSid", ""), asked.form.get("CallSid", "")
    whole = "\0".join((account, call, asked.full_path, *told))
    return hmac.digest(str(current_app.secret_key).encode(), whole.encode(), "sha256").hex()


def has_token(asked: Request) -> bool:
    """Return whether the request has Twilio's retry token. Twilio always sends it; a proxy may strip it."""
    return bool(asked.headers.get(_RETRIED))


def _text(value: str) -> str:
    return readable(value)[:_LONGEST]

"""The parts of a webhook that are kept, and the key that recognizes a repeat."""

import hmac
from dataclasses import dataclass
from typing import Final

from flask import Request, current_app

from ivr.core.text import readable

#: The parameters that turns and reports read. No others are kept, such as the city where a caller lives.
UNDERSTOOD: Final = (
    *("AccountSid", "CallSid", "From", "To", "CallStatus", "Digits", "SpeechResult", "Confidence"),
    *("QueuePosition", "QueueTime", "AvgQueueTime", "RecordingUrl", "RecordingDuration"),
    *("SequenceNumber", "Timestamp", "FriendlyName", "ConferenceSid", "StatusCallbackEvent"),
    *("TranscriptionText", "TranscriptionStatus", "RecordingSid", "RecordingStatus", "StirVerstat"),
)
_LONGEST: Final = 5000
#: So many digits of a key stand for what is signed.
SIGNED: Final = 32
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
    """Return the key of a request, the same at each repeat: of its signature, and of Twilio's own retry token.

    The signature stands for the address and all parameters, in whatever spelling (``ivr/platform/voice/signature.py``).

    Shape: 32 hexadecimal digits, and 32 more where there is a token. They reveal nothing of a caller: they depend on
    the application's secret, so that hashing all possible PINs does not reveal the one that was keyed.
    """
    token = asked.headers.get(_RETRIED, "")[:200]
    return _digest(asked.headers["X-Twilio-Signature"]) + (_digest(token) if token else "")


def has_token(asked: Request) -> bool:
    """Return whether the request has Twilio's retry token. Twilio always sends it; a proxy may strip it."""
    return bool(asked.headers.get(_RETRIED))


def _digest(text: str) -> str:
    return hmac.digest(str(current_app.secret_key).encode(), text.encode(), "sha256").hex()[:SIGNED]


def _text(value: str) -> str:
    return readable(value)[:_LONGEST]

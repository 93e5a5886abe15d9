"""What of a webhook is kept, and the key by which its repeat is known."""

import hmac
from dataclasses import dataclass
from typing import Final

from flask import Request, current_app

#: The parameters that a turn or a report is understood by. No other is kept: where a caller lives is nobody's business.
UNDERSTOOD: Final = (
    *("AccountSid", "CallSid", "From", "To", "CallStatus", "Digits", "SpeechResult", "Confidence"),
    *("QueueResult", "QueuePosition", "QueueTime", "AvgQueueTime", "RecordingUrl", "RecordingDuration"),
    *("SequenceNumber", "Timestamp", "FriendlyName", "ConferenceSid", "StatusCallbackEvent"),
    *("TranscriptionText", "TranscriptionStatus", "RecordingSid", "RecordingStatus"),
)
_LONGEST: Final = 5000


@dataclass(frozen=True)
class WebhookRequest:
    """A webhook as it is kept. ``about`` is its CallSid, or of a conference's report the conference's name.

    ``params`` is None where what is keyed or said is not to be kept.
    """

    about: str
    path: str
    params: dict[str, str] | None


def kept_request(asked: Request, *, is_private: bool = False) -> WebhookRequest:
    """The webhook as it is kept."""
    form = asked.form
    params = {name: _text(form[name]) for name in UNDERSTOOD if name in form}
    about = form.get("FriendlyName") or form.get("CallSid", "")
    return WebhookRequest(about[:64], asked.full_path.rstrip("?")[:500], None if is_private else params)


def idempotency_key(asked: Request) -> str:
    """One key for one request, however often it comes: account, call, route, and Twilio's own token for its tries.

    Without a token the parameters stand for it. Shape: 64 hexadecimal digits, so nothing of a caller is in it; and
    as they are made with the application's secret, nobody finds a keyed PIN by trying all there are.
    """
    token = asked.headers.get("I-Twilio-Idempotency-Token", "")[:200]
    told = [token] if token else sorted(f"{name}={value}" for name, value in asked.form.items(multi=True))
    account, call = asked.form.get("AccountSid", ""), asked.form.get("CallSid", "")
    whole = "\0".join((account, call, asked.full_path, *told))
    return hmac.digest(str(current_app.secret_key).encode(), whole.encode(), "sha256").hex()


def _text(value: str) -> str:
    return value.replace("\0", "")[:_LONGEST]

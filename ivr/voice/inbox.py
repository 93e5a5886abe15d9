"""Whether this very webhook was answered before. Where the answers are kept is the application's business."""

import hmac
from typing import Protocol

from flask import Request


class Inbox(Protocol):
    """What was answered, by the key of the request."""

    def answered(self, key: str) -> str | None:
        """The answer of the first time; None when this is the first time."""

    def keep(self, key: str, answer: str) -> None:
        """The answer of the first time."""


def key_of(asked: Request, secret: str) -> str:
    """One key for one request, however often it comes: account, call, route, and Twilio's own token for its tries.

    Without a token the parameters stand for it. Shape: 64 hexadecimal digits, so nothing of a caller is in it; and
    as they are made with our ``secret``, nobody finds a keyed PIN by trying all there are.
    """
    token = asked.headers.get("I-Twilio-Idempotency-Token", "")[:200]
    told = [token] if token else sorted(f"{name}={value}" for name, value in asked.form.items(multi=True))
    account, call = asked.form.get("AccountSid", ""), asked.form.get("CallSid", "")
    whole = "\0".join((account, call, asked.full_path, *told))
    return hmac.digest(secret.encode(), whole.encode(), "sha256").hex()

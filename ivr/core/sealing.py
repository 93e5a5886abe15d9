"""Short texts encrypted with SECRET_KEY, so that a copy of the database does not tell them."""

import base64
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from ivr.core import clock

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def sealed(secret_key: str, purpose: str, text: str) -> str:
    """Returns the text encrypted, in URL-safe letters. What is sealed for one purpose opens for no other."""
    return _lock(secret_key, purpose).encrypt_at_time(text.encode(), _now()).decode()


def opened(secret_key: str, purpose: str, kept: str, *, within: timedelta | None = None) -> str | None:
    """Returns the text; None when another key or purpose sealed it, or when it is older than ``within``."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  # as in ``_lock``

    lock = _lock(secret_key, purpose)
    try:
        if within is None:
            return lock.decrypt(kept.encode()).decode()
        return lock.decrypt_at_time(kept.encode(), int(within.total_seconds()), _now()).decode()
    except InvalidToken:
        return None


def _lock(secret_key: str, purpose: str) -> "Fernet":
    from cryptography.fernet import Fernet  # noqa: PLC0415  # a tenth of a second, and few requests need it

    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret_key.encode(), purpose.encode(), "sha256")))


def _now() -> int:
    return int(clock.now().timestamp())

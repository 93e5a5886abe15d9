"""Texts encrypted with SECRET_KEY, so that a copy of the database, or a cookie, does not tell them.

Keys are given as itsdangerous takes them, oldest first: the last one seals, and each of them opens, so that a key can
be changed while what the other has sealed is still kept.
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from ivr.core import clock

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

Keys = str | Sequence[str]


def sealed(keys: Keys, purpose: str, text: str) -> str:
    """Return the text encrypted, in URL-safe letters. What is sealed for one purpose opens for no other."""
    return _lock(keys, purpose).encrypt_at_time(text.encode(), _now()).decode()


def opened(keys: Keys, purpose: str, kept: str, *, within: timedelta | None = None) -> str | None:
    """Return the text; None when another key or purpose sealed it, or when it is older than ``within``."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  # as in ``_lock``

    lock = _lock(keys, purpose)
    try:
        if within is None:
            return lock.decrypt(kept.encode()).decode()
        return lock.decrypt_at_time(kept.encode(), int(within.total_seconds()), _now()).decode()
    except InvalidToken:
        return None


def _lock(keys: Keys, purpose: str) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415  # a tenth of a second, and few requests need it

    newest_first = reversed([keys] if isinstance(keys, str) else keys)
    locks = [hmac.digest(key.encode(), purpose.encode(), "sha256") for key in newest_first]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(lock)) for lock in locks])


def _now() -> int:
    return int(clock.now().timestamp())

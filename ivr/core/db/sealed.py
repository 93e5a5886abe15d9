"""What the database keeps sealed: letters and orders hold links that open a page by themselves.

Whoever reads a copy of the database, without SECRET_KEY, finds no link in it.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

#: The one field of a sealed value.
SEALED: Final = "sealed"


class Seal:
    """Seals text with the last of the keys, and opens what any of them has sealed (Fernet)."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def seal_json(self, value: Any) -> str:
        return self.seal(json.dumps(value))

    def opened(self, sealed: str) -> str | None:
        """Return the text; None when none of our keys has sealed it."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None

    @cached_property
    def _fernet(self) -> "MultiFernet":
        from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415  # few processes need it, and it is large

        return MultiFernet([Fernet(_derived(key)) for key in reversed(self._keys)])


def _derived(key: str) -> bytes:
    return urlsafe_b64encode(digest(key.encode(), b"what the database keeps sealed", sha256))


class SealedJSON(TypeDecorator[dict[str, Any]]):
    """An object in JSON, sealed with the Seal of its ``Database``, without one in clear.

    Rows of a release that did not seal are read as they are. What no key of ours opens is read as empty.
    """

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        seal = seal_of(dialect)
        return value if value is None or seal is None else {SEALED: seal.seal_json(value)}

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        seal = seal_of(dialect)
        if value is None or seal is None or value.keys() != {SEALED}:
            return value
        opened = seal.opened(value[SEALED])
        return {} if opened is None else json.loads(opened)


def seal_of(dialect: Dialect) -> Seal | None:
    """Return the Seal that a ``Database`` has given to its engine's dialect."""
    return getattr(dialect, "seal", None)

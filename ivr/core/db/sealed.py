"""What the database keeps sealed: letters and orders hold links that open a page by themselves.

Whoever reads a copy of the database, without SECRET_KEY, finds no link in it.
"""

import json
from typing import Any, Final

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from ivr.core import sealing
from ivr.core.sealing import Keys

#: The one field of a sealed value.
SEALED: Final = "sealed"
_PURPOSE: Final = "what the database keeps sealed"


class Seal:
    """Seals and opens what the database keeps, with these keys (``ivr.core.sealing``)."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def seal(self, text: str) -> str:
        return sealing.sealed(self._keys, _PURPOSE, text)

    def seal_json(self, value: Any) -> str:
        return self.seal(json.dumps(value))

    def opened(self, sealed: str) -> str | None:
        """Return the text; None when none of our keys has sealed it."""
        return sealing.opened(self._keys, _PURPOSE, sealed)


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

"""How values of SQLite become values of PostgreSQL, and a checksum that compares two tables.

SQLite does not enforce a column's length, has no boolean and stores moments as text without a zone. PostgreSQL takes no
NUL in a text and no integer beyond its column's four bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

TEXT: Final = "text"
MOMENT: Final = "moment"
TRUTH: Final = "truth"
WHOLE: Final = "whole"
#: Values that both databases write alike: bytes, JSON, dates.
OTHER: Final = "other"

_LARGEST: Final = 2**31 - 1
_TO_THE_SECOND: Final = len("2026-11-23 09:00:00")


class UnfitError(Exception):
    """PostgreSQL would not take this value; the message says why."""


@dataclass(frozen=True)
class Field:
    """One column. ``length`` is how many letters a text may have; None without a limit."""

    name: str
    kind: str
    length: int | None = None


def fitted(field: Field, value: Any) -> Any:
    """Return the value as it is written to PostgreSQL and compared. Raises UnfitError.

    A text loses its NULs: no caller has said one. Moments become text with microseconds, in UTC, without a zone.
    """
    if value is None:
        return None
    if field.kind == TRUTH:
        return bool(value)
    if field.kind == MOMENT:
        return f"{value}.000000" if len(value) == _TO_THE_SECOND else value
    if field.kind == WHOLE and not -_LARGEST <= value <= _LARGEST:
        raise UnfitError(f"{field.name} is {value}, and {_LARGEST} is the largest")
    if field.kind == TEXT:
        value = str(value).replace("\0", "")
        if field.length is not None and len(value) > field.length:
            raise UnfitError(f"{field.name} has {len(value)} characters, and {field.length} fit")
    return value


class Sum:
    """The number of rows, and a checksum that does not depend on their order."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Sequence[Any]) -> None:
        self.rows += 1
        self._sum = (self._sum + mark(row)) % 2**64

    @property
    def checksum(self) -> str:
        """16 hexadecimal digits."""
        return f"{self._sum:016x}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sum) and (self.rows, self._sum) == (other.rows, other._sum)

    __hash__ = None  # type: ignore[assignment]  # it changes


def sum_of(rows: Iterable[Sequence[Any]]) -> Sum:
    """Return the sum of these rows."""
    whole = Sum()
    for row in rows:
        whole.add(row)
    return whole


def mark(row: Sequence[Any]) -> int:
    """Return a hash of this row, in 64 bits."""
    return int.from_bytes(blake2b(repr(tuple(row)).encode(errors="replace"), digest_size=8).digest(), "big")

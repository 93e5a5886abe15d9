"""What a row of SQLite must be to stand in PostgreSQL, and a sum by which two tables are compared.

SQLite holds no column to its length, knows no truth value and keeps moments as text without a zone; PostgreSQL takes no
NUL in a text and no number beyond its column's four bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

TEXT: Final = "text"
MOMENT: Final = "moment"
TRUTH: Final = "truth"
WHOLE: Final = "whole"
#: Whatever both databases write alike: bytes, documents, days.
OTHER: Final = "other"

_LARGEST: Final = 2**31 - 1
_TO_THE_SECOND: Final = len("2026-11-23 09:00:00")


class UnfitError(Exception):
    """PostgreSQL would not take this value; the message says why."""


@dataclass(frozen=True)
class Field:
    """One column. ``length`` is how many letters a text may have, None when any number will do."""

    name: str
    kind: str
    length: int | None = None


def fitted(field: Field, value: Any) -> Any:
    """The value as it is written to PostgreSQL and as it is compared. Raises UnfitError.

    A NUL is left out of a text: nobody ever said it. Moments become text with microseconds, in UTC, without a zone.
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
    """How many rows, and a sum over them that does not mind their order."""

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
    """The sum of all these."""
    whole = Sum()
    for row in rows:
        whole.add(row)
    return whole


def mark(row: Sequence[Any]) -> int:
    """A number that stands for this row."""
    return int.from_bytes(blake2b(repr(tuple(row)).encode(errors="replace"), digest_size=8).digest(), "big")

"""What stands on a customer's paper, as the page and the PDF both show it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is for, and the amount in cents."""

    words: str
    cents: int
    notes: Sequence[str] = ()
    #: When it was paid, and the same in words.
    at: datetime | None = None
    day: str = ""


@dataclass(frozen=True)
class Table:
    """Lines and their total, in cents."""

    lines: Sequence[Line]
    total_words: str
    total_cents: int
    heading: str = ""


@dataclass(frozen=True)
class Paper:
    """An estimate or a receipt, in the customer's language."""

    language: str
    #: The name of the file, without its ending.
    name: str
    company: str
    #: How to reach the company: a line each.
    address: Sequence[str]
    heading: str
    #: What the paper is about: names and values.
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    #: What stands below the tables.
    sentences: Sequence[str]

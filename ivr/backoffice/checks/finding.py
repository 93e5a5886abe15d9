"""What a check has found."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from ivr.core.db import outage


class Finding(NamedTuple):
    """``is_well`` is True, False for a fault, None for a warning. ``words`` say what was found, and what to do."""

    is_well: bool | None
    words: str


def without_outage(check: Iterable[Finding]) -> Iterator[Finding]:
    """Yields what the check finds, and where it needs a database that is away, full or damaged, that."""
    try:
        yield from check
    except SQLAlchemyError as fault:
        why = outage(fault)
        if why is None:
            raise
        yield Finding(is_well=False, words=why)

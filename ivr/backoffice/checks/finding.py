"""What a check has found."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from ivr.core.db import outage


class State(StrEnum):
    """How it stands, from best to worst."""

    OK = "ok"
    #: It could not be looked at.
    UNKNOWN = "unknown"
    #: Calls are taken, and something deserves a look.
    WARNING = "warning"
    #: Callers, payments or data suffer.
    WRONG = "wrong"


class Finding(NamedTuple):
    """What was found and what to do about it, in sentences. ``page`` is the console's endpoint where that is done."""

    state: State
    found: str
    to_do: str = ""
    page: str = ""

    @property
    def words(self) -> str:
        """All of it."""
        return f"{self.found} {self.to_do}".strip()


def ok(found: str) -> Finding:
    return Finding(State.OK, found)


def unknown(found: str, to_do: str = "") -> Finding:
    return Finding(State.UNKNOWN, found, to_do)


def warning(found: str, to_do: str = "", page: str = "") -> Finding:
    return Finding(State.WARNING, found, to_do, page)


def wrong(found: str, to_do: str = "", page: str = "") -> Finding:
    return Finding(State.WRONG, found, to_do, page)


def worst(states: Iterable[State]) -> State:
    """Return the worst of these states; of none, OK.

    >>> worst([State.OK, State.WARNING, State.UNKNOWN])
    <State.WARNING: 'warning'>
    """
    order = list(State)
    return max(states, key=order.index, default=State.OK)


def without_outage(check: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what the check finds, and where it needs a database that is away, full or damaged, that."""
    try:
        yield from check
    except SQLAlchemyError as fault:
        why = outage(fault)
        if why is None:
            raise
        yield wrong(why)

"""A webhook that comes again gets the answer that it got. Everything here works in the open transaction.

Twilio asks again when it lost the connection, with the same I-Twilio-Idempotency-Token (contract: webhooks, retries).
The answer is kept with what the request has changed, or both are undone because it stands already. What was asked is
kept beside it, so that a call can be run again (``ivr/replay``).
"""

from datetime import timedelta
from typing import Any, Final, Protocol

from sqlalchemy import delete, select

from ivr.clock import now
from ivr.db import changed, insert_once, session
from ivr.inbox.models import GivenAnswer

#: Twilio gives up on a webhook after 15 seconds; a complaint about a call comes within days. Shorter than the shortest
#: time for which personal data may be kept (Policy.retention_days).
KEPT: Final = timedelta(days=14)
#: The old ones are deleted at every so many answers: the table holds those of that time and at most so many more.
SWEPT_EVERY: Final = 500


class AnsweredBefore(Exception):  # no error: what it asked for has been done
    """The very same request has been answered already."""


class Asked(Protocol):
    """What was asked, as it is kept: see the columns of ``GivenAnswer``."""

    @property
    def about(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def params(self) -> dict[str, str] | None: ...


def answered(key: str) -> str | None:
    """What was answered to this request before; None when that was never, or was never kept."""
    return session.scalar(select(GivenAnswer.answer).where(GivenAnswer.key == key))


def keep(key: str, asked: Asked, answer: str) -> None:
    """Keep what was answered, as the last thing of its transaction. Raises AnsweredBefore: undo all of it.

    The same request in another process waits here until the first has been committed.
    """
    number = insert_once(GivenAnswer, key=key, at=now(), answer=answer, **_values(asked))
    if number is None:
        raise AnsweredBefore
    if number % SWEPT_EVERY == 0:
        forget(KEPT)


def note(key: str, asked: Asked, answer: str) -> None:
    """What was answered to a request that may be performed once more when it comes again."""
    insert_once(GivenAnswer, key=key, at=now(), answer=answer, **_values(asked))


def forget(older_than: timedelta) -> int:
    """Delete the answers older than that; how many."""
    return changed(delete(GivenAnswer).where(GivenAnswer.at < now() - older_than))


def _values(asked: Asked) -> dict[str, Any]:
    return {"about": asked.about, "path": asked.path, "params": asked.params}

"""A webhook that comes again gets the answer that it got. Everything here works in the open transaction.

Twilio asks again when it lost the connection, with the same I-Twilio-Idempotency-Token (contract: webhooks, retries).
What was asked is kept beside the answer, so that a call can be run again (``ivr/replay``).
"""

from datetime import timedelta
from typing import Any, Final, Protocol, cast

from sqlalchemy import delete, select, update

from ivr.clock import now
from ivr.db import changed, insert_once, session
from ivr.inbox.models import GivenAnswer

#: Twilio gives up on a webhook after 15 seconds; a complaint about a call comes within days. Shorter than the shortest
#: time for which personal data may be kept (Policy.retention_days).
KEPT: Final = timedelta(days=14)
#: The old ones are deleted at every so many answers: the table holds those of that time and at most so many more.
SWEPT_EVERY: Final = 500


class Asked(Protocol):
    """What was asked, as it is kept: see the columns of ``GivenAnswer``."""

    @property
    def about(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def params(self) -> dict[str, str] | None: ...


def answered(key: str, asked: Asked | None = None) -> str | None:
    """What was answered to this request before; None the first time, and then whoever asks must ``keep`` an answer.

    The same request in another process waits here until the first has been committed.
    """
    number = insert_once(GivenAnswer, key=key, at=now(), **_values(asked))
    if number is None:
        return cast("str | None", session.scalar(select(GivenAnswer.answer).where(GivenAnswer.key == key)))
    if number % SWEPT_EVERY == 0:
        forget(KEPT)
    return None


def keep(key: str, answer: str) -> None:
    """What was answered the first time."""
    session.execute(update(GivenAnswer).where(GivenAnswer.key == key).values(answer=answer))


def note(key: str, asked: Asked, answer: str) -> None:
    """What was answered to a request that may be performed once more when it comes again."""
    insert_once(GivenAnswer, key=key, at=now(), answer=answer, **_values(asked))


def forget(older_than: timedelta) -> int:
    """Delete the answers older than that; how many."""
    return changed(delete(GivenAnswer).where(GivenAnswer.at < now() - older_than))


def _values(asked: Asked | None) -> dict[str, Any]:
    if asked is None:
        return {}
    return {"about": asked.about, "path": asked.path, "params": asked.params}

"""A webhook that comes again gets the answer that it got. Everything here works in the open transaction.

Twilio asks again when it lost the connection, with the same I-Twilio-Idempotency-Token (contract: webhooks, retries).
"""

from datetime import timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select, update

from ivr.clock import now
from ivr.db import insert_once, session
from ivr.inbox.models import GivenAnswer

#: Twilio gives up on a webhook after 15 seconds; nobody asks again after an hour.
KEPT: Final = timedelta(hours=1)
#: The old ones are deleted at every so many answers: the table holds those of an hour and at most so many more.
SWEPT_EVERY: Final = 500


def answered(key: str) -> str | None:
    """What was answered to this request before; None the first time, and then whoever asks must ``keep`` an answer.

    The same request in another process waits here until the first has been committed.
    """
    number = insert_once(GivenAnswer, key=key, at=now())
    if number is None:
        return cast("str | None", session.scalar(select(GivenAnswer.answer).where(GivenAnswer.key == key)))
    if number % SWEPT_EVERY == 0:
        forget(KEPT)
    return None


def keep(key: str, answer: str) -> None:
    """What was answered the first time."""
    session.execute(update(GivenAnswer).where(GivenAnswer.key == key).values(answer=answer))


def forget(older_than: timedelta) -> int:
    """Delete the answers older than that; how many."""
    old = delete(GivenAnswer).where(GivenAnswer.at < now() - older_than)
    return cast("CursorResult[Any]", session.execute(old)).rowcount

"""A webhook that comes again gets the answer that it got. Everything here works in the open transaction.

Twilio asks again when it lost the connection, with the same I-Twilio-Idempotency-Token (contract: webhooks, retries).
The answer is kept with what the request has changed, or both are undone because it stands already. What was asked is
kept beside it, so that a call can be run again (``ivr/operations/replay``).
"""

from datetime import timedelta
from typing import Any, Final

from flask import request
from sqlalchemy import delete, select

from ivr.core.clock import now
from ivr.core.db import changed, insert_once, session
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.idempotency.requests import WebhookRequest, idempotency_key, kept_request

#: Twilio gives up on a webhook after 15 seconds; a complaint about a call comes within days. Shorter than the shortest
#: time for which personal data may be kept (Policy.retention_days).
KEPT: Final = timedelta(days=14)
#: The old ones are deleted at every so many answers: the table holds those of that time and at most so many more.
SWEPT_EVERY: Final = 500


class AnsweredBefore(Exception):  # no error: what it asked for has been done
    """The very same request has been answered already."""


def answered(key: str) -> str | None:
    """What was answered to this request before; None when that was never, or was never kept."""
    return session.scalar(select(WebhookReply.answer).where(WebhookReply.key == key))


def keep(key: str, asked: WebhookRequest, answer: str) -> None:
    """Keep what was answered, as the last thing of its transaction. Raises AnsweredBefore: undo all of it.

    The same request in another process waits here until the first has been committed.
    """
    number = insert_once(WebhookReply, key=key, at=now(), answer=answer, **_values(asked))
    if number is None:
        raise AnsweredBefore
    if number % SWEPT_EVERY == 0:
        forget(KEPT)


def note(key: str, asked: WebhookRequest, answer: str) -> None:
    """What was answered to a request that may be performed once more when it comes again."""
    insert_once(WebhookReply, key=key, at=now(), answer=answer, **_values(asked))


def note_report() -> None:
    """Keep the report that is being read, in the open transaction. It is answered with nothing."""
    note(idempotency_key(request), kept_request(request), "")


def forget(older_than: timedelta) -> int:
    """Delete the answers older than that; how many."""
    return changed(delete(WebhookReply).where(WebhookReply.at < now() - older_than))


def _values(asked: WebhookRequest) -> dict[str, Any]:
    return {"about": asked.about, "path": asked.path, "params": asked.params}

"""A webhook, or a form, that comes again gets the same answer.

Twilio repeats a request when it lost the connection, with the same I-Twilio-Idempotency-Token (contract: webhooks,
retries). The answer is stored in the transaction of the request's changes; when an answer is stored already, both are
undone. The request is stored beside the answer, so that a call can be run again (``ivr/operations/replay``).

A proxy may strip the token. Then a second star in one call looks like the first one again. But a leg asks for one
document at a time: a request is a repeat only if it says the same as the last one that the leg was answered, a moment
ago. After anything else that the leg asked for, it is a new one.

The token is not signed: whoever has caught a signed request can send it again under another token, or none. But a leg
asks for what a document of ours told it to ask for. So a request that says the same as an earlier one is a repeat of
it, unless a document has led there since. Where jobs send legs no document leads: there the token decides alone.
"""

from collections.abc import Collection
from datetime import timedelta
from functools import cache
from html import escape
from typing import Any, Final, cast

from flask import Request, request
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from ivr.core.clock import now
from ivr.core.db import changed, insert_of, insert_once, is_on_postgres, run, session
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.idempotency.requests import SIGNED, WebhookRequest, has_token, idempotency_key, kept_request

#: How long answers are kept. Twilio gives up on a webhook after 15 seconds; a complaint about a call comes within days.
#: It is shorter than the shortest time for which personal data may be kept (Policy.retention_days).
KEPT: Final = timedelta(days=14)
#: Old answers are deleted after every so many new ones, so that the table holds at most so many too many.
SWEPT_EVERY: Final = 500


#: The network waits 15 seconds for a document (contract: webhooks, timing), so it repeats no request much later.
#: Documents that lead back to themselves take longer.
REPEATED_WITHIN: Final = timedelta(seconds=16)
#: A call begins here, without a document that leads there, and only once.
BEGINS: Final = "/voice/incoming"
#: Begins the key of a turn that was undone.
UNDONE: Final = "undone:"


class AnsweredBefore(Exception):  # no error: what it asked for has been done
    """The same request has been answered already."""


def turn_key(asked: Request) -> str:
    """Return the key of a request for a document, the same at each repeat."""
    key = idempotency_key(asked)
    if has_token(asked):
        return key
    about = kept_request(asked).about
    documents = WebhookReply.about == about, WebhookReply.answer != "", ~WebhookReply.key.startswith(UNDONE)
    last = session.scalar(select(WebhookReply).where(*documents).order_by(WebhookReply.id.desc()).limit(1))
    if last is None:
        return f"{key}-0"
    is_repeat = last.key.startswith(f"{key}-") and last.at > now() - REPEATED_WITHIN
    return last.key if is_repeat else f"{key}-{last.id}"


def answered(key: str) -> str | None:
    """Return the stored answer to this request; None when there is none."""
    return session.scalar(select(WebhookReply.answer).where(WebhookReply.key == key))


def first_answer(key: str, asked: WebhookRequest) -> str | None:
    """Return the stored answer to this request, or to the one that it repeats under another token; None without one."""
    exactly = answered(key)
    return exactly if exactly is not None else session.scalar(_earlier().limit(1), _told(key, asked))


def keep(key: str, asked: WebhookRequest, answer: str) -> None:
    """Store the answer as the last act of its transaction. Raises AnsweredBefore, which undoes the transaction.

    The same request in another process waits here until the first commits.
    """
    values = {"key": key, "at": now(), "answer": answer, **_values(asked)}
    number: int | None = run(_insert_unless_repeated(is_on_postgres()), values | _told(key, asked)).scalar()
    if number is None:
        raise AnsweredBefore
    if number % SWEPT_EVERY == 0:
        forget(KEPT)


def note(key: str, asked: WebhookRequest, answer: str) -> None:
    """Store the answer to a request that may be performed again at a repeat."""
    insert_once(WebhookReply, key=key, at=now(), answer=answer, **_values(asked))


def claim(key: str) -> None:
    """Claim a form in the transaction of its changes. Raises AnsweredBefore, which undoes the transaction.

    The same form in another process waits here until the first commits. ``answer_claim`` stores the answer.
    """
    number = insert_once(WebhookReply, key=key, at=now(), answer=None)
    if number is None:
        raise AnsweredBefore
    if number % SWEPT_EVERY == 0:
        forget(KEPT)


def answer_claim(key: str, answer: str) -> None:
    """Store the answer to a claimed form."""
    session.execute(update(WebhookReply).where(WebhookReply.key == key).values(answer=answer))


def drop_claim(key: str) -> None:
    """Forget a claimed form that changed nothing: sent again, it is tried again."""
    session.execute(delete(WebhookReply).where(WebhookReply.key == key))


def is_claimed(key: str) -> bool:
    """Whether this form was sent before, answered or not yet."""
    return session.scalar(select(WebhookReply.id).where(WebhookReply.key == key)) is not None


def note_report() -> None:
    """Store the status report in the current request. Its answer is empty."""
    note(idempotency_key(request), kept_request(request), "")


def senders(sids: Collection[str]) -> set[str]:
    """Return those of these legs that have sent any webhook that is kept."""
    return set(session.scalars(select(WebhookReply.about).where(WebhookReply.about.in_(sids))))


def forget(older_than: timedelta) -> int:
    """Delete the answers older than that, and return how many."""
    return changed(delete(WebhookReply).where(WebhookReply.at < now() - older_than))


def _values(asked: WebhookRequest) -> dict[str, Any]:
    return {"about": asked.about, "path": asked.path, "params": asked.params}


def _told(key: str, asked: WebhookRequest) -> dict[str, Any]:
    """Return what ``_earlier`` compares: the leg, what is signed, and the address as it stands in a document."""
    begins = asked.path == BEGINS
    return {"leg": asked.about, "signed": key[:SIGNED], "address": escape(asked.path), "begins": begins}


def _earlier() -> Select[str | None]:
    """Return the query for the answers to what this request repeats, the latest first."""
    first, before, since = (aliased(WebhookReply) for _ in range(3))
    leg = bindparam("leg", type_=WebhookReply.about.type)

    def leads_there(document: type[WebhookReply], when: ColumnElement[bool]) -> ColumnElement[bool]:
        address = bindparam("address", type_=WebhookReply.path.type)
        return exists().where(document.about == leg, when, document.answer.contains(address))

    return (
        select(first.answer)
        .where(
            first.about == leg,
            func.substr(first.key, 1, SIGNED) == bindparam("signed", type_=WebhookReply.key.type),
            ~leads_there(since, since.id >= first.id),
            or_(bindparam("begins", type_=Boolean()), leads_there(before, before.id < first.id)),
        )
        .order_by(first.id.desc())
    )


@cache  # to build a statement takes longer than to send it
def _insert_unless_repeated(on_postgres: bool) -> Any:  # noqa: FBT001  # its only meaning
    table = cast("Table", WebhookReply.__table__)
    columns = [table.c[name] for name in ("key", "at", "answer", "about", "path", "params")]
    new = select(*(bindparam(column.name, type_=column.type) for column in columns))
    unless = new.where(~exists(_earlier().order_by(None).subquery()))
    insert = insert_of(table, on_postgres).from_select(columns, unless)
    return insert.on_conflict_do_nothing().returning(table.c.id)

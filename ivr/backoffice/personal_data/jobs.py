"""Erases what is left of a person: files here, and their data at the providers. It goes on where a worker has died."""

from collections.abc import Callable, Mapping
from typing import Final

from structlog import get_logger

from ivr.backoffice.personal_data import service
from ivr.backoffice.personal_data.tasks import LAST, Task
from ivr.backoffice.search import word_index
from ivr.core.db import wipe_remains
from ivr.core.errors import Refusal
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.mailer import MailLaterError
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError

log = get_logger(__name__)

#: Returns the task as it is now, or None once it is done.
Perform = Callable[[JobContext, int, Task], Task | None]


class NotYetError(Exception):
    """What keeps a task from being done now; it is tried again."""


def erase(context: JobContext, job: Job) -> None:
    """Do what is left of one request, each task in its turn; what cannot be done now is tried again later."""
    request_id = int(job.payload["request_id"])
    with context.database.reading():
        left = service.left(request_id)
    waits = False
    for task in left:
        if task["what"] == LAST and waits:
            break
        now = _performed(context, request_id, task)
        waits = waits or now is not None
        if now != task:
            with context.database.transaction():
                service.came_to(request_id, task, now)
    with context.database.transaction():
        service.settle(request_id)


def _performed(context: JobContext, request_id: int, task: Task) -> Task | None:
    """Return the task as it is now: None once it is done, and unchanged when it has to be tried again."""
    try:
        return _PERFORM[task["what"]](context, request_id, task)
    except LegGoneError:
        return None
    except (TryLaterError, OutcomeUnknownError, RefusedError, MailLaterError, Refusal, NotYetError) as why:
        log.warning("not_erased_yet", request=request_id, what=task["what"], why=type(why).__name__)
        return task


def _recording(context: JobContext, _request: int, task: Task) -> None:
    context.telephone.delete_recording(task["id"])


def _call(context: JobContext, _request: int, task: Task) -> None:
    context.telephone.delete_call(task["id"])


def _letters(context: JobContext, _request: int, task: Task) -> None:
    context.mailer.forget(task["ids"])


def _payments(context: JobContext, request_id: int, task: Task) -> Task | None:
    provider = context.payments()
    if provider is None or provider.name != task["provider"]:
        raise NotYetError
    key = f"erase-{request_id}-{task['tries']}"
    try:
        under_way = provider.redact(task["ids"], key=key, under_way=task["under_way"])
    except Refusal:
        if task["under_way"] is None:
            raise
        return {**task, "under_way": None, "tries": task["tries"] + 1}  # begun anew
    return {**task, "under_way": under_way} if under_way else None


def _remains(context: JobContext, request_id: int, _task: Task) -> None:
    with context.database.transaction():
        service.sweep(request_id)
    word_index.forget_deleted(context.database)
    if not wipe_remains(context.database):
        raise NotYetError


_PERFORM: Final[Mapping[str, Perform]] = {
    "recording": _recording,
    "call": _call,
    "letters": _letters,
    "payments": _payments,
    LAST: _remains,
}

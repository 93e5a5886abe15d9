"""Requests about one person's data: noted, and erased, here at once and at the providers by a job.

It is long because a request's whole life stands here, from when it is noted until it is done or declined.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update

from ivr.backoffice.personal_data import obstacles, rows, tasks
from ivr.backoffice.personal_data.models import PersonRequest, RequestKind, RequestState
from ivr.backoffice.personal_data.subject import Subject
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.errors import Refusal
from ivr.platform.jobs import cancel, enqueue
from ivr.platform.timeline import service as timeline

#: California's law gives 45 days for an answer (CCPA, Civil Code 1798.130).
ANSWERED_WITHIN: Final = timedelta(days=45)
#: The first pause before what is left is tried again; each is twice as long as the one before, up to a day.
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(days=1)


class InTheWayError(Refusal):
    message = "Something stands in the way."


class OtherCountsError(Refusal):
    message = "Something was added meanwhile. Look at the counts again."


class NothingFoundError(Refusal):
    message = "Nothing of this person was found."


def note(kind: RequestKind, words: Collection[str], *, by: str) -> PersonRequest:
    """Write down what somebody has asked for, to be answered in time."""
    now = clock.now()
    request = PersonRequest(
        kind=kind,
        state=RequestState.ASKED,
        asked_at=now,
        due_at=now + ANSWERED_WITHIN,
        noted_by=by[:100],
        words=sorted(words),
        matters=[],
        counts={},
        left=[],
    )
    session.add(request)
    session.flush()
    return request


def decline(request_id: int, *, by: Somebody) -> None:
    """A person has decided that nothing is to be done about this request. A repeat changes nothing."""
    ours = PersonRequest.id == request_id, PersonRequest.state == RequestState.ASKED
    ended = {"state": RequestState.DECLINED, "words": [], "done_at": clock.now(), "done_by": by.name[:100]}
    if changed(update(PersonRequest).where(*ours).values(ended)):
        policy.record(f"Request {request_id} about personal data", "asked", "declined", by)


def erase(subject: Subject, *, by: Somebody, force: bool = False, seen: int | None = None) -> PersonRequest:
    """Erase the person here, and have a job erase them at the providers and in files; return the request.

    ``force`` ends what is open. ``seen`` is how many rows the owner has been shown. Holds, money, visits ahead and
    calls are never overruled. Raises InTheWayError, OtherCountsError, NothingFoundError.
    """
    for intake_id in subject.intake_ids:
        intakes.lock(intake_id)
    before = rows.counts(subject)
    if not before:
        raise NothingFoundError
    if seen is not None and seen != sum(before.values()):
        raise OtherCountsError
    _refuse(subject.intake_ids, force=force)
    obstacles.end(subject.intake_ids, by=by)
    return _erase(subject, by.name)


def _erase(subject: Subject, name: str) -> PersonRequest:
    request = _taken_up(subject, name)
    request.left = tasks.planned(subject)
    request.counts = rows.erase(subject)
    request.words = sorted(subject.words)  # the last sweep looks for what has come in till then
    for intake_id, _ in request.matters:
        timeline.append(intake_id, "erased", key=str(request.id), staff=name)
    go_on(request.id)
    return request


def erase_again(subject: Subject, *, by: Somebody) -> None:
    """Erase what a restored backup has brought back. What was open then is ended; money and visits are settled since.

    Raises InTheWayError for a hold or a call.
    """
    if held := [one for one in obstacles.of(subject.intake_ids) if one.is_final and not one.is_of_business]:
        raise InTheWayError(" ".join(f"{one.reference}: {one.words}" for one in held))
    with suppress(Refusal):
        obstacles.end(subject.intake_ids, by=by)
    _erase(subject, by.name)


def exported(counts: dict[str, int], *, by: Somebody) -> PersonRequest:
    """Write down that everything of a person has been handed out."""
    request = note(RequestKind.EXPORT, (), by=by.name)
    request.state, request.counts = RequestState.DONE, counts
    request.done_at, request.done_by = clock.now(), by.name[:100]
    policy.record(
        f"Personal data exported, request {request.id}", "", f"{sum(counts.values())} rows and sounds", by
    )
    return request


def request(request_id: int) -> PersonRequest | None:
    """Return this request."""
    return session.get(PersonRequest, request_id)


def left_to_do(request: PersonRequest) -> dict[str, int]:
    """Return what keeps a request from being done, in words, and how many of each."""
    found: dict[str, int] = {}
    for task in request.left:
        found[tasks.WORDS[task["what"]]] = found.get(tasks.WORDS[task["what"]], 0) + 1
    return found


def go_on(request_id: int, *, after: timedelta = timedelta(0)) -> None:
    """Have the job do what is left of this request: now, even where it waits to be tried later, or after a pause."""
    key = f"erase-{request_id}"
    if not after:
        cancel(key)
    enqueue("personal_data.erase", key=key, run_at=clock.now() + after, request_id=request_id)


def left(request_id: int) -> list[dict[str, Any]]:
    """Return what is left to do of a request that is being worked on."""
    request = session.get(PersonRequest, request_id)
    return list(request.left) if request is not None and request.state == RequestState.WORKING else []


def came_to(request_id: int, task: dict[str, Any], now: dict[str, Any] | None) -> None:
    """Note how far one task has come; with None it is done."""
    request = session.get_one(PersonRequest, request_id, with_for_update=True)
    kept = ((now if one == task else one) for one in request.left)
    request.left = [one for one in kept if one is not None]


def done_by_hand(request_id: int, what: str, *, by: Somebody) -> bool:
    """Somebody has done one kind of task at the provider themselves. Returns whether there was any to do."""
    request = session.get(PersonRequest, request_id, with_for_update=True)
    of_kind = [one for one in request.left if one["what"] == what] if request is not None else []
    if request is None or not of_kind or what == tasks.LAST:
        return False
    request.left = [one for one in request.left if one["what"] != what]
    policy.record(f"Erased by hand, request {request_id}", "", f"{len(of_kind)} {tasks.WORDS[what]}", by)
    go_on(request_id)
    return True


def sweep(request_id: int) -> None:
    """Erase once more, for what came in meanwhile, and forget the person's words: nothing else needs them."""
    request = session.get_one(PersonRequest, request_id)
    rows.erase(Subject(tuple(number for number, _ in request.matters), frozenset(request.words)))
    request.words = []


def settle(request_id: int) -> None:
    """Nothing is left: the request is done. Or something is: it is tried again, more and more rarely."""
    request = session.get(PersonRequest, request_id, with_for_update=True)
    if request is None or request.state != RequestState.WORKING:
        return
    if request.left:
        waited = clock.now() - (request.begun_at or request.asked_at)
        go_on(request_id, after=min(max(_FIRST_PAUSE, waited), _LONGEST_PAUSE))
        return
    request.state, request.done_at = RequestState.DONE, clock.now()
    counted = ", ".join(f"{number} {label}" for label, number in sorted(request.counts.items()))
    by = policy.Command(request.done_by or "")
    policy.record(f"Personal data erased, request {request_id}", "", counted, by)


def everything(limit: int = 200) -> Sequence[PersonRequest]:
    """Return the requests: those that wait for an answer first, the soonest due on top."""
    is_over = PersonRequest.state.in_((RequestState.DONE, RequestState.DECLINED))
    return session.scalars(
        select(PersonRequest).order_by(is_over, PersonRequest.due_at, PersonRequest.id).limit(limit)
    ).all()


def erased() -> list[dict[str, Any]]:
    """Return what a restored backup must erase again: number, moment and matters of each request, and nobody's name."""
    wanted = select(PersonRequest).where(
        PersonRequest.kind == RequestKind.ERASE,
        PersonRequest.state.in_((RequestState.WORKING, RequestState.DONE)),
    )
    return [
        {"request": one.id, "asked_at": one.asked_at.isoformat(), "matters": one.matters}
        for one in session.scalars(wanted.order_by(PersonRequest.id))
        if one.matters
    ]


def unfinished() -> list[int]:
    """Return the requests that are being worked on."""
    wanted = PersonRequest.state == RequestState.WORKING
    return list(session.scalars(select(PersonRequest.id).where(wanted).order_by(PersonRequest.id)))


def _refuse(intake_ids: Collection[int], *, force: bool) -> None:
    found = [one for one in obstacles.of(intake_ids) if one.is_final or not force]
    if found:
        raise InTheWayError(" ".join(f"{one.reference}: {one.words}" for one in found))


def _taken_up(subject: Subject, name: str) -> PersonRequest:
    """Return the request that was noted for these words, or a new one, as being worked on."""
    waiting = PersonRequest.kind == RequestKind.ERASE, PersonRequest.state == RequestState.ASKED
    noted = session.scalars(select(PersonRequest).where(*waiting).order_by(PersonRequest.id))
    of_them = (one for one in noted if one.words and set(one.words) <= subject.words)
    request = next(of_them, None) or note(RequestKind.ERASE, (), by=name)
    request.state, request.done_by, request.begun_at = RequestState.WORKING, name[:100], clock.now()
    request.words = sorted(subject.words)
    matters = select(Intake.id, Intake.reference).where(Intake.id.in_(subject.intake_ids)).order_by(Intake.id)
    request.matters = [[row.id, row.reference] for row in session.execute(matters)]
    return request

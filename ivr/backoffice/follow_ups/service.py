"""Follow-ups are made, handed on, and ended: by a person, or by themselves.

Whatever is written here is written under the lock of the intake's row, as estimates and payments are: a customer who
pays in this moment has paid before it, or after it.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select, update

from ivr.backoffice.follow_ups import endings, owners, reminders, rules
from ivr.backoffice.follow_ups.causes import Found
from ivr.backoffice.follow_ups.models import FollowUp, FollowUpWatch
from ivr.backoffice.follow_ups.rules import OF_ESTIMATES, Ending
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import changed, insert_once, session
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

_THE_ROW: Final = 1


class ClosedAlreadyError(Refusal):
    message = "This follow-up is closed already. Reload the page."


class NoNoteError(Refusal):
    message = "Enter a note of 1 to 300 characters."


class NotTheirsError(Refusal):
    message = "This colleague can't take this follow-up. Choose another."


class NoEndingError(Refusal):
    message = "Choose a result."


def watch() -> FollowUpWatch:
    """Return since when the service follows up, which is the first look, and the moment of the last one."""
    now = clock.now()
    insert_once(FollowUpWatch, id=_THE_ROW, since=now, looked_at=now)
    return session.get_one(FollowUpWatch, _THE_ROW)


def looked(at: datetime) -> None:
    """Note a look that has come to its end. It never goes back."""
    earlier = FollowUpWatch.id == _THE_ROW, FollowUpWatch.looked_at < at
    changed(update(FollowUpWatch).where(*earlier).values(looked_at=at))


def make(found: Found) -> int | None:
    """Make a follow-up and return its id; None when there is one, nobody can have it, or the matter is closed.

    It takes the place of an open one about the same estimate.
    """
    intake = intakes.lock(found.intake_id)
    owner_id = owners.owner_of(found.cause, found.preferred, owners.candidates())
    if owner_id is None or intake.stage == Stage.CLOSED:
        return None
    now = clock.now()
    number = insert_once(
        FollowUp,
        intake_id=intake.id,
        cause=found.cause,
        subject_id=found.subject_id,
        owner_id=owner_id,
        made_at=now,
        due_at=rules.due_at(found.cause, hours.calendar(), now),
        cents=found.cents,
        wants_no_letters=False,
    )
    if number is None:
        return None
    if found.cause in OF_ESTIMATES:
        for before in reminders.of_estimate(found.subject_id):
            if before.id != number and before.closed_at is None:
                _end(before, Ending.CONTINUED)
    timeline.append(intake.id, "follow_up_made", key=str(number), cause=found.cause)
    return number


def settle(intake_id: int) -> None:
    """End the open follow-ups of this intake whose cause does not hold any more."""
    if not session.scalar(_open(intake_id).limit(1)):
        return  # nobody need wait for a lock
    intakes.lock(intake_id)
    for one in session.scalars(_open(intake_id).execution_options(populate_existing=True)).all():
        because = endings.ending(one)
        if because is not None:
            _end(one, because)


def settle_soon(intake_id: int) -> None:
    """Have a job do so, once what this transaction writes into the timeline is there to be read."""
    if session.scalar(_open(intake_id).limit(1)):
        enqueue("follow_ups.settle", key=f"follow_ups:{intake_id}", intake_id=intake_id)


def close(follow_up_id: int, because: str, words: str, *, by: Somebody) -> None:
    """A person ends it: ``because`` is one of ``rules.CHOICES`` for its cause, ``words`` a note or nothing.

    Raises ClosedAlreadyError, NoEndingError, NoNoteError.
    """
    one = _locked(follow_up_id)
    chosen = next((choice for choice in rules.CHOICES[one.cause] if choice == because), None)
    if chosen is None:
        raise NoEndingError
    if words.strip():
        _note(one, words, by=by)
    _end(one, chosen, by=by)


def note(follow_up_id: int, words: str, *, by: Somebody) -> None:
    """Add a note. Raises ClosedAlreadyError, NoNoteError."""
    _note(_locked(follow_up_id), words, by=by)


def hand(follow_up_id: int, to: int, *, by: Somebody) -> None:
    """Give it to a colleague, or take it oneself. Raises ClosedAlreadyError, NotTheirsError."""
    one = _locked(follow_up_id)
    if to not in {person.id for person in owners.colleagues(one.cause)}:
        raise NotTheirsError
    if one.owner_id != to and not owners.give(one, to, by=by.name):
        raise ClosedAlreadyError


def _open(intake_id: int) -> Select[Any]:
    of_it = FollowUp.intake_id == intake_id, FollowUp.closed_at.is_(None)
    return select(FollowUp).where(*of_it).order_by(FollowUp.id)


def _locked(follow_up_id: int) -> FollowUp:
    one = session.get_one(FollowUp, follow_up_id)
    intakes.lock(one.intake_id)
    session.refresh(one)
    if one.closed_at is not None:
        raise ClosedAlreadyError
    return one


def _note(one: FollowUp, words: str, *, by: Somebody) -> None:
    said = " ".join(words.split())
    if not (0 < len(said) <= rules.LONGEST_NOTE and said.isprintable()):
        raise NoNoteError
    one.note = said
    timeline.append(one.intake_id, "follow_up_noted", staff=by.name, words=said)


def _end(one: FollowUp, because: Ending, *, by: Somebody | None = None) -> None:
    one.closed_at, one.closed_because = clock.now(), because
    one.closed_by = by.id if by else None
    if one.cause in OF_ESTIMATES:
        reminders.take_back(one)
    told = "follow_up_closed_by" if by else "follow_up_closed"
    staff = {"staff": by.name} if by else {}
    timeline.append(one.intake_id, told, key=str(one.id), cause=one.cause, ended=because, **staff)

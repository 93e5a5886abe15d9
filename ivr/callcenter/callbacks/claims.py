"""What a member of staff does with a callback: claims it, postpones it, closes it.

Two people may reach for the same callback at the same moment. Each change is a conditional UPDATE, and the
second person is told who was first. With ``even_if_claimed``, which owners have, it may be a colleague's claim.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, update

from ivr.callcenter.callbacks import rules
from ivr.callcenter.callbacks.attempts import another_is_placed
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.callbacks.service import idle, schedule_check, take_number
from ivr.callcenter.callbacks.settlement import settle_call
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.company.dialing import service as dialing
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import PhoneNumber
from ivr.platform.timeline import service as timeline

#: Still to be kept, and no telephone rings for it.
IDLE: Final = frozenset({CallbackState.PROMISED, CallbackState.TASK})


class AlreadyClaimedError(Refusal):
    message = "A colleague claimed it first."


class NothingOwedError(Refusal):
    message = "It was just completed or closed, or is being called right now."


class ClosedThenError(Refusal):
    """The service is closed at the chosen time. ``nearest`` is the first moment after it in opening hours."""

    message = "The line is closed then."

    def __init__(self, nearest: datetime, shown: str) -> None:
        super().__init__(f"The line is closed then. The nearest time it is open: {shown}.")
        self.nearest = nearest


class NotAheadError(Refusal):
    message = "Choose a time ahead, within the next 60 days."


class NotAColleagueError(Refusal):
    message = "Choose a person on the team."


class NoReasonError(Refusal):
    message = "Enter a short reason, 300 characters at most."


def claim(callback_id: int, staff: Staff) -> Callback:
    """Reserve the callback: routing offers it to no other. Raises AlreadyClaimedError, NothingOwedError."""
    mine = session.get(Callback, callback_id)
    if mine is not None and mine.claimed_by == staff.id and mine.state in IDLE:
        return mine
    return _change(callback_id, staff, "callback_claimed", claimed_by=staff.id)


def give_back(callback_id: int, staff: Staff, *, even_if_claimed: bool = False) -> Callback:
    """End the claim: routing offers the callback again, unless it needs a person. Raises as ``claim``."""
    callback = _change(
        callback_id, staff, "callback_given_back", even_if_claimed=even_if_claimed, claimed_by=None
    )
    callback.state = idle(callback)
    schedule_check(callback)
    return callback


def assign(callback_id: int, to: Staff | None, staff: Staff, *, even_if_claimed: bool = False) -> Callback:
    """Give the callback to a colleague: it is theirs as if they had claimed it.

    Raises NotAColleagueError and as ``claim``.
    """
    if to is None or not to.is_active:
        raise NotAColleagueError
    return _change(
        callback_id,
        staff,
        "callback_assigned",
        even_if_claimed=even_if_claimed,
        claimed_by=to.id,
        told={"colleague": to.name},
    )


def postpone(
    callback_id: int, staff: Staff, due_at: datetime, *, shown: Any, even_if_claimed: bool = False
) -> Callback:
    """Make the callback due at ``due_at``. ``shown`` formats a time for the refusal.

    Raises ClosedThenError, NotAheadError and as ``claim``.
    """
    now, calendar = clock.now(), hours.calendar()
    if not now < due_at <= now + rules.POSTPONED_AT_MOST:
        raise NotAheadError
    nearest = hours_rules.within_hours(calendar, due_at)
    if nearest != due_at:
        raise ClosedThenError(nearest, shown(nearest, calendar))
    callback = _change(
        callback_id,
        staff,
        "callback_postponed",
        even_if_claimed=even_if_claimed,
        due_at=due_at,
        told={"due_at": due_at.isoformat()},
    )
    schedule_check(callback)
    return callback


def close(callback_id: int, staff: Staff, words: str, *, even_if_claimed: bool = False) -> Callback:
    """Close the callback for this reason: no call is needed. Raises NoReasonError and as ``claim``."""
    words = " ".join(words.split())
    if not (0 < len(words) <= rules.REASON_AT_MOST and words.isprintable()):
        raise NoReasonError
    callback = _change(
        callback_id,
        staff,
        "callback_closed_by",
        even_if_claimed=even_if_claimed,
        state=CallbackState.CLOSED,
        told={"words": words},
    )
    intake = session.get_one(Intake, callback.intake_id)
    if intake.call_state in {CallState.CUT_OFF, CallState.LEFT_WORD}:  # no other state depends on a callback
        settle_call(intake)
    return callback


def take(callback_id: int, staff: Staff, *, even_if_claimed: bool = False) -> Callback:
    """Claim the callback and mark it as being placed now. Raises as ``claim``."""
    return _change(
        callback_id,
        staff,
        "callback_claimed",
        even_if_claimed=even_if_claimed,
        only_if=[~another_is_placed()],
        claimed_by=staff.id,
        state=CallbackState.PLACED,
        not_dialed=None,
    )


def give_number(intake: Intake, given: PhoneNumber, staff: Staff) -> int:
    """The customer is to be called at this number. Returns how many open callbacks go to it from now on.

    For them it is a first try. One that is being placed now is not moved. Raises NotDialedError.
    """
    dialing.check_number(given.number)
    intakes.set_callback_number(intake, given)
    idle_ones = select(Callback).where(Callback.intake_id == intake.id, Callback.state.in_(IDLE))
    moved = list(
        session.scalars(idle_ones.with_for_update().execution_options(populate_existing=True))
    )  # else one that is closed meanwhile came back
    for callback in moved:
        take_number(callback, intake)
        callback.tries, callback.last_try = 0, None
        callback.state = idle(callback)
        schedule_check(callback)
    timeline.append(intake.id, "callback_number_given", staff=staff.name, number=str(given))
    return len(moved)


def owed(intake_id: int) -> int | None:
    """Return the id of the callback still owed to the customer of an intake. A price callback does not count."""
    return session.scalar(
        select(Callback.id)
        .where(
            Callback.intake_id == intake_id,
            Callback.state.in_(IDLE),
            Callback.reason != CallbackReason.ESTIMATE,
        )
        .order_by(Callback.id.desc())
        .limit(1)
    )


def _change(
    callback_id: int,
    staff: Staff,
    kind: str,
    *,
    even_if_claimed: bool = False,
    only_if: Sequence[ColumnElement[bool]] = (),
    told: dict[str, Any] | None = None,
    **values: Any,
) -> Callback:
    free: ColumnElement[bool] = or_(Callback.claimed_by.is_(None), Callback.claimed_by == staff.id)
    wanted = [
        Callback.id == callback_id,
        Callback.state.in_(IDLE),
        *([] if even_if_claimed else [free]),
        *only_if,
    ]
    statement = update(Callback).where(*wanted).values(**values)
    if not changed(statement):
        raise _why(callback_id)
    callback = session.get_one(Callback, callback_id, populate_existing=True)
    timeline.append(callback.intake_id, kind, staff=staff.name, **(told or {}))
    return callback


def _why(callback_id: int) -> Refusal:
    first = session.scalar(
        select(Staff.name)
        .join(Callback, Callback.claimed_by == Staff.id)
        .where(Callback.id == callback_id, Callback.state.in_(IDLE))
    )
    return AlreadyClaimedError(f"{first} claimed it first.") if first else NothingOwedError()

"""What ends a callback besides being kept. What settles one kind does not settle another (``Kind``).

The timeline says why each callback ended, and who ended it.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select, update

from ivr.callcenter.callbacks import rules
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN, CallbackReason, CallbackState, Kind
from ivr.callcenter.callbacks.service import idle, schedule_check
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.core.db import session
from ivr.platform.timeline import service as timeline


def talking(call: CustomerCall, *, staff: str) -> None:
    """The customer talks with this member of staff (a name): a callback for a cut-off call is not needed.

    The call also keeps the callback that is being placed now, and callbacks that the customer asked for before
    this call. A message still has to be heard, and a price still has to be told.

    If nothing but the caller's word shows that the matter is theirs, no promise is closed: a person decides.
    """
    asked = Callback.reason.not_in(
        {CallbackReason.DROPPED, CallbackReason.LEFT_MESSAGE, CallbackReason.ESTIMATE}
    ) & (Callback.created_at < call.started_at)
    settled = or_(Callback.state == CallbackState.PLACED, Callback.reason == CallbackReason.DROPPED, asked)
    if call.is_claimed:
        _left_to_a_person(call, settled, staff=staff)
    else:
        _settle(call.intake_id, settled, because="talking", staff=staff)


def operator_found(intake_id: int) -> None:
    """The customer has talked with an operator: a callback promised in this call because none was free is kept.

    One that is left to a person is the person's to close: perhaps it was not the customer (``talking``).
    """
    promised = Callback.reason == CallbackReason.NO_OPERATOR, Callback.state != CallbackState.TASK
    _settle(intake_id, and_(*promised), because="operator")


def no_callback_needed(intake_id: int, *, by: str) -> None:
    """A member of staff says that this conversation needs no callback. Other promises stay."""
    timeline.append(intake_id, "no_callback_needed", staff=by)
    _settle(intake_id, Callback.reason == CallbackReason.DROPPED, because="settled", staff=by)
    for callback in _locked(Callback.intake_id == intake_id, Callback.state == CallbackState.PLACED):
        callback.state = idle(callback)
        schedule_check(callback)


def close_all(intake_id: int, *, because: str, by: str) -> None:
    """A person has decided that no call is needed: all open callbacks of the intake are closed."""
    _settle(intake_id, Callback.state.in_(OPEN), because=because, staff=by, state=CallbackState.CLOSED)


def price_told(intake_id: int, *, by: str) -> None:
    """The customer has been sent the price: no call with the price is needed."""
    _settle(intake_id, Callback.reason == CallbackReason.ESTIMATE, because="estimate", staff=by)


def settle_call(intake: Intake) -> None:
    """Settle the customer's last call, as far as the open callbacks allow."""
    intake = intakes.lock(intake.id)  # what it decides upon holds until it is written
    owed = still_owed(intake.id)
    if intake.call_state in stages.ON_LINE or Kind.CUT_OFF in owed:
        return
    wants_a_call = owed & {Kind.ASKED, Kind.MESSAGE}
    ended = CallState.LEFT_WORD if wants_a_call else CallState.FINISHED if owed else CallState.SETTLED
    intakes.move(intake, ended)


def waited_in_vain(intake: Intake) -> None:
    """The customer was rung, pressed 1 and hung up before anybody came: what is owed is owed still."""
    if intake.call_state in stages.ON_LINE:
        cut_off = Kind.CUT_OFF in still_owed(intake.id)
        intakes.move(intake, CallState.CUT_OFF if cut_off else CallState.LEFT_WORD)


def still_owed(intake_id: int) -> frozenset[Kind]:
    """Return the kinds of promises that are still to be kept."""
    open_ = select(Callback.reason).where(Callback.intake_id == intake_id, Callback.state.in_(OPEN))
    return frozenset(map(rules.kind, session.scalars(open_)))


def _left_to_a_person(call: CustomerCall, which: ColumnElement[bool], *, staff: str) -> None:
    """Nobody is rung for these callbacks any more, and none is closed: they are tasks."""
    open_ = Callback.intake_id == call.intake_id, Callback.state.in_(OPEN)
    for callback in _locked(*open_, which):
        callback.state = CallbackState.TASK
        timeline.append(call.intake_id, "callback_unproven", key=f"{callback.id}-{call.sid}", staff=staff)


def _locked(*which: ColumnElement[bool]) -> list[Callback]:
    """Return these callbacks as they are now; nobody else changes them until the transaction ends."""
    found = select(Callback).where(*which).with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(found))


def _settle(
    intake_id: int, which: Any, *, because: str, staff: str = "", state: CallbackState | None = None
) -> None:
    """End these callbacks of the intake. The timeline says why and by whom."""
    kept = case((Callback.reason == CallbackReason.DROPPED, CallbackState.CLOSED), else_=CallbackState.DONE)
    statement = (
        update(Callback)
        .where(and_(Callback.intake_id == intake_id, Callback.state.in_(OPEN), which))
        .values(state=state or kept)
        .returning(Callback.id, Callback.state)
        .execution_options(synchronize_session="fetch")
    )
    for id_, ended in session.execute(statement).all():
        kind = "callback_closed" if ended == CallbackState.CLOSED else "callback_kept"
        timeline.append(intake_id, kind, key=str(id_), because=because, staff=staff)

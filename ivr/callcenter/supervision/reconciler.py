"""Finds and repairs what no report, step or job looks after any more. The timeline gets one event for each repair.

Reports may be lost, and workers may die between two steps. The reconciler searches for rows that no report,
step or job will move again, and gives each to the service that would have moved it. Every search is one
statement over open rows, by an index. Rows younger than LEFT_ALONE may still be on their way and are left
alone.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import joinedload

from ivr.callcenter.callbacks import attempts
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState, NotTried
from ivr.callcenter.calls import network_outages
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing import availability, offers
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.supervision import consequences, orphan_calls
from ivr.callcenter.transfers import queries as transfers_queries
from ivr.callcenter.transfers import service as transfers
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import GivenUp, TransferState
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.jobs import enqueue

LEFT_ALONE: Final = timedelta(seconds=50)


def repair() -> None:
    """Find and repair everything, once a minute."""
    before = clock.now() - LEFT_ALONE
    _claims()
    availability.end_absences()
    if network_outages.down_since() is None:  # otherwise they wait for the network, and are not stuck
        _offers(before)
        _ringing_callers()
        _callbacks(before)
    _callers(before)
    _transfers(before)
    _callers_alone(before)
    _staff_alone(before)
    orphan_calls.hang_up_known(before)
    _holds(before)


def _claims() -> None:
    """Staff who are claimed by an offer that has ended: without a repair, no call would ring them again."""
    over = or_(Offer.id.is_(None), Offer.ended_at.is_not(None))
    claimed = select(Staff, Offer.intake_id).outerjoin(Offer, Offer.id == Staff.offer_id)
    for staff, intake_id in session.execute(claimed.where(Staff.offer_id.is_not(None), over)).all():
        consequences.repaired(intake_id, "claim", f"{staff.id}-{staff.offer_id}", staff=staff.name)
        staff.offer_id = None
        offers.wake()


def _offers(before: datetime) -> None:
    """Open offers without a leg."""
    without = ~exists().where(StaffCall.offer_id == Offer.id, StaffCall.ended_at.is_(None))
    idle = Offer.made_at < before, or_(Offer.accepted_at.is_(None), Offer.accepted_at < before)
    found = select(Offer).options(joinedload(Offer.staff)).where(Offer.ended_at.is_(None), *idle, without)
    for offer in session.scalars(found).all():
        consequences.repaired(offer.intake_id, "offer", str(offer.id), staff=offer.staff.name)
        consequences.staff_call_ended(offer, CallStatus.FAILED)


def _ringing_callers() -> None:
    """Callers who count as being rung for, without an offer. The routing also runs for all who wait: no repair."""
    offered = exists().where(
        Offer.intake_id == Intake.id, Offer.role == Role.TECHNICIAN, Offer.ended_at.is_(None)
    )
    unowned = update(Intake).where(Intake.call_state == CallState.RINGING, ~offered)
    waiting = stages.columns(CallState.WAITING)
    for intake_id in session.scalars(unowned.values(waiting).returning(Intake.id)).all():
        consequences.repaired(intake_id, "offer", f"none-{clock.now().isoformat()}")
    offers.wake()


def _callers(before: datetime) -> None:
    """Customers who count as being on a call, without a call."""
    found = select(Intake).where(
        Intake.call_state.in_(stages.ON_LINE), Intake.heard_at < before, ~_call(Intake.id, before)
    )
    now = found.with_for_update().execution_options(populate_existing=True)
    for intake in session.scalars(now).all():
        consequences.repaired(intake.id, "caller", f"{intake.call_state}-{intake.heard_at.isoformat()}")
        offers.withdraw(intake.id)
        consequences.customer_call_ended(intake)
        consequences.tell_caller_gone(intake.id)


def _transfers(before: datetime) -> None:
    """Transfers without the caller, without staff, without a ringing operator, or with a hold that is too long."""
    for transfer in session.scalars(
        select(Transfer).where(Transfer.ended_at.is_(None), Transfer.begun_at < before)
    ).all():
        gone = live_call(transfer.intake_id) is None
        if gone or not session.scalar(select(_staff(transfer.intake_id))):
            transfers.give_up(transfer, reason=GivenUp.CALLER_LEFT if gone else OfferState.FAILED)
            consequences.tell_caller_gone(transfer.intake_id)
        elif transfer.state == TransferState.RINGING and not transfers_queries.rings(transfer.intake_id):
            transfers.go_on(transfer.intake_id)
        elif transfers_queries.has_consulted_too_long(transfer, before):
            transfers.end_consultation(transfer)
        else:
            continue
        consequences.repaired(transfer.intake_id, "transfer", str(transfer.id))


def _callbacks(before: datetime) -> None:
    """Callbacks that are being placed, while neither the customer nor staff are rung for them.

    The customer may be about to be rung, so a second look decides whether the callback is lost.
    """
    for callback in session.scalars(select(Callback).where(*_rings_nobody(before))):
        key, soon = f"lost-{callback.id}-{callback.tries}", clock.now() + LEFT_ALONE / 2
        enqueue("callbacks.lost", key=key, run_at=soon, callback_id=callback.id, tries=callback.tries)


def nobody_was_rung(callback_id: int, tries: int) -> None:
    """Give the attempt up and tell the staff who wait, unless somebody has been rung meanwhile."""
    this = Callback.id == callback_id, Callback.tries == tries
    before = clock.now() - LEFT_ALONE
    if callback := session.scalar(select(Callback).where(*this, *_rings_nobody(before))):
        consequences.repaired(callback.intake_id, "callback", f"{callback_id}-{tries}")
        attempts.failed(callback, NotTried.LOST)
        consequences.tell_caller_gone(callback.intake_id)


def _rings_nobody(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: the callback is being placed, the customer is on no call, and no member of staff is rung.

    Nor has one accepted it after ``before``: then the customer may be about to be rung.
    """
    may_accept = or_(Offer.accepted_at.is_(None), Offer.accepted_at >= before)
    offered = exists().where(Offer.intake_id == Callback.intake_id, Offer.ended_at.is_(None), may_accept)
    return Callback.state == CallbackState.PLACED, ~_call(Callback.intake_id), ~offered


def _callers_alone(before: datetime) -> None:
    """Customers who are alone in the conversation and were not told."""
    found = (
        select(CustomerCall.id, CustomerCall.intake_id)
        .join(Intake, Intake.id == CustomerCall.intake_id)
        .where(
            CustomerCall.ended_at.is_(None),
            CustomerCall.status == CallStatus.IN_PROGRESS,
            CustomerCall.started_at < before,
            Intake.call_state.in_(stages.IN_CONVERSATION),
            ~_staff(CustomerCall.intake_id, before),
            ~exists().where(Transfer.intake_id == CustomerCall.intake_id, Transfer.ended_at.is_(None)),
        )
    )
    for call_id, intake_id in session.execute(found).all():
        consequences.repaired(intake_id, "caller_alone", f"{call_id}-{clock.now().isoformat()}")
        enqueue("calls.tell_staff_left", key=f"alone-{call_id}", call_id=call_id)


def _staff_alone(before: datetime) -> None:
    """Staff who are alone in the conversation, were not told, and for whom no customer is being rung."""
    found = select(Offer.intake_id).where(
        Offer.state == OfferState.ACCEPTED,
        Offer.ended_at.is_(None),
        Offer.accepted_at < before,
        Offer.heard_caller_left.is_(False),
        ~_call(Offer.intake_id, before),
        ~exists().where(Callback.intake_id == Offer.intake_id, Callback.state == CallbackState.PLACED),
    )
    for intake_id in set(session.scalars(found)):
        consequences.repaired(intake_id, "staff_alone", clock.now().isoformat())
        consequences.tell_caller_gone(intake_id)


def _holds(before: datetime) -> None:
    """Callers whom the network was not told to hold, or to release.

    If the events of the conference were lost too, the job finds the conference by name, and tells that in the
    timeline.
    """
    there = or_(CustomerCall.conference_sid.is_not(None), CustomerCall.is_joined)
    untold = CustomerCall.ended_at.is_(None), CustomerCall.hold_untold_since < before, there
    for call in session.scalars(select(CustomerCall).where(*untold)).all():
        if call.conference_sid is not None:
            consequences.repaired(call.intake_id, "hold", f"{call.id}-{call.hold_untold_since}")
        enqueue("transfers.apply_hold", key=f"hold-{call.id}", call_id=call.id)


def _call(intake_id: Any, before: datetime | None = None) -> ColumnElement[bool]:
    """SQL condition: the customer is on a call, or was after ``before``."""
    lately = [] if before is None else [CustomerCall.ended_at > before]
    return exists().where(CustomerCall.intake_id == intake_id, or_(CustomerCall.ended_at.is_(None), *lately))


def _staff(intake_id: Any, before: datetime | None = None) -> ColumnElement[bool]:
    """SQL condition: a staff telephone rings or is in use for this intake, or was after ``before``."""
    lately = [] if before is None else [Offer.ended_at > before]
    return exists().where(Offer.intake_id == intake_id, or_(Offer.ended_at.is_(None), *lately))

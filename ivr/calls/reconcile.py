"""What nobody looks after any more is found, ended and told in the timeline: one line a repair.

Reports may be lost and workers may die between two steps. Here is looked for rows that no report, step or job will
move again; each goes to the service that would have moved it. Every look is one statement over what is open, by an
index of it. What is younger than LEFT_ALONE is still on its way and is left alone.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload

from ivr import clock
from ivr.callbacks import service as callbacks
from ivr.callbacks.models import PLACED, Callback
from ivr.calls import ledger
from ivr.calls.models import Call, Leg
from ivr.calls.service import known, live_call, record
from ivr.db import session
from ivr.dispatch import rules as dispatch_rules
from ivr.dispatch import service as dispatch
from ivr.dispatch.models import Offer, Staff
from ivr.health import service as health
from ivr.intake import rules as intake_rules
from ivr.intake.models import Intake
from ivr.jobs.interfaces import enqueue
from ivr.transfers import queries as transfer_queries
from ivr.transfers import rules as transfer_rules
from ivr.transfers import service as transfers
from ivr.transfers.models import Transfer

LEFT_ALONE: Final = timedelta(seconds=50)

#: In these states the customer is on the line.
_ON_LINE: Final = intake_rules.UNFINISHED - {intake_rules.ABANDONED, intake_rules.MESSAGE}


def repair() -> None:
    """Everything that this minute's look finds."""
    before = clock.now() - LEFT_ALONE
    _claims()
    if health.down_since() is None:  # else they wait for the network, and are looked after
        _offers(before)
    _callers(before)
    _transfers(before)
    _callbacks(before)
    _callers_alone(before)
    _staff_alone(before)
    _legs(before)
    _holds()


def strays(rung: Iterable[str]) -> list[str]:
    """Which of these legs, in progress at the network, are in nobody's hands: they are to be hung up."""
    found, before = [], clock.now() - LEFT_ALONE
    for sid in rung:
        ours = known(sid) or session.scalar(select(Leg).options(joinedload(Leg.offer)).where(Leg.sid == sid))
        if ours is None or (ours.ended_at is not None and ours.ended_at < before):
            found.append(sid)
            intake_id = (
                None if ours is None else ours.intake_id if isinstance(ours, Call) else ours.offer.intake_id
            )
            _told(intake_id, "leg", sid, sid=sid)
    return found


def _claims() -> None:
    """Staff who are taken by an offer that has ended: nobody would ever ring them again."""
    over = or_(Offer.id.is_(None), Offer.ended_at.is_not(None))
    claimed = select(Staff, Offer.intake_id).outerjoin(Offer, Offer.id == Staff.offer_id)
    for staff, intake_id in session.execute(claimed.where(Staff.offer_id.is_not(None), over)).all():
        _told(intake_id, "claim", f"{staff.id}-{staff.offer_id}", staff=staff.name)
        staff.offer_id = None
        dispatch.wake()


def _offers(before: datetime) -> None:
    """Somebody is rung, or has the caller, by no telephone."""
    without = ~exists().where(Leg.offer_id == Offer.id, Leg.ended_at.is_(None))
    idle = Offer.made_at < before, or_(Offer.accepted_at.is_(None), Offer.accepted_at < before)
    found = select(Offer).options(joinedload(Offer.staff)).where(Offer.ended_at.is_(None), *idle, without)
    for offer in session.scalars(found).all():
        _told(offer.intake_id, "offer", str(offer.id), staff=offer.staff.name)
        ledger.staff_leg_ended(offer, "failed")


def _callers(before: datetime) -> None:
    """The customer is counted as on the line, and has no call."""
    found = select(Intake).where(
        Intake.state.in_(_ON_LINE), Intake.heard_at < before, ~_call(Intake.id, before)
    )
    for intake in session.scalars(found).all():
        _told(intake.id, "caller", f"{intake.state}-{intake.heard_at.isoformat()}")
        dispatch.withdraw(intake.id)
        ledger.cut_off(intake)
        ledger.tell_caller_gone(intake.id)


def _transfers(before: datetime) -> None:
    """A transfer without the caller, without staff, or that rings nobody."""
    for transfer in session.scalars(
        select(Transfer).where(Transfer.ended_at.is_(None), Transfer.begun_at < before)
    ).all():
        gone = live_call(transfer.intake_id) is None
        if gone or not session.scalar(select(_staff(transfer.intake_id))):
            transfers.give_up(transfer, reason="caller_left" if gone else "failed")
            ledger.tell_caller_gone(transfer.intake_id)
        elif transfer.state == transfer_rules.RINGING and not transfer_queries.rings(transfer.intake_id):
            transfers.go_on(transfer.intake_id)
        else:
            continue
        _told(transfer.intake_id, "transfer", str(transfer.id))


def _callbacks(before: datetime) -> None:
    """A promise that is being kept, and nobody is rung for it."""
    for callback in session.scalars(
        select(Callback).where(
            Callback.state == PLACED,
            ~_staff(Callback.intake_id, before),
            ~_call(Callback.intake_id, before),
        )
    ).all():
        _told(callback.intake_id, "callback", f"{callback.id}-{callback.tries}")
        callbacks.in_vain(callback, "lost")


def _callers_alone(before: datetime) -> None:
    """The customer is in the conversation with nobody, and was not told."""
    found = (
        select(Call.id, Call.intake_id)
        .join(Intake, Intake.id == Call.intake_id)
        .where(
            Call.ended_at.is_(None),
            Call.status == "in-progress",
            Call.started_at < before,
            Intake.state.in_(intake_rules.IN_CONVERSATION),
            ~_staff(Call.intake_id, before),
            ~exists().where(Transfer.intake_id == Call.intake_id, Transfer.ended_at.is_(None)),
        )
    )
    for call_id, intake_id in session.execute(found).all():
        _told(intake_id, "caller_alone", f"{call_id}-{clock.now().isoformat()}")
        enqueue("calls.tell_staff_left", key=f"alone-{call_id}", call_id=call_id)


def _staff_alone(before: datetime) -> None:
    """A member of staff is in the conversation with nobody, was not told, and nobody is being rung for them."""
    found = select(Offer.intake_id).where(
        Offer.state == dispatch_rules.ACCEPTED,
        Offer.ended_at.is_(None),
        Offer.accepted_at < before,
        Offer.told_gone.is_(False),
        ~_call(Offer.intake_id, before),
        ~exists().where(Callback.intake_id == Offer.intake_id, Callback.state == PLACED),
    )
    for intake_id in set(session.scalars(found)):
        _told(intake_id, "staff_alone", clock.now().isoformat())
        ledger.tell_caller_gone(intake_id)


def _legs(before: datetime) -> None:
    """A telephone that is still connected for an offer that has ended."""
    found = select(Leg.id, Leg.sid, Offer.intake_id).join(Offer, Offer.id == Leg.offer_id)
    for leg_id, sid, intake_id in session.execute(
        found.where(Leg.ended_at.is_(None), Offer.ended_at < before)
    ).all():
        _told(intake_id, "leg", sid, sid=sid)
        enqueue("calls.hang_up", key=f"hang-up-{leg_id}", sid=sid)


def _holds() -> None:
    """A hold that waits for a conference whose events were lost: the job asks for it by name."""
    waiting = Call.ended_at.is_(None), Call.on_hold, Call.is_joined, Call.conference_sid.is_(None)
    for call_id in session.scalars(select(Call.id).where(*waiting)).all():
        enqueue("transfers.apply_hold", key=f"hold-{call_id}", call_id=call_id)


def _call(intake_id: Any, before: datetime) -> ColumnElement[bool]:
    """Whether the customer is on the line, or was a moment ago."""
    return exists().where(Call.intake_id == intake_id, or_(Call.ended_at.is_(None), Call.ended_at > before))


def _staff(intake_id: Any, before: datetime | None = None) -> ColumnElement[bool]:
    """Whether anybody's telephone rings or is in use for this intake, or was after ``before``."""
    lately = [] if before is None else [Offer.ended_at > before]
    return exists().where(Offer.intake_id == intake_id, or_(Offer.ended_at.is_(None), *lately))


def _told(intake_id: int | None, thing: str, key: str, **data: str) -> None:
    record(intake_id, "repaired", key=f"{thing}-{key}", thing=thing, **data)

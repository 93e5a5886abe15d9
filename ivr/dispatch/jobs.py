"""Ringing staff."""

from ivr import clock
from ivr.calls.service import record
from ivr.db import session
from ivr.dispatch import rules, service
from ivr.dispatch.models import OPERATOR, Offer, Staff
from ivr.jobs.interfaces import Job, Retry, enqueue
from ivr.telephony.interfaces import OutcomeUnknownError, RefusedError, Switchboard, TryLaterError


def assign(board: Switchboard, _job: Job) -> None:
    """Look through the line."""
    with board.database.transaction():
        service.assign()


def ring(board: Switchboard, job: Job) -> None:
    """Ring a member of staff for an offer, once, whatever happens in between."""
    offer_id = int(job.payload["offer_id"])
    with board.database.transaction():
        offer = session.get(Offer, offer_id)
        if offer is None or offer.state != rules.RINGING or service.has_leg(offer_id):
            return
        number = session.get_one(Staff, offer.staff_id).phone
        placed_before, offer.placed_at = offer.placed_at, offer.placed_at or clock.now()
        door = board.doors.briefing if offer.role == OPERATOR else board.doors.screening
    sid = None
    if placed_before is not None:
        # The last attempt may have rung after all: look before ringing twice.
        found = board.line.find(number, since=placed_before)
        sid = found[0].sid if found else None
    if sid is None:
        sid = _ring(board, offer_id, number, door(offer=offer_id))
    if sid is not None:
        _note(board, offer_id, sid)


def _ring(board: Switchboard, offer_id: int, number: str, answered: str) -> str | None:
    try:
        return board.line.ring(
            number, answered=answered, reported=board.doors.status(offer=offer_id), seconds=rules.RING_SECONDS
        )
    except TryLaterError as later:
        raise Retry(1.0, "the network takes no more calls this second") from later
    except OutcomeUnknownError as unknown:
        raise Retry(2.0, "the network did not say whether it rings") from unknown
    except RefusedError as refused:
        with board.database.transaction():
            offer = service.offer_with_staff(offer_id)
            record(
                offer.intake_id, "ring_refused", key=str(offer_id), staff=offer.staff.name, why=str(refused)
            )
            service.not_accepted(offer, rules.FAILED)
            enqueue("transfers.go_on", intake_id=offer.intake_id)
        return None


def _note(board: Switchboard, offer_id: int, sid: str) -> None:
    with board.database.transaction():
        offer = service.offer_with_staff(offer_id)
        service.leg_of(offer, sid)
        if offer.state == rules.CANCELED:
            # Withdrawn while the network was being asked.
            enqueue("calls.hang_up", sid=sid)

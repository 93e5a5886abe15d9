"""Ringing staff."""

from ivr import clock
from ivr.calls.service import record
from ivr.company import service as company
from ivr.db import session
from ivr.dispatch import assignment, rules, service
from ivr.dispatch.models import OPERATOR, Offer, Staff
from ivr.jobs.interfaces import Job, Retry, enqueue
from ivr.telephony.interfaces import OutcomeUnknownError, RefusedError, Switchboard, TryLaterError


def assign(board: Switchboard, _job: Job) -> None:
    """Look through the line."""
    with board.database.transaction():
        assignment.assign()


def ring(board: Switchboard, job: Job) -> None:
    """Ring a member of staff for an offer, once, whatever happens in between."""
    offer_id = int(job.payload["offer_id"])
    with board.database.transaction():
        offer = session.get(Offer, offer_id)
        if offer is None or offer.state != rules.RINGING or service.has_leg(offer_id):
            return
        number = session.get_one(Staff, offer.staff_id).phone
        placed_before, offer.placed_at = offer.placed_at, offer.placed_at or clock.now()
        is_transfer = offer.role == OPERATOR and offer.callback_id is None
        door = board.doors.briefing if is_transfer else board.doors.screening
        seconds = company.current().ring_seconds
    sid = None
    if placed_before is not None:
        # The last attempt may have rung after all: look before ringing twice.
        found = board.line.find(number, since=placed_before)
        sid = found[0].sid if found else None
    if sid is None:
        sid = _ring(board, job, number, door(offer=offer_id), seconds)
    if sid is not None:
        _note(board, offer_id, sid)


def test_ring(board: Switchboard, job: Job) -> None:
    """Ring a telephone for the owner's sake, and once only: nothing hangs on it."""
    with board.database.reading():
        staff = session.get(Staff, int(job.payload["staff_id"]))
        number = staff.phone if staff and staff.is_active else None
        seconds = company.current().ring_seconds
    if number and job.attempt == 1:
        doors = board.doors
        board.line.ring(
            number,
            answered=doors.test_ring(),
            failing=doors.fallback(),
            reported=doors.status(),
            seconds=seconds,
        )


def _ring(board: Switchboard, job: Job, number: str, answered: str, seconds: int) -> str | None:
    offer_id = int(job.payload["offer_id"])
    try:
        return board.line.ring(
            number,
            answered=answered,
            failing=board.doors.fallback(),
            reported=board.doors.status(offer=offer_id),
            seconds=seconds,
        )
    except RefusedError as refused:
        _give_up(board, offer_id, str(refused))
        return None
    except (TryLaterError, OutcomeUnknownError) as trouble:
        if job.is_last_attempt:
            _give_up(board, offer_id, "the network does not answer")
            return None
        wait = 1.0 if isinstance(trouble, TryLaterError) else 2.0
        raise Retry(wait, "the network takes no more, or did not say whether it rings") from trouble


def _give_up(board: Switchboard, offer_id: int, why: str) -> None:
    """Nobody can be rung at this number: somebody else's turn."""
    with board.database.transaction():
        offer = service.offer_with_staff(offer_id)
        record(offer.intake_id, "ring_refused", key=str(offer_id), staff=offer.staff.name, why=why)
        service.not_accepted(offer, rules.FAILED)
        enqueue("transfers.go_on", intake_id=offer.intake_id)


def _note(board: Switchboard, offer_id: int, sid: str) -> None:
    with board.database.transaction():
        offer = service.offer_with_staff(offer_id)
        service.leg_of(offer, sid)
        if offer.state == rules.CANCELED:
            # Withdrawn while the network was being asked.
            enqueue("calls.hang_up", sid=sid)

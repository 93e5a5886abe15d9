"""Ringing customers back."""

from ivr.callbacks import service
from ivr.callbacks.models import PLACED, Callback
from ivr.calls import ledger
from ivr.calls.service import live_call
from ivr.company import service as company
from ivr.db import session
from ivr.jobs.interfaces import Job, Retry
from ivr.telephony.interfaces import OutcomeUnknownError, RefusedError, Switchboard, TryLaterError


def ring_customer(board: Switchboard, job: Job) -> None:
    """Ring the customer for a member of staff who waits on the line."""
    callback_id, offer_id = int(job.payload["callback_id"]), int(job.payload["offer_id"])
    with board.database.transaction():
        callback = session.get_one(Callback, callback_id)
        if callback.state != PLACED:
            return
        number, intake_id = callback.number, callback.intake_id
        seconds = company.current().ring_seconds
        if number is None or live_call(intake_id) is not None:
            return
    found = board.line.find(number, since=callback.created_at) if job.attempt > 1 else []
    try:
        sid = (
            found[0].sid
            if found
            else board.line.ring(
                number,
                answered=board.doors.rung_back(callback=callback_id),
                failing=board.doors.fallback(),
                reported=board.doors.status(callback=callback_id, offer=offer_id),
                seconds=seconds,
            )
        )
    except TryLaterError as later:
        raise Retry(1.0, "the network takes no more calls this second") from later
    except OutcomeUnknownError as unknown:
        raise Retry(2.0, "the network did not say whether it rings") from unknown
    except RefusedError:
        with board.database.transaction():
            service.in_vain(session.get_one(Callback, callback_id), "refused")
            ledger.tell_caller_gone(intake_id)
        return
    with board.database.transaction():
        service.on_line(callback_id, sid)

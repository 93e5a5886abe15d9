"""Moving legs for a transfer, on the network. Each job looks first whether it is still wanted."""

from ivr.calls import ledger
from ivr.calls.models import Call
from ivr.db import session
from ivr.dispatch import service as dispatch
from ivr.jobs.interfaces import Job
from ivr.telephony.interfaces import Door, LegGoneError, Switchboard
from ivr.transfers import rules, service
from ivr.transfers.models import Transfer


def go_on(board: Switchboard, job: Job) -> None:
    """Ring the next operator."""
    with board.database.transaction():
        service.go_on(int(job.payload["intake_id"]))


def apply_hold(board: Switchboard, job: Job) -> None:
    """Make the network hold or release the caller, as the record says at this moment."""
    call_id = int(job.payload["call_id"])
    with board.database.transaction():
        call = session.get_one(Call, call_id)
        sid, conference_sid, on, ended = call.sid, call.conference_sid, call.on_hold, call.has_ended
    if ended or conference_sid is None:
        # In no conference, as far as its events tell: the first of them brings this job again.
        return
    try:
        board.line.hold(conference_sid, sid, on=on, music=board.doors.hold_music())
    except LegGoneError:
        reported = board.line.fetch(sid)
        with board.database.transaction():
            ledger.call_reported(sid, status=reported.status)


def join_consultation(board: Switchboard, job: Job) -> None:
    """An operator is in the conference: the technician joins them, the caller stays held."""
    _send_from(board, int(job.payload["transfer_id"]), rules.CONSULTING, board.doors.consultation)


def end_consultation(board: Switchboard, job: Job) -> None:
    """The caller has been held long enough: all three talk, unless the two have come to an end meanwhile."""
    with board.database.transaction():
        transfer = session.get_one(Transfer, int(job.payload["transfer_id"]))
        if transfer.state == rules.CONSULTING:
            service.bring_in(transfer)


def tell_nobody_took_it(board: Switchboard, job: Job) -> None:
    """The technician learns why, and chooses."""
    _send_from(board, int(job.payload["transfer_id"]), rules.GIVEN_UP, board.doors.nobody_took_it)


def let_hear_ringing(board: Switchboard, job: Job) -> None:
    """A transfer was begun by a click: whoever did so hears the operators ring."""
    _send_from(board, int(job.payload["transfer_id"]), rules.RINGING, board.doors.ringing)


def _send_from(board: Switchboard, transfer_id: int, state: str, door: Door) -> None:
    with board.database.transaction():
        transfer = session.get_one(Transfer, transfer_id)
        leg = dispatch.live_leg(transfer.from_offer_id)
        if transfer.state != state or leg is None:
            return
        sid, url = leg.sid, door(offer=transfer.from_offer_id)
    try:
        board.line.send(sid, url)
    except LegGoneError:
        reported = board.line.fetch(sid)
        with board.database.transaction():
            ledger.leg_reported(sid, status=reported.status)

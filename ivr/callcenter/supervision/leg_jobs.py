"""Moving legs about, on the network. Each job looks first whether it is still wanted."""

from ivr.callcenter.calls.models import Call
from ivr.callcenter.calls.service import look_after as look_after_later
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import IN_CONVERSATION, CallState
from ivr.callcenter.routing import offers as dispatch
from ivr.callcenter.routing import staff_calls as legs
from ivr.callcenter.supervision import call_status as ledger
from ivr.callcenter.supervision import orphan_calls as strays
from ivr.callcenter.supervision import reconcile as reconciler
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import Door, Switchboard
from ivr.platform.providers.telephone import LegGoneError, NotAskedError, OutcomeUnknownError, TryLaterError


def join_caller(board: Switchboard, job: Job) -> None:
    """Somebody has accepted the caller: out of the line, into the conference."""
    call_id = int(job.payload["call_id"])
    with board.database.reading():
        if session.get_one(Call, call_id).is_joined:
            return  # an earlier attempt, whose answer was lost
    _send_caller(board, call_id, board.doors.joined, IN_CONVERSATION)


def tell_staff_left(board: Switchboard, job: Job) -> None:
    """The caller is alone in the conference."""
    with board.database.transaction():
        call = session.get_one(Call, int(job.payload["call_id"]))
        if dispatch.present(call.intake_id):
            return
    _send_caller(board, int(job.payload["call_id"]), board.doors.staff_left, IN_CONVERSATION)


def tell_nobody_came(board: Switchboard, job: Job) -> None:
    """Everybody has been asked, twice."""
    _send_caller(board, int(job.payload["call_id"]), board.doors.nobody_came, frozenset({CallState.WAITING}))


def tell_caller_gone(board: Switchboard, job: Job) -> None:
    """A member of staff is left with nobody: they are told, and choose."""
    offer_id = int(job.payload["offer_id"])
    with board.database.transaction():
        told = dispatch.offer_with_staff(offer_id).told_gone
    if not told:
        _send_staff(board, offer_id, board.doors.caller_gone)


def bring_staff_back(board: Switchboard, job: Job) -> None:
    """The caller they had lost is on the line again."""
    _send_staff(board, int(job.payload["offer_id"]), board.doors.back)


def ring_back(board: Switchboard, job: Job) -> None:
    """A member of staff who was left by the caller has them rung."""
    _send_staff(board, int(job.payload["offer_id"]), board.doors.ring_back)


def look_after(board: Switchboard, job: Job) -> None:
    """Compare a leg that should be alive with what the network says of it; what was missed is made up for."""
    sid = str(job.payload["sid"])
    with board.database.transaction():
        if not ledger.is_alive(sid):
            return
        look_after_later(sid, again=True)  # first: if this look fails for good, the next comes all the same
    status = None
    try:
        status = board.line.fetch(sid).status
    except LegGoneError:
        status = "completed"
    except (TryLaterError, OutcomeUnknownError):
        pass  # the next look comes in a minute
    if status is not None:
        with board.database.transaction():
            ledger.looked_at(sid, status)


def reconcile(board: Switchboard, _job: Job) -> None:
    """Each minute: what nobody looks after any more is found and ended."""
    with board.database.transaction():
        reconciler.repair()
    before = clock.now() - reconciler.LEFT_ALONE
    try:
        rung = board.line.rung(before=before)
    except (TryLaterError, OutcomeUnknownError, NotAskedError):
        return  # the next look comes in a minute
    with board.database.transaction():
        strays.hang_up_unknown((leg.sid for leg in rung), before)


def hang_up(board: Switchboard, job: Job) -> None:
    """End a leg that nobody wants any more."""
    board.line.hang_up(str(job.payload["sid"]))


def _send_caller(board: Switchboard, call_id: int, door: Door, wanted: frozenset[CallState]) -> None:
    with board.database.transaction():
        call = session.get_one(Call, call_id)
        if call.has_ended or session.get_one(Intake, call.intake_id).call_state not in wanted:
            return
        sid = call.sid
    try:
        board.line.send(sid, door())
    except LegGoneError:
        _learn(board, sid)


def _send_staff(board: Switchboard, offer_id: int, door: Door) -> None:
    with board.database.transaction():
        leg = legs.live(offer_id)
        if leg is None:
            return
        sid = leg.sid
    try:
        board.line.send(sid, door(offer=offer_id))
    except LegGoneError:
        _learn(board, sid)


def _learn(board: Switchboard, sid: str) -> None:
    """The leg is not there as we thought: ask how it ended, and let that have its consequences.

    One that cannot be sent anywhere is lost to the line, even if the network still calls it in progress.
    """
    try:
        status = board.line.fetch(sid).status
    except LegGoneError:
        status = "completed"
    with board.database.transaction():
        ledger.reported(sid, status="completed" if status == "in-progress" else status)

"""Jobs that move legs for a transfer on the network. Each first checks whether the move is still wanted."""

from sqlalchemy import update

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import FINAL
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import staff_calls
from ivr.callcenter.supervision import call_status, consequences
from ivr.callcenter.transfers import service as transfers
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import TransferState
from ivr.core.db import changed, session
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext, Route
from ivr.platform.providers.telephone import LegGoneError


def go_on(context: JobContext, job: Job) -> None:
    """Ring the next operator."""
    with context.database.transaction():
        transfers.go_on(int(job.payload["intake_id"]))


def apply_hold(context: JobContext, job: Job) -> None:
    """Make the network hold or release the caller, as ``on_hold`` says at this moment."""
    call_id = int(job.payload["call_id"])
    with context.database.transaction():
        call = session.get_one(CustomerCall, call_id)
        intake = session.get_one(Intake, call.intake_id)
        sid, conference_sid, on, ended = call.sid, call.conference_sid, call.on_hold, call.has_ended
    if ended or not (conference_sid or call.is_joined):
        # The caller is not known to be in the conference: its first event enqueues this job again.
        return
    try:
        conference_sid = conference_sid or _find_conference(context, intake)
        context.telephone.hold(conference_sid, sid, on=on, music=context.routes.hold_music())
        _hold_told(context, call_id, on=on)
    except LegGoneError:
        reported = context.telephone.fetch(sid)
        with context.database.transaction():
            if reported.status in FINAL:
                # They left before the hold: ``on_hold`` would change the consequences of their leaving.
                session.get_one(CustomerCall, call_id).on_hold = False
            call_status.reported(sid, status=reported.status)
            # Over, or they have not joined it yet: whoever joins next tells which one it is.
            there = CustomerCall.id == call_id, CustomerCall.conference_sid == conference_sid
            session.execute(update(CustomerCall).where(*there).values(conference_sid=None))


def _hold_told(context: JobContext, call_id: int, *, on: bool) -> None:
    """Two such jobs may overtake each other: if ``on_hold`` has changed meanwhile, tell the network again."""
    with context.database.transaction():
        as_told = update(CustomerCall).where(CustomerCall.id == call_id, CustomerCall.on_hold.is_(on))
        if not changed(as_told.values(hold_untold_since=None)):
            transfers.tell_hold(session.get_one(CustomerCall, call_id))


def _find_conference(context: JobContext, intake: Intake) -> str:
    """Find the conference by name: the caller was sent into it, but no event of it has come.

    Returns its SID. Raises LegGoneError when there is none; the reconciler tries again in a minute.
    """
    conference_sid = context.telephone.conference(intake.conference_name)
    if conference_sid is None:
        raise LegGoneError
    with context.database.transaction():
        consequences.repaired(intake.id, "conference", conference_sid)
        call_status.conference_reported(intake.conference_name, conference_sid, "participant-join")
    return conference_sid


def join_consultation(context: JobContext, job: Job) -> None:
    """An operator is in the conference: the technician joins them, the caller stays on hold."""
    _send_from(
        context, int(job.payload["transfer_id"]), TransferState.CONSULTING, context.routes.consultation
    )


def end_consultation(context: JobContext, job: Job) -> None:
    """The caller has been on hold long enough: all three talk, unless the consultation has ended."""
    with context.database.transaction():
        transfer = session.get_one(Transfer, int(job.payload["transfer_id"]))
        if transfer.state == TransferState.CONSULTING:
            transfers.end_consultation(transfer)


def tell_nobody_took_it(context: JobContext, job: Job) -> None:
    """Tell the technician why no operator took the transfer; they choose what follows."""
    _send_from(
        context, int(job.payload["transfer_id"]), TransferState.GIVEN_UP, context.routes.nobody_took_it
    )


def let_hear_ringing(context: JobContext, job: Job) -> None:
    """Let the member of staff who began a transfer by a click hear the operators ring."""
    _send_from(context, int(job.payload["transfer_id"]), TransferState.RINGING, context.routes.ringing)


def _send_from(context: JobContext, transfer_id: int, state: TransferState, route: Route) -> None:
    with context.database.transaction():
        transfer = session.get_one(Transfer, transfer_id)
        leg = staff_calls.live(transfer.from_offer_id)
        if transfer.state != state or leg is None:
            return
        sid, url = leg.sid, route(offer=transfer.from_offer_id)
    try:
        context.telephone.send(sid, url)
    except LegGoneError:
        reported = context.telephone.fetch(sid)
        with context.database.transaction():
            call_status.reported(sid, status=reported.status)

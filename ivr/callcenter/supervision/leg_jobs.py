"""Jobs that move legs on the network. Each first checks whether the move is still wanted."""

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.calls.service import schedule_check as look_after_later
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import IN_CONVERSATION, CallState
from ivr.callcenter.routing import offers, staff_calls
from ivr.callcenter.supervision import call_status, orphan_calls, reconciler
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext, Route
from ivr.platform.providers.telephone import LegGoneError, NotAskedError, OutcomeUnknownError, TryLaterError


def join_caller(context: JobContext, job: Job) -> None:
    """A member of staff has accepted the caller: move the caller from the queue into the conference."""
    call_id = int(job.payload["call_id"])
    with context.database.reading():
        if session.get_one(CustomerCall, call_id).is_joined:
            return  # an earlier attempt did it, and its answer was lost
    _send_caller(context, call_id, context.routes.joined, IN_CONVERSATION)


def tell_staff_left(context: JobContext, job: Job) -> None:
    """Tell a caller who is alone in the conference that the staff have left."""
    with context.database.transaction():
        call = session.get_one(CustomerCall, int(job.payload["call_id"]))
        if offers.present(call.intake_id):
            return
    _send_caller(context, int(job.payload["call_id"]), context.routes.staff_left, IN_CONVERSATION)


def tell_nobody_came(context: JobContext, job: Job) -> None:
    """Tell a waiting caller that every technician was asked, twice, and none accepted."""
    _send_caller(
        context, int(job.payload["call_id"]), context.routes.nobody_came, frozenset({CallState.WAITING})
    )


def tell_caller_gone(context: JobContext, job: Job) -> None:
    """Tell a member of staff who is alone that the caller has left; they choose what follows."""
    offer_id = int(job.payload["offer_id"])
    with context.database.transaction():
        told = offers.offer_with_staff(offer_id).heard_caller_left
    if not told:
        _send_staff(context, offer_id, context.routes.caller_gone)


def bring_staff_back(context: JobContext, job: Job) -> None:
    """Bring a member of staff back into the conference: the caller is there again, or never left."""
    _send_staff(context, int(job.payload["offer_id"]), context.routes.back)


def ring_back(context: JobContext, job: Job) -> None:
    """Ring the customer for a member of staff whose caller has left."""
    _send_staff(context, int(job.payload["offer_id"]), context.routes.ring_back)


def look_after(context: JobContext, job: Job) -> None:
    """Compare a live leg with what the network says of it, and make up for missed reports."""
    sid = str(job.payload["sid"])
    with context.database.transaction():
        if not call_status.is_alive(sid):
            return
        look_after_later(sid, again=True)  # first: even if this look fails for good, the next one comes
    status = None
    try:
        status = context.telephone.fetch(sid).status
    except LegGoneError:
        status = CallStatus.COMPLETED
    except (TryLaterError, OutcomeUnknownError):
        pass  # the next look comes in a minute
    if status is not None:
        with context.database.transaction():
            call_status.looked_at(sid, status)


def reconcile(context: JobContext, _job: Job) -> None:
    """Each minute: find and end what no report, step or job looks after any more."""
    with context.database.transaction():
        reconciler.repair()
    before = clock.now() - reconciler.LEFT_ALONE
    try:
        rung = context.telephone.rung(before=before)
    except (TryLaterError, OutcomeUnknownError, NotAskedError):
        return  # the next look comes in a minute
    sids = [leg.sid for leg in rung]
    with context.database.transaction():
        orphan_calls.hang_up_unknown(sids, before, besides=context.other_legs(sids))


def hang_up(context: JobContext, job: Job) -> None:
    """End a leg that is no longer wanted."""
    context.telephone.hang_up(str(job.payload["sid"]))


def _send_caller(context: JobContext, call_id: int, route: Route, wanted: frozenset[CallState]) -> None:
    with context.database.transaction():
        call = session.get_one(CustomerCall, call_id)
        if call.has_ended or session.get_one(Intake, call.intake_id).call_state not in wanted:
            return
        sid = call.sid
    try:
        context.telephone.send(sid, route())
    except LegGoneError:
        _learn(context, sid)


def _send_staff(context: JobContext, offer_id: int, route: Route) -> None:
    with context.database.transaction():
        leg = staff_calls.live(offer_id)
        if leg is None:
            return
        sid = leg.sid
    try:
        context.telephone.send(sid, route(offer=offer_id))
    except LegGoneError:
        _learn(context, sid)


def _learn(context: JobContext, sid: str) -> None:
    """The leg is not where we thought: ask the network how it ended, and report that.

    A leg that cannot be moved is lost, even if the network still calls it in progress.
    """
    try:
        status = context.telephone.fetch(sid).status
    except LegGoneError:
        status = CallStatus.COMPLETED
    with context.database.transaction():
        is_lost = status == CallStatus.IN_PROGRESS
        call_status.reported(sid, status=CallStatus.COMPLETED if is_lost else status)

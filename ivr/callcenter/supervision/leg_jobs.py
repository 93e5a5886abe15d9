"""Moving legs about, on the network. Each job looks first whether it is still wanted."""

from ivr.callcenter.calls.models import CustomerCall
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
    """Somebody has accepted the caller: out of the line, into the conference."""
    call_id = int(job.payload["call_id"])
    with context.database.reading():
        if session.get_one(CustomerCall, call_id).is_joined:
            return  # an earlier attempt, whose answer was lost
    _send_caller(context, call_id, context.routes.joined, IN_CONVERSATION)


def tell_staff_left(context: JobContext, job: Job) -> None:
    """The caller is alone in the conference."""
    with context.database.transaction():
        call = session.get_one(CustomerCall, int(job.payload["call_id"]))
        if offers.present(call.intake_id):
            return
    _send_caller(context, int(job.payload["call_id"]), context.routes.staff_left, IN_CONVERSATION)


def tell_nobody_came(context: JobContext, job: Job) -> None:
    """Everybody has been asked, twice."""
    _send_caller(
        context, int(job.payload["call_id"]), context.routes.nobody_came, frozenset({CallState.WAITING})
    )


def tell_caller_gone(context: JobContext, job: Job) -> None:
    """A member of staff is left with nobody: they are told, and choose."""
    offer_id = int(job.payload["offer_id"])
    with context.database.transaction():
        told = offers.offer_with_staff(offer_id).heard_caller_left
    if not told:
        _send_staff(context, offer_id, context.routes.caller_gone)


def bring_staff_back(context: JobContext, job: Job) -> None:
    """The caller they had lost is on the line again."""
    _send_staff(context, int(job.payload["offer_id"]), context.routes.back)


def ring_back(context: JobContext, job: Job) -> None:
    """A member of staff who was left by the caller has them rung."""
    _send_staff(context, int(job.payload["offer_id"]), context.routes.ring_back)


def look_after(context: JobContext, job: Job) -> None:
    """Compare a leg that should be alive with what the network says of it; what was missed is made up for."""
    sid = str(job.payload["sid"])
    with context.database.transaction():
        if not call_status.is_alive(sid):
            return
        look_after_later(sid, again=True)  # first: if this look fails for good, the next comes all the same
    status = None
    try:
        status = context.telephone.fetch(sid).status
    except LegGoneError:
        status = "completed"
    except (TryLaterError, OutcomeUnknownError):
        pass  # the next look comes in a minute
    if status is not None:
        with context.database.transaction():
            call_status.looked_at(sid, status)


def reconcile(context: JobContext, _job: Job) -> None:
    """Each minute: what nobody looks after any more is found and ended."""
    with context.database.transaction():
        reconciler.repair()
    before = clock.now() - reconciler.LEFT_ALONE
    try:
        rung = context.telephone.rung(before=before)
    except (TryLaterError, OutcomeUnknownError, NotAskedError):
        return  # the next look comes in a minute
    with context.database.transaction():
        orphan_calls.hang_up_unknown((leg.sid for leg in rung), before)


def hang_up(context: JobContext, job: Job) -> None:
    """End a leg that nobody wants any more."""
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
    """The leg is not there as we thought: ask how it ended, and let that have its consequences.

    One that cannot be sent anywhere is lost to the line, even if the network still calls it in progress.
    """
    try:
        status = context.telephone.fetch(sid).status
    except LegGoneError:
        status = "completed"
    with context.database.transaction():
        call_status.reported(sid, status="completed" if status == "in-progress" else status)

"""Jobs that ring customers back."""

from datetime import datetime

from ivr.callcenter.callbacks import attempts
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState, NotTried
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.routing import lost_answers
from ivr.callcenter.routing.jobs import ring_again
from ivr.callcenter.shield import refusals
from ivr.callcenter.supervision import consequences, reconciler
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import NotDialed
from ivr.company.policy import service as policy
from ivr.core.db import session
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers import reports
from ivr.platform.providers.telephone import OutcomeUnknownError, RefusedError, TryLaterError


def ring_customer(context: JobContext, job: Job) -> None:
    """Ring the customer: for a member of staff who waits in the conference, or first, with 0 for the offer."""
    callback_id, offer_id = int(job.payload["callback_id"]), int(job.payload["offer_id"])
    with context.database.transaction():
        callback = session.get_one(Callback, callback_id)
        if callback.state != CallbackState.PLACED:
            return
        number, extension, intake_id = callback.number, callback.extension, callback.intake_id
        # Jobs of the release before do not say when they were asked for.
        asked_at = job.payload.get("asked_at")
        since = datetime.fromisoformat(asked_at) if asked_at else callback.created_at
        seconds = policy.current().ring_seconds
        if number is None or live_call(intake_id) is not None:
            return
        is_refused = refusals.is_refused(number)
        key = f"{callback_id}-{since.isoformat()}"
        permit = None if is_refused else dialing.permit_customer(number, intake_id, key=key)
        if isinstance(permit, NotDialed):
            callbacks.hold_back(callback, permit)
            consequences.tell_caller_gone(intake_id)
            return
    if permit is None:
        _not_rung(context, callback_id, NotTried.REFUSED)
        return
    try:
        # The answer to an earlier attempt may be lost.
        sid = lost_answers.leg_of_callback(context, callback_id, number, since=since)
        sid = sid or context.telephone.ring(
            permit,
            answered=context.routes.rung_back(callback=callback_id),
            failing=context.routes.fallback(),
            reported=context.routes.status(callback=callback_id, offer=offer_id),
            events=reports.CUSTOMER_LEG,
            seconds=seconds,
            extension=extension,
        )
    except RefusedError:
        _not_rung(context, callback_id, NotTried.REFUSED)
    except (TryLaterError, OutcomeUnknownError) as trouble:
        if not job.is_last_attempt:
            raise ring_again(job) from trouble
        _not_rung(context, callback_id, NotTried.NO_NETWORK)
    else:
        with context.database.transaction():
            attempts.customer_call(callback_id, sid)


def lost(context: JobContext, job: Job) -> None:
    """Check again a callback that is being placed while the customer is not rung."""
    with context.database.transaction():
        reconciler.nobody_was_rung(int(job.payload["callback_id"]), int(job.payload["tries"]))


def _not_rung(context: JobContext, callback_id: int, why: NotTried) -> None:
    with context.database.transaction():
        callback = session.get_one(Callback, callback_id)
        attempts.failed(callback, why)
        consequences.tell_caller_gone(callback.intake_id)

"""Fetches the calls that the hosted flow has taken, once we are back."""

from structlog import get_logger

from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.continuity import rules, service
from ivr.callcenter.continuity.rules import Told
from ivr.callcenter.continuity.service import Taken
from ivr.core import clock
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.hosted_flows import Execution
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError

log = get_logger(__name__)


def fetch(context: JobContext, job: Job) -> None:
    """Ask the network for the calls of the hosted flow, and take those that are over. It runs each minute."""
    del job
    with context.database.reading():
        flow = service.to_look_at()
    if flow is None:
        return
    at = clock.now()
    try:
        found = context.telephone.executions(flow.sid, since=flow.open_since - rules.OVERLAP)
    except (LegGoneError, TryLaterError, OutcomeUnknownError, RefusedError) as why:
        log.warning("hosted_calls_not_asked_for", why=type(why).__name__)
        return
    in_order = sorted(found, key=lambda one: one.began_at)
    left = [one.began_at for one in in_order if not _is_taken(context, flow.sid, one)]
    with context.database.transaction():
        service.looked(at, open_since=min([at, *left]))


def _is_taken(context: JobContext, flow_sid: str, execution: Execution) -> bool:
    """Take the call if it is over, and have the network forget what the caller pressed. Return whether it is taken."""
    with context.database.reading():
        is_known = service.is_taken(execution.sid)
    try:
        if not is_known and not _took(context, flow_sid, execution):
            return False
        context.telephone.delete_execution(flow_sid, execution.sid)
    except LegGoneError:
        return True  # another worker has taken it
    except (TryLaterError, OutcomeUnknownError, RefusedError) as why:
        log.warning("hosted_call_not_taken", execution=execution.sid, why=type(why).__name__)
        return False
    return True


def _took(context: JobContext, flow_sid: str, execution: Execution) -> bool:
    told = rules.told(context.telephone.execution_context(flow_sid, execution.sid))
    if told is None:
        return True  # somebody has tried the flow at the network, without a call
    if clock.now() - execution.changed_at < rules.SETTLES or not _is_over(context, execution, told):
        return False
    taken = Taken(
        execution,
        told,
        tuple(
            one
            for one in context.telephone.left_recordings(told.call_sid)
            if one.made_at >= execution.began_at
        ),
        context.telephone.talked(told.call_sid) if told.wants_person else None,
    )
    with context.database.transaction():
        service.take(taken)
    return True


def _is_over(context: JobContext, execution: Execution, told: Told) -> bool:
    """Return whether the call is over. An execution whose caller has hung up may go on for ever."""
    if execution.has_ended:
        return True
    leg = context.telephone.fetch(told.call_sid)
    return calls_rules.understood(leg.status) in calls_rules.FINAL

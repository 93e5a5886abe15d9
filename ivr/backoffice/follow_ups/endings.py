"""How a follow-up ends by itself: its cause does not hold any more."""

from typing import Final, assert_never

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.follow_ups import causes
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.follow_ups.rules import Cause, Ending
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.intake.stages import Stage
from ivr.core.db import session

_BY_STATE: Final = {
    EstimateState.PAID: Ending.PAID,
    EstimateState.SUPERSEDED: Ending.SUPERSEDED,
    EstimateState.WITHDRAWN: Ending.WITHDRAWN,
    EstimateState.EXPIRED: Ending.EXPIRED,
}


def ending(one: FollowUp) -> Ending | None:
    """Return how this open follow-up has ended by itself; None while its cause holds."""
    match one.cause:
        case Cause.UNOPENED | Cause.UNPAID | Cause.EXPIRING:
            ended = _of_estimate(one)
        case Cause.NO_WRAP_UP:
            ended = _of_call(one)
        case Cause.UNHEARD:
            ended = _of_message(one)
        case _:
            assert_never(one.cause)
    if ended is None and session.get_one(Intake, one.intake_id).stage == Stage.CLOSED:
        return Ending.MATTER_CLOSED
    return ended


def _of_estimate(one: FollowUp) -> Ending | None:
    quote = session.get(Estimate, one.subject_id)
    if quote is None:
        return Ending.GONE
    by_state = _BY_STATE.get(estimates_queries.state_today(quote))
    if by_state is not None:
        return by_state
    if causes.is_canceled(quote):
        return Ending.VISIT_CANCELED
    if causes.is_on_its_way(quote):
        return Ending.PAYING
    if one.cause == Cause.UNOPENED:
        letter = letters.letters_by_estimate([quote]).get(quote.id)
        if causes.sent(quote, letter).is_opened:
            return Ending.OPENED
    return Ending.ANSWERED if causes.talked_since(one.intake_id, one.made_at) else None


def _of_call(one: FollowUp) -> Ending | None:
    call = session.get(CustomerCall, one.subject_id)
    if call is None:
        return Ending.GONE
    spans = causes.talks(call)
    since = spans[0].since if spans else call.started_at
    return Ending.WRAPPED_UP if causes.is_wrapped_up(one.intake_id, since) else None


def _of_message(one: FollowUp) -> Ending | None:
    clip = session.get(Clip, one.subject_id)
    if clip is None:
        return Ending.GONE
    is_heard = clip.heard_at is not None or causes.was_taken(one.intake_id, clip.made_at)
    return Ending.HEARD if is_heard else None

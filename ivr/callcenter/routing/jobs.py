"""Jobs that ring staff."""

import random
from typing import Final

from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.routing import assignment, availability, lone_legs, lost_answers, offers, staff_calls
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import WORDS, NotDialed
from ivr.company.policy import service as policy
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.jobs import Job, Retry, enqueue
from ivr.platform.jobs.attempts import backoff
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers import reports
from ivr.platform.providers.telephone import OutcomeUnknownError, Permit, RefusedError, TryLaterError
from ivr.platform.timeline import service as timeline

#: Seconds between two attempts to ring a member of staff, at most: a caller waits, and others can be rung.
LONGEST_WAIT: Final = 4.0


def assign(context: JobContext, _job: Job) -> None:
    """Run the routing."""
    with context.database.transaction():
        assignment.assign()


def end_absences(context: JobContext, _job: Job) -> None:
    """Whoever was away until now is available again."""
    with context.database.transaction():
        availability.end_absences()


def ring(context: JobContext, job: Job) -> None:
    """Ring a member of staff for an offer. Repeated attempts ring once only."""
    offer_id = int(job.payload["offer_id"])
    with context.database.transaction():
        offer = session.get(Offer, offer_id)
        if offer is None or offer.state != OfferState.RINGING or staff_calls.has_rung(offer_id):
            return
        permit = dialing.permit_staff(session.get_one(Staff, offer.staff_id).phone)
        placed_before, offer.placed_at = offer.placed_at, offer.placed_at or clock.now()
        is_transfer = offer.role == Role.OPERATOR and offer.callback_id is None
        route = context.routes.briefing if is_transfer else context.routes.screening
        seconds = policy.current().ring_seconds
    if isinstance(permit, NotDialed):
        _give_up(context, offer_id, WORDS[permit])
        return
    try:
        sid = placed_before and lost_answers.leg_of_offer(
            context, offer_id, permit.number, since=placed_before
        )
        sid = sid or context.telephone.ring(
            permit,
            answered=route(offer=offer_id),
            failing=context.routes.fallback(),
            reported=context.routes.status(offer=offer_id),
            events=reports.STAFF_LEG,
            seconds=seconds,
        )
    except RefusedError as refused:
        _give_up(context, offer_id, str(refused))
    except (TryLaterError, OutcomeUnknownError) as trouble:
        if job.is_last_attempt:
            _give_up(context, offer_id, "the network does not answer")
        else:
            raise ring_again(job) from trouble
    else:
        _note(context, offer_id, sid)


def ring_again(job: Job) -> Retry:
    """Return a retry, soon: the network takes no more calls, or did not say whether it rings."""
    wait = backoff(job.attempt, random.random(), longest=LONGEST_WAIT)  # noqa: S311  # no secret
    return Retry(wait, "the network takes no more, or did not say whether it rings")


def test_ring(context: JobContext, job: Job) -> None:
    """Ring a telephone because the owner tests it, once only: no call depends on it."""
    with context.database.reading():
        staff = session.get(Staff, int(job.payload["staff_id"]))
        permit = dialing.permit_staff(staff.phone) if staff and staff.is_active else None
        seconds = policy.current().ring_seconds
    if isinstance(permit, Permit) and job.attempt == 1:
        staff_id = int(job.payload["staff_id"])
        answered = context.routes.test_ring(staff=staff_id)
        reported = context.routes.status(test=staff_id)
        lone_legs.ring(context, permit, answered=answered, reported=reported, seconds=seconds)


def _give_up(context: JobContext, offer_id: int, why: str) -> None:
    """The network cannot ring this number: the next member of staff is rung."""
    with context.database.transaction():
        offer = offers.offer_with_staff(offer_id)
        timeline.append(offer.intake_id, "ring_refused", key=str(offer_id), staff=offer.staff.name, why=why)
        offers.not_accepted(offer, Outcome.FAILED)
        enqueue("transfers.go_on", intake_id=offer.intake_id)


def _note(context: JobContext, offer_id: int, sid: str) -> None:
    with context.database.transaction():
        offer = offers.offer_with_staff(offer_id)
        staff_calls.note(offer_id, sid)
        if offer.state == OfferState.CANCELED:
            # Withdrawn while the network was being asked.
            enqueue("calls.hang_up", sid=sid)

"""Finds what is to be followed up. It only reads, by indexes of what is still open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import rules as estimates_rules
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.follow_ups import rules, unheard
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.follow_ups.rules import OF_ESTIMATES, Cause, Ending, Sent, Talk, Timing
from ivr.backoffice.payments import queries as payments_queries
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.intake.stages import Stage
from ivr.callcenter.routing.models import Offer
from ivr.company.hours import open_time
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.mail.models import RETURNED, Mail
from ivr.company.policy import service as policy
from ivr.core.db import session
from ivr.platform.timeline.models import CallEvent

#: No call lasts longer (``Policy.longest_call_seconds``).
_LONGEST_CALL: Final = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """A cause that holds. ``preferred`` are the people who know the matter, the best first."""

    cause: Cause
    subject_id: int
    intake_id: int
    cents: int | None
    preferred: tuple[int | None, ...]


def estimates(since: datetime, now: datetime) -> list[Found]:
    """Return the estimates that were sent since then and are to be followed up now."""
    has_last = exists().where(FollowUp.cause == Cause.EXPIRING, FollowUp.subject_id == Estimate.id)
    live = Estimate.state == EstimateState.SENT, Estimate.valid_until >= estimates_queries.today()
    wanted = (
        select(Estimate, Intake.operator_id)
        .join(Intake, Intake.id == Estimate.intake_id)
        .where(*live, Estimate.sent_at >= since, Intake.stage != Stage.CLOSED, ~has_last)
        .order_by(Estimate.id)
    )
    rows = session.execute(wanted).all()
    quotes = [row.Estimate for row in rows]
    mailed, before = letters.letters_by_estimate(quotes), _before(quotes)
    wait, calendar = timing(), hours.calendar()
    found = []
    for quote, operator_id in rows:
        cause = rules.cause_of(sent(quote, mailed.get(quote.id)), wait, calendar, now)
        theirs = before[quote.id]
        if cause is None or cause in {one.cause for one in theirs} or _is_given_up(theirs):
            continue
        if is_settled(quote):
            continue
        known = (*(one.owner_id for one in theirs), quote.sent_by, operator_id)
        found.append(Found(cause, quote.id, quote.intake_id, quote.total_cents, known))
    return found


def _is_given_up(before: Iterable[FollowUp]) -> bool:
    """Whether a person has said that nothing will come of the estimate."""
    return any(one.closed_because in {Ending.NO_INTEREST, Ending.MISTAKE} for one in before)


def timing() -> Timing:
    """Return the owner's settings."""
    current = policy.current()
    return Timing(
        timedelta(seconds=current.follow_up_unopened_seconds),
        timedelta(days=current.follow_up_unpaid_days),
        timedelta(days=current.follow_up_expiring_days),
    )


def sent(quote: Estimate, letter: Mail | None) -> Sent:
    """Return what the rules read of an estimate that was sent, and of its letter."""
    mailed_at = letters.mailed_at(quote, letter) or quote.created_at
    opened_at = quote.opened_at
    return Sent(
        mailed_at=mailed_at,
        expires_at=hours_rules.midnight(hours.calendar(), quote.valid_until + timedelta(days=1)),
        is_opened=opened_at is not None and not estimates_rules.is_perhaps_scanned(opened_at, mailed_at),
        is_returned=letter is not None and letter.state in RETURNED,
    )


def is_settled(quote: Estimate) -> bool:
    """Whether nothing is to be asked of the customer: all is paid or on its way, or the visit was canceled."""
    if is_canceled(quote) or is_on_its_way(quote):
        return True
    return payments_queries.missing(quote) <= 0


def is_on_its_way(quote: Estimate) -> bool:
    """Whether the customer's bank was told to pay."""
    return payments_queries.is_on_its_way(quote)


def is_canceled(quote: Estimate) -> bool:
    """Whether the visit was canceled after the estimate for it was sent."""
    if quote.kind != EstimateKind.VISIT:
        return False
    booking = bookings.latest_booking(quote.intake_id)
    if booking is None or not booking.is_cancelled or booking.cancelled_at is None:
        return False
    return quote.sent_at is None or booking.cancelled_at >= quote.sent_at


def calls(after: datetime, until: datetime) -> list[Found]:
    """Return the calls that ended in between, lasted long enough, and of which nobody wrote what they came to.

    A matter with an open callback is left out: somebody will talk with the customer again.
    """
    owed = exists().where(Callback.intake_id == CustomerCall.intake_id, Callback.state.in_(OPEN))
    ended = CustomerCall.started_at > after - _LONGEST_CALL, CustomerCall.ended_at.between(after, until)
    wanted = (
        select(CustomerCall, Intake.operator_id, Intake.technician_id)
        .join(Intake, Intake.id == CustomerCall.intake_id)
        .where(*ended, Intake.stage != Stage.CLOSED, ~owed)
        .order_by(CustomerCall.started_at, CustomerCall.id)
    )
    found = []
    for call, operator_id, technician_id in session.execute(wanted).all():
        with_staff = talks(call)
        if not rules.needs_wrap_up(with_staff) or is_wrapped_up(call.intake_id, with_staff[0].since):
            continue
        last = max(with_staff, key=lambda one: one.until).staff_id
        found.append(
            Found(Cause.NO_WRAP_UP, call.id, call.intake_id, None, (last, operator_id, technician_id))
        )
    return found


def talks(call: CustomerCall) -> list[Talk]:
    """Return who was with the customer in a call that is over, and for how long; in order."""
    ended_at, began_at = call.ended_at, call.answered_at or call.started_at
    # A customer whom we called was perhaps a mailbox.
    if ended_at is None or (call.direction == "callback" and call.outcome != Outcome.REACHED):
        return []
    taken = Offer.intake_id == call.intake_id, Offer.accepted_at.is_not(None), Offer.accepted_at < ended_at
    rows = session.execute(
        select(Offer.staff_id, Offer.accepted_at, Offer.ended_at)
        .where(*taken)
        .order_by(Offer.accepted_at, Offer.id)
    )
    spans = (
        Talk(staff_id, max(accepted_at, began_at), min(left_at or ended_at, ended_at))
        for staff_id, accepted_at, left_at in rows
        if accepted_at is not None
    )
    return [one for one in spans if one.lasts]


def is_wrapped_up(intake_id: int, since: datetime) -> bool:
    """Whether somebody has written down since then what a conversation came to, or decided it."""
    lines = select(CallEvent.kind, CallEvent.data).where(
        CallEvent.intake_id == intake_id, CallEvent.at >= since
    )
    return any(rules.says_what_came(kind, data or {}) for kind, data in session.execute(lines))


def messages(since: datetime, now: datetime) -> list[Found]:
    """Return the messages left since then that nobody has heard in time, the first of each matter."""
    wanted = (
        select(Clip.id, Clip.intake_id, Clip.made_at, Intake.operator_id)
        .join(Intake, Intake.id == Clip.intake_id)
        .where(*unheard.IS_UNHEARD, Clip.made_at >= since, Intake.stage != Stage.CLOSED)
        .where(~exists().where(FollowUp.cause == Cause.UNHEARD, FollowUp.subject_id == Clip.id))
        .order_by(Clip.made_at, Clip.id)
    )
    calendar, first = hours.calendar(), dict[int, Found]()
    for clip_id, intake_id, made_at, operator_id in session.execute(wanted):
        if open_time.after(calendar, made_at, rules.HEARD_WITHIN) <= now:
            first.setdefault(intake_id, Found(Cause.UNHEARD, clip_id, intake_id, None, (operator_id,)))
    return list(first.values())


def talked_since(intake_id: int, since: datetime, *, or_called: bool = False) -> bool:
    """Whether the customer has talked with staff since then; with ``or_called``, or has at least called us."""
    new = CustomerCall.intake_id == intake_id, CustomerCall.started_at > since
    since_then = select(CustomerCall.direction, CustomerCall.outcome, CustomerCall.started_at).where(*new)
    for direction, outcome, started_at in session.execute(since_then).all():
        if direction == "callback":
            if outcome == Outcome.REACHED:
                return True
        elif or_called or was_taken(intake_id, started_at):
            return True
    return False


def was_taken(intake_id: int, since: datetime) -> bool:
    """Whether somebody on the staff took the customer, or their callback, since then: they heard the brief before."""
    taken = exists().where(Offer.intake_id == intake_id, Offer.accepted_at >= since)
    return bool(session.scalar(select(taken)))


def _before(quotes: Iterable[Estimate]) -> defaultdict[int, list[FollowUp]]:
    """Return the follow-ups that these estimates had, by the estimate's id, the latest first."""
    ids = [quote.id for quote in quotes]
    of_them = FollowUp.cause.in_(OF_ESTIMATES), FollowUp.subject_id.in_(ids)
    found: defaultdict[int, list[FollowUp]] = defaultdict(list)
    for one in session.scalars(select(FollowUp).where(*of_them).order_by(FollowUp.id.desc())):
        found[one.subject_id].append(one)
    return found

"""Deletes personal data that has been kept for long enough; the figures stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.orm import aliased

from ivr.backoffice.alarms import service as alarms
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.payments.models import PaymentTask
from ivr.backoffice.personal_data import holds, rows
from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import Hold, PersonRequest, RequestState
from ivr.backoffice.personal_data.registry import RULES
from ivr.backoffice.personal_data.subject import Subject
from ivr.backoffice.prompt_calls import service as prompt_calls
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.callcenter.recording import service as recordings
from ivr.callcenter.shield import refusals
from ivr.company.dialing import service as dialing
from ivr.company.hours.models import Closing
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.policy import trail
from ivr.company.staff import sessions
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform import jobs
from ivr.platform.idempotency import service as idempotency
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.common import unsent

PURGED: Final = "purged"
#: Fewer than the bound parameters that a statement may have.
AT_ONCE: Final = 500
#: How long it is known who changed what, who asked to be erased, and what was held. California wants two years for
#: requests (CCPA regulations, 7101).
RECORDS_KEPT: Final = timedelta(days=3 * 365)

#: For rows that no object of the session maps to.
_changed = partial(changed, in_session=False)


@dataclass
class Purged:
    """How much was deleted. ``answers`` are those to webhooks, ``records`` those of changes, requests and holds."""

    intakes: int = 0
    recordings: int = 0
    letters: int = 0
    events: int = 0
    answers: int = 0
    jobs: int = 0
    records: int = 0


def purge(*, at_most: int | None = None) -> Purged:
    """Delete what is personal of every intake that has been over for Policy.retention_days, and return how much.

    An intake is over when it has had no event, no callback due and no visit for so long, none of its estimates can be
    paid, no payment of it waits for a visit or for a person, and no hold is on it. The message that callers hear while
    the office is closed by hand stays until it opens. With ``at_most`` only the oldest so many intakes are purged. Safe
    to repeat. Requests to erase somebody that have not come to an end are gone on with.
    """
    current = policy.current()
    before = clock.now() - timedelta(days=current.retention_days)
    unsent.forget()
    dialing.forget()
    alarms.forget()
    prompt_calls.forget()
    sessions.forget()
    trail.forget()
    done = Purged(answers=idempotency.forget(idempotency.KEPT), jobs=jobs.forget(before))
    ids = session.scalars(_over(before).limit(at_most)).all()
    for start in range(0, len(ids), AT_ONCE):
        _forget(ids[start : start + AT_ONCE], done)
    refusals.forget(before)
    done.letters += _blank_letters(and_(Mail.intake_id.is_(None), Mail.created_at < before))
    done.records = _forget_records(clock.now() - RECORDS_KEPT)
    for request_id in personal_data.unfinished():
        personal_data.go_on(request_id)
    for intake_id in ids:
        timeline.append(intake_id, PURGED, days=current.retention_days)
    done.intakes = len(ids)
    return done


def overdue(grace: timedelta) -> int:
    """Return how many intakes ``purge`` should have purged this long ago, counted to a thousand."""
    before = clock.now() - timedelta(days=policy.current().retention_days) - grace
    few = _over(before).limit(1000).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def _over(before: datetime) -> Any:
    later = aliased(CallEvent)
    of_it = CallEvent.intake_id == Intake.id
    nothing_since = ~exists().where(later.intake_id == Intake.id, later.id > CallEvent.id)
    return (
        select(Intake.id)
        .where(
            Intake.heard_at < before,
            ~exists().where(of_it, CallEvent.at >= before),
            ~exists().where(of_it, CallEvent.kind == PURGED, nothing_since),
            ~exists().where(
                Closing.message_intake_id == Intake.id,
                Closing.ended_at.is_(None),
                Closing.until_at > clock.now(),
            ),
            # An intake with a visit to book or a payment issue stays for as long as it takes: money depends on it.
            Intake.stage != Stage.PAID,
            ~exists().where(
                Callback.intake_id == Intake.id, Callback.state.in_(OPEN), Callback.due_at >= before
            ),
            ~holds.is_held(Intake.id),
            ~exists().where(PaymentTask.intake_id == Intake.id, PaymentTask.closed_at.is_(None)),
            ~exists().where(Booking.intake_id == Intake.id, Booking.ends_at >= before, ~Booking.is_cancelled),
            ~exists().where(
                Estimate.intake_id == Intake.id,
                Estimate.state == EstimateState.SENT,
                Estimate.valid_until >= estimates_queries.today(),
            ),
        )
        .order_by(Intake.id)
    )


def _forget(ids: Sequence[int], done: Purged) -> None:
    recordings.delete_at_the_network(ids)
    erased = rows.erase(Subject(tuple(ids), frozenset()))
    done.recordings += erased.get(RULES["clip"].label, 0) + erased.get(RULES["recording"].label, 0)
    done.letters += erased.get(RULES["mail"].label, 0)
    done.events += erased.get(RULES["call_event"].label, 0)


def _forget_records(before: datetime) -> int:
    is_over = PersonRequest.state.in_((RequestState.DONE, RequestState.DECLINED))
    return _changed(delete(PersonRequest).where(PersonRequest.done_at < before, is_over)) + _changed(
        delete(Hold).where(Hold.until_at < before)
    )


def _blank_letters(which: Any) -> int:
    blank: dict[str, Any] = {"to": "", "subject": "", "values": {}, "calendar": None, "why": None}
    return _changed(update(Mail).where(which, Mail.to != "").values(blank))

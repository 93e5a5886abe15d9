"""Deletes personal data that has been kept for long enough; the figures stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.orm import aliased

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.payments.models import Checkout, PaymentTask
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Clip, Intake
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
from ivr.operations.retention import rules
from ivr.platform import jobs
from ivr.platform.idempotency import service as idempotency
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.common import unsent

PURGED: Final = "purged"
#: Fewer than the bound parameters that a statement may have.
AT_ONCE: Final = 500

_OF_INTAKE: Final = (
    "caller_number",
    "callback_number",
    "callback_extension",
    "issue",
    "issue_recording_url",
    "transcript",
    "contact_name",
    "contact_number",
    "contact_extension",
    "contact_email",
    "site_address",
    "system_number",
    "system_extension",
    "detailed_issue",
    "notes",
    "wrap_up_note",
    "closed_why",
)

#: For rows that no object of the session maps to.
_changed = partial(changed, in_session=False)


@dataclass
class Purged:
    """How much was deleted. ``answers`` are the stored answers to webhooks."""

    intakes: int = 0
    recordings: int = 0
    letters: int = 0
    events: int = 0
    answers: int = 0
    jobs: int = 0


def purge(*, at_most: int | None = None) -> Purged:
    """Delete what is personal of every intake that has been over for Policy.retention_days, and return how much.

    An intake is over when it has had no event, no callback due and no visit for so long, none of its estimates can be
    paid, and no payment of it waits for a visit or for a person. The message that callers hear while the office is
    closed by hand stays until it opens. With ``at_most`` only the oldest so many intakes are purged. Safe to repeat.
    """
    current = policy.current()
    before = clock.now() - timedelta(days=current.retention_days)
    unsent.forget()
    dialing.forget()
    sessions.forget()
    trail.forget()
    done = Purged(answers=idempotency.forget(idempotency.KEPT), jobs=jobs.forget(before))
    ids = session.scalars(_over(before).limit(at_most)).all()
    for start in range(0, len(ids), AT_ONCE):
        _forget(ids[start : start + AT_ONCE], done)
    refusals.forget(before)
    done.letters += _blank_letters(and_(Mail.intake_id.is_(None), Mail.created_at < before))
    for intake_id in ids:
        timeline.append(intake_id, PURGED, days=current.retention_days)
    done.intakes = len(ids)
    return done


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
    done.recordings += recordings.forget(ids)
    _changed(update(Intake).where(Intake.id.in_(ids)).values(dict.fromkeys(_OF_INTAKE)))
    _changed(update(Callback).where(Callback.intake_id.in_(ids)).values(number=None, extension=None))
    _changed(update(CustomerCall).where(CustomerCall.intake_id.in_(ids)).values(keyed=None))
    _changed(update(Booking).where(Booking.intake_id.in_(ids)).values(reason=None, cancelled_words=None))
    # Without its secret a customer's link, which may lie in a mailbox for ever, leads nowhere.
    words = {"agreed_by": None, "rate_reason": None, "surcharge_reason": None, "secret_hash": None}
    _changed(update(Estimate).where(Estimate.intake_id.in_(ids)).values(words))
    done.recordings += _changed(delete(Clip).where(Clip.intake_id.in_(ids)))
    done.letters += _blank_letters(Mail.intake_id.in_(ids))
    for checkout in session.scalars(select(Checkout).where(Checkout.intake_id.in_(ids))):
        checkout.asked = {**checkout.asked, "email": None}
    for event in session.scalars(select(CallEvent).where(CallEvent.intake_id.in_(ids))):
        # The key may be the number that was keyed, or the first words that were said.
        event.key = f"{PURGED}:{event.id}"
        event.data = rules.without_persons(event.data or {})
        done.events += 1


def _blank_letters(which: Any) -> int:
    blank: dict[str, Any] = {"to": "", "subject": "", "values": {}, "calendar": None, "why": None}
    return _changed(update(Mail).where(which, Mail.to != "").values(blank))

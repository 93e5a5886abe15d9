"""The letters that remind a customer of an estimate: two at most, and none to somebody who has paid or answered."""

from collections import defaultdict
from datetime import datetime, time
from typing import Final

from sqlalchemy import exists, select

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.follow_ups import causes, rules
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.follow_ups.rules import OF_ESTIMATES, Cause, Ending
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.mail import service as mail
from ivr.company.mail.models import RETURNED, Mail, MailState
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import session
from ivr.core.email_addresses import email_fault
from ivr.platform.timeline import service as timeline

#: Who talked with us, by whatever telephone, needs no letter.
_ANSWERS: Final = frozenset({Ending.REACHED, Ending.ANSWERED, Ending.NO_INTEREST, Ending.MISTAKE})


def waiting() -> list[int]:
    """Return the ids of the open follow-ups for which a letter is perhaps due; none while the company is closed."""
    if not policy.current().remind_customers or not _is_open():
        return []
    open_ = select(FollowUp.subject_id).where(FollowUp.closed_at.is_(None), FollowUp.cause.in_(OF_ESTIMATES))
    all_ = select(FollowUp).where(FollowUp.cause.in_(OF_ESTIMATES), FollowUp.subject_id.in_(open_))
    by_estimate = defaultdict(list)
    for one in session.scalars(all_.order_by(FollowUp.id)):
        by_estimate[one.subject_id].append(one)
    latest = [of_it[-1] for of_it in by_estimate.values() if _may_remind(of_it)]
    return [one.id for one in latest if one.closed_at is None and one.reminded_at is None]


def remind(follow_up_id: int) -> bool:
    """Mail the customer the link once more, if that is wanted in this moment. Returns whether it did."""
    intakes.lock(session.get_one(FollowUp, follow_up_id).intake_id)
    one = session.get_one(FollowUp, follow_up_id, populate_existing=True)
    if one.closed_at is not None or one.reminded_at is not None or not policy.current().remind_customers:
        return False
    quote = session.get_one(Estimate, one.subject_id, populate_existing=True)
    intake, url = intakes.get(one.intake_id), letters.url_of(quote)
    if url is None or not _is_wanted(quote, intake):
        return False
    last_minute = hours_rules.moment(hours.calendar(), datetime.combine(quote.valid_until, time(23, 59)))
    one.reminded_at = clock.now()
    mail.post(
        "estimate_reminder",
        to=intake.contact_email or "",
        language=quote.language,
        key=_key(one),
        intake_id=intake.id,
        url=url,
        cause=str(one.cause),
        what=str(quote.kind),
        until=last_minute.isoformat(),
        **letters.template_values(quote, intake),
    )
    timeline.append(intake.id, "reminder_sent", key=str(one.id), cause=one.cause)
    return True


def take_back(one: FollowUp) -> None:
    """Take back the letter that no mail server has taken yet."""
    if one.reminded_at is not None and mail.withdraw(_key(one)):
        one.reminded_at = None


def stop(quote_id: int) -> None:
    """The customer wants no more letters about this estimate. Repeating it changes nothing."""
    of_it = of_estimate(quote_id)
    if any(not one.wants_no_letters for one in of_it):
        timeline.append(of_it[0].intake_id, "reminders_stopped", key=str(quote_id))
    for one in of_it:
        one.wants_no_letters = True
        take_back(one)


def is_reminded(quote_id: int) -> bool:
    """Whether the customer was reminded of this estimate, and may still be."""
    of_it = of_estimate(quote_id)
    return any(one.reminded_at for one in of_it) and not any(one.wants_no_letters for one in of_it)


def of_estimate(quote_id: int) -> list[FollowUp]:
    """Return all follow-ups of an estimate, the first one first."""
    of_it = FollowUp.cause.in_(OF_ESTIMATES), FollowUp.subject_id == quote_id
    return list(session.scalars(select(FollowUp).where(*of_it).order_by(FollowUp.id)))


def _is_wanted(quote: Estimate, intake: Intake) -> bool:
    """Whether a letter would be polite and of use. The caller holds the lock of the intake."""
    of_it = of_estimate(quote.id)
    return (
        _is_open()
        and intake.stage != Stage.CLOSED
        and not email_fault(intake.contact_email or "")
        and estimates_queries.state_today(quote) == EstimateState.SENT
        and _may_remind(of_it)
        and not causes.is_settled(quote)
        and _arrive(quote, of_it)
        and not _is_owed_a_call(intake.id)
        and not causes.talked_since(intake.id, quote.sent_at or quote.created_at, or_called=True)
    )


def _may_remind(of_it: list[FollowUp]) -> bool:
    """Whether the customer had few enough letters about this estimate, and nobody said that they need none."""
    if any(one.wants_no_letters or one.closed_because in _ANSWERS for one in of_it):
        return False
    return rules.may_remind([one.reminded_at for one in of_it if one.reminded_at], clock.now())


def _is_open() -> bool:
    return hours_rules.is_open(hours.calendar(), clock.now())


def _arrive(quote: Estimate, of_it: list[FollowUp]) -> bool:
    """Whether letters about this estimate arrive: the first one did, and none came back."""
    first = letters.letters_by_estimate([quote]).get(quote.id)
    came_back = exists().where(Mail.key.in_([_key(one) for one in of_it]), Mail.state.in_(RETURNED))
    return first is not None and first.state == MailState.SENT and not session.scalar(select(came_back))


def _is_owed_a_call(intake_id: int) -> bool:
    owed = Callback.intake_id == intake_id, Callback.state.in_(OPEN)
    return bool(session.scalar(select(exists().where(*owed))))


def _key(one: FollowUp) -> str:
    return f"reminder:{one.subject_id}:{Cause(one.cause)}"

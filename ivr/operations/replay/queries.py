"""The stored webhooks, events and offers of a call."""

from datetime import datetime

from sqlalchemy import or_, select

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.core.db import session
from ivr.operations.replay.rules import RecordedWebhook
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.timeline.models import CallEvent


def find_intake(word: str) -> Intake | None:
    """Return the intake with this reference, or that of the call or the leg with this CallSid."""
    of_call = select(CustomerCall.intake_id).where(CustomerCall.sid == word)
    of_leg = (
        select(Offer.intake_id).join(StaffCall, StaffCall.offer_id == Offer.id).where(StaffCall.sid == word)
    )
    found = or_(Intake.reference == word.upper(), Intake.id.in_(of_call), Intake.id.in_(of_leg))
    return session.scalar(select(Intake).where(found))


def recorded_webhooks(intake: Intake) -> list[RecordedWebhook]:
    """Return every webhook of all calls of the intake, in the order in which they came."""
    sids = select(CustomerCall.sid).where(CustomerCall.intake_id == intake.id)
    legs = (
        select(StaffCall.sid).join(Offer, StaffCall.offer_id == Offer.id).where(Offer.intake_id == intake.id)
    )
    about = or_(
        WebhookReply.about.in_(sids),
        WebhookReply.about.in_(legs),
        WebhookReply.about == intake.conference_name,
    )
    rows = session.scalars(select(WebhookReply).where(about).order_by(WebhookReply.id))
    return [
        RecordedWebhook(row.id, row.at, row.about or "", row.path or "", row.params, row.answer or "")
        for row in rows
    ]


def event_kinds(intake_id: int, until: datetime) -> list[str]:
    """Return the kinds of the intake's events up to that moment, oldest first."""
    kinds = select(CallEvent.kind).where(CallEvent.intake_id == intake_id, CallEvent.at <= until)
    return list(session.scalars(kinds.order_by(CallEvent.id)))


def staff_rung(intake_id: int) -> dict[int, datetime]:
    """Return the ids of the staff who were offered this caller, each with the moment of the first offer, in order."""
    offers = select(Offer.staff_id, Offer.made_at).where(Offer.intake_id == intake_id).order_by(Offer.id)
    first: dict[int, datetime] = {}
    for staff_id, at in session.execute(offers):
        first.setdefault(staff_id, at)
    return first


def earlier_language(intake: Intake) -> str | None:
    """Return the language of the same number's intake before this one; None when there is none."""
    earlier = Intake.caller_number == intake.caller_number, Intake.id < intake.id
    return session.scalar(select(Intake.language).where(*earlier).order_by(Intake.id.desc()).limit(1))


def cut_off_at(intake_id: int, before: datetime) -> datetime:
    """Return when this intake's caller was heard last, ``before`` at the latest."""
    heard_at = session.scalar(select(Intake.heard_at).where(Intake.id == intake_id))
    return min(heard_at or before, before)

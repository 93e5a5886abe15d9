"""What one member of staff sees on their own page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from ivr.backoffice.estimates.bookings import visible
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar
from ivr.company.staff.models import Staff
from ivr.core.db import session

#: More offers than a person gets in a day.
MOST: Final = 100


def holder(staff_id: int, version: int) -> Staff | None:
    """Return the holder of a link while it is valid: they work here and it was not revoked."""
    return session.scalar(
        select(Staff).where(Staff.id == staff_id, Staff.link_version == version, Staff.is_active)
    )


def offers(staff_id: int, since: datetime) -> Sequence[Any]:
    """Return the offers made to them since then, latest first."""
    return session.execute(
        select(
            Offer.made_at,
            Offer.accepted_at,
            Offer.ended_at,
            Offer.state,
            Offer.outcome,
            Intake.reference,
            Intake.kind,
        )
        .join(Intake, Offer.intake_id == Intake.id)
        .where(Offer.staff_id == staff_id, Offer.made_at >= since)
        .order_by(Offer.id.desc())
        .limit(MOST)
    ).all()


def taken(staff_id: int, reference: str) -> Intake | None:
    """Return the intake of this reference if they took it, or visit it about now: they may see only that here."""
    mine = visible.theirs(staff_id)
    return session.scalar(select(Intake).where(Intake.reference == reference, Intake.id.in_(mine)))


def midnight(calendar: Calendar, now: datetime) -> datetime:
    """Return the beginning of the company's present day, in UTC."""
    return hours_rules.midnight(calendar, hours_rules.local(calendar, now).date())

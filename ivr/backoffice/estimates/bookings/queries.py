"""Visits to show: of a day or a week, of a technician, and those that nobody makes yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text

from ivr.backoffice.estimates.bookings import marks, technicians
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Mark
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.callcenter.intake.models import TO_VISIT, Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session

#: More visits than a company shows on one page.
MOST = 500


@dataclass(frozen=True)
class Visit:
    """A visit that stands: its booking, its matter, and what was sold."""

    booking: Booking
    intake: Intake
    technician: str | None
    #: Hours of work, 0 when nothing was sold.
    hours: int
    is_paid: bool

    @property
    def mark(self) -> Mark | None:
        return Mark.DONE if self.intake.stage == Stage.DONE else marks.latest(self.booking)

    @property
    def can_undo(self) -> bool:
        """Whether its technician can take the last mark back."""
        last = marks.latest(self.booking)
        at: datetime | None = getattr(self.booking, f"{last}_at") if last else None
        return at is not None and at > clock.now() - marks.UNDONE_FOR


def visit_of(intake_id: int) -> Visit | None:
    """Return the visit of this matter; None while none stands."""
    found = _with_sales(session.execute(_visits().where(Booking.intake_id == intake_id)).all())
    return found[0] if found else None


def visits_between(first: datetime, until: datetime, *, technician_id: int | None = None) -> list[Visit]:
    """Return the visits that begin in this time, by their start; those of one technician, or all."""
    found = _visits().where(Booking.starts_at >= first, Booking.starts_at < until)
    if technician_id is not None:
        found = found.where(Booking.technician_id == technician_id)
    return _with_sales(session.execute(found.limit(MOST)).all())


def left_over(technician_id: int, before: datetime, since: datetime) -> list[Visit]:
    """Return a technician's visits that began between ``since`` and ``before`` and were not noted as done."""
    found = _visits().where(Booking.technician_id == technician_id, Intake.stage == Stage.BOOKED)
    return _with_sales(
        session.execute(found.where(Booking.starts_at < before, Booking.starts_at >= since).limit(MOST)).all()
    )


def without_technician(after: datetime) -> list[Visit]:
    """Return the visits to come for which nobody is chosen, by their start."""
    # Not IS NULL: SQLite then reads every visit that there has ever been without one.
    found = _visits().where(func.coalesce(Booking.technician_id, 0) == 0, Booking.ends_at > after)
    return _with_sales(
        session.execute(found.where(text(TO_VISIT), Intake.stage == Stage.BOOKED).limit(MOST)).all()
    )


def paid_without_day() -> Sequence[Row[Any]]:
    """Return the matters that are paid and have no day, the oldest first."""
    paid: Any = select(Intake.reference, Intake.contact_name, Intake.site_address)
    found: Sequence[Row[Any]] = session.execute(
        paid.where(text(TO_VISIT), Intake.stage == Stage.PAID).order_by(Intake.id).limit(MOST)
    ).all()
    return found


def _visits() -> Any:
    return (
        select(Booking, Intake, Staff.name)
        .join(Intake, Intake.id == Booking.intake_id)
        .outerjoin(Staff, Staff.id == Booking.technician_id)
        .where(~Booking.is_cancelled, Intake.stage.in_((Stage.BOOKED, Stage.DONE)))
        .order_by(Booking.starts_at, Booking.intake_id)
    )


def _with_sales(rows: Iterable[Any]) -> list[Visit]:
    rows = list(rows)
    if not rows:  # SQLite reads all estimates to find those of no intake
        return []
    ids = [booking.intake_id for booking, *_ in rows]
    hours = technicians.hours_of(ids)
    is_paid = Estimate.kind == EstimateKind.VISIT, Estimate.state == EstimateState.PAID
    paid = set(session.scalars(select(Estimate.intake_id).where(Estimate.intake_id.in_(ids), *is_paid)))
    return [
        Visit(booking, intake, name, hours.get(intake.id, 0), intake.id in paid)
        for booking, intake, name in rows
    ]

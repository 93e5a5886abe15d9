"""How the paid time of visits stands."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.paid_time import rules
from ivr.backoffice.paid_time.models import TimeCheck
from ivr.backoffice.paid_time.rules import TimeState
from ivr.core import clock
from ivr.core.db import session


def on_site() -> Sequence[Booking]:
    """Return the visits that go on now."""
    return session.scalars(
        select(Booking)
        .where(Booking.arrived_at > clock.now() - rules.LOOKED_AT_FOR, Booking.done_at.is_(None))
        .where(~Booking.is_cancelled)
        .order_by(Booking.arrived_at, Booking.intake_id)
    ).all()


def goes_on(intake_id: int) -> bool:
    """Whether the technician is on site now: nothing is asked about a visit that is over."""
    here = Booking.arrived_at.is_not(None), Booking.done_at.is_(None), ~Booking.is_cancelled
    return session.scalar(select(Booking.intake_id).where(Booking.intake_id == intake_id, *here)) is not None


def paid_hours(intake_ids: Collection[int]) -> dict[int, int]:
    """Return by intake the hours on site that are paid.

    The hours of the visit's estimate count as soon as it is booked: before it is paid only an owner books, with a
    reason. More time counts once it is paid.
    """
    rows = session.execute(
        select(
            Estimate.intake_id, Estimate.kind, Estimate.state, Estimate.hours_included, Estimate.extra_hours
        )
        .where(Estimate.intake_id.in_(intake_ids), Estimate.is_good)
        .order_by(Estimate.version)
    )
    visits: dict[int, int] = {}
    more: dict[int, int] = dict.fromkeys(intake_ids, 0)
    for row in rows:
        if row.kind == EstimateKind.VISIT:
            visits[row.intake_id] = row.hours_included + row.extra_hours
        elif row.state == EstimateState.PAID:
            more[row.intake_id] += row.extra_hours
    return {intake_id: visits.get(intake_id, 0) + hours for intake_id, hours in more.items()}


def latest(visit: Booking | None) -> TimeCheck | None:
    """Return the question about the latest end of the visit's paid time; None before the technician has arrived."""
    if visit is None or visit.arrived_at is None:
        return None
    its = select(TimeCheck).where(TimeCheck.intake_id == visit.intake_id)
    return session.scalar(its.order_by(TimeCheck.ends_at.desc()).limit(1))


def asked(staff_id: int) -> Sequence[TimeCheck]:
    """Return the questions that this technician has not answered yet, with their intakes."""
    return session.scalars(
        select(TimeCheck)
        .options(joinedload(TimeCheck.intake))
        .join(Booking, Booking.intake_id == TimeCheck.intake_id)
        .where(TimeCheck.technician_id == staff_id, TimeCheck.state == TimeState.ASKED)
        .where(Booking.arrived_at.is_not(None), Booking.done_at.is_(None), ~Booking.is_cancelled)
        .order_by(TimeCheck.ends_at)
    ).all()


def question(check_id: int, staff_id: int) -> int | None:
    """Return the question's id if it was put to this technician."""
    return session.scalar(
        select(TimeCheck.id).where(TimeCheck.id == check_id, TimeCheck.technician_id == staff_id)
    )

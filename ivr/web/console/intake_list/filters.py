"""A view as statements: which intakes are wanted, and in which order."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, text, union_all

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.follow_ups import unheard
from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments.models import LedgerEntry
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.continuity import queries as continuity_queries
from ivr.callcenter.intake.models import NOT_CLOSED, NOT_ENGLISH, UNASSIGNED, Intake
from ivr.callcenter.intake.stages import IntakeState, Stage
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar
from ivr.core import clock
from ivr.web.console.intake_list.rules import DESCENDING, Show, Sort, View

#: A count that is higher is "more than" this. Nobody reads on to here: they look for fewer.
AT_MOST: Final = 10_000
_NEWEST: Final = (Intake.created_at.desc(), Intake.id.desc())


def wanted(view: View, *, me: int, calendar: Calendar, among: Select[Any] | None) -> Select[Any]:
    """Select the ids of the intakes of a view; ``me`` is whoever looks, ``among`` selects the ids they may see."""
    found = select(Intake.id)
    for column, value in (
        (Intake.state, view.state),
        (Intake.kind, view.kind),
        (Intake.language, view.language),
    ):
        if value:
            found = found.where(column == value)
    if view.state not in {"", IntakeState.CLOSED}:
        found = found.where(text(NOT_CLOSED))
    if view.language not in {"", "en"}:
        found = found.where(text(NOT_ENGLISH))
    if view.person is not None:
        found = found.where(_has(view.person))
    if view.continuity is not None:
        found = found.where(Intake.id.in_(continuity_queries.matters(view.continuity)))
    if among is not None:
        found = found.where(Intake.id.in_(among))
    return _between(_shown(found, view.show, me, calendar), calendar, view.since, view.until)


def ordered(found: Select[Any], sort: Sort) -> Select[Any]:
    """Put them in order. One other than by age is that of the newest ``AT_MOST`` of them."""
    match sort:
        case Sort.NEWEST:
            return found.order_by(*_NEWEST)
        case Sort.OLDEST:
            return found.order_by(Intake.created_at, Intake.id)
        case Sort.NAME | Sort.NAME_BACK:
            key: ColumnElement[Any] = func.lower(func.nullif(Intake.contact_name, ""))
        case Sort.SUM | Sort.SUM_BACK:
            key = sum_cents()
        case Sort.VISIT | Sort.VISIT_BACK:
            visit = Booking.intake_id == Intake.id, ~Booking.is_cancelled
            key = select(Booking.starts_at).where(*visit).scalar_subquery()
    newest = found.order_by(*_NEWEST).limit(AT_MOST).subquery()
    order = key.desc() if sort in DESCENDING else key.asc()
    # Those without come last, whichever way it goes.
    return (
        select(Intake.id)
        .join(newest, newest.c.id == Intake.id)
        .order_by(order.nulls_last(), Intake.id.desc())
    )


def sum_cents() -> Any:
    """SQL value: what the customer was asked for, in all estimates that hold; NULL for none."""
    asked = Estimate.intake_id == Intake.id, Estimate.is_good
    return select(func.sum(Estimate.total_cents)).where(*asked).scalar_subquery()


def paid_cents() -> Any:
    """SQL value: what the customer paid and did not get back; NULL for nothing ever."""
    is_money = LedgerEntry.kind != payments_rules.CHARGE
    return (
        select(func.sum(LedgerEntry.cents))
        .where(LedgerEntry.intake_id == Intake.id, is_money)
        .scalar_subquery()
    )


def _shown(found: Select[Any], show: Show, me: int, calendar: Calendar) -> Select[Any]:
    match show:
        case Show.ALL:
            return found
        case Show.MINE:
            # Not OR of the two: PostgreSQL then reads all intakes.
            claimed = select(Callback.intake_id).where(Callback.claimed_by == me, Callback.state.in_(OPEN))
            return found.where(Intake.id.in_(union_all(select(Intake.id).where(_has(me)), claimed)))
        case Show.UNASSIGNED:
            return found.where(text(UNASSIGNED), ~_is_claimed())
        case Show.TODAY:
            today = hours_rules.local(calendar, clock.now()).date()
            return _between(found, calendar, today, today)
        case Show.UNPAID:
            owing = select(Estimate.intake_id).where(Estimate.state == EstimateState.SENT)
            return found.where(Intake.id.in_(owing), Intake.stage != Stage.CLOSED)
        case Show.UNHEARD:
            return found.where(Intake.id.in_(unheard.intakes()))


def _has(staff_id: int) -> ColumnElement[bool]:
    return or_(Intake.technician_id == staff_id, Intake.operator_id == staff_id)


def _is_claimed() -> ColumnElement[bool]:
    return exists().where(
        Callback.intake_id == Intake.id, Callback.claimed_by.is_not(None), Callback.state.in_(OPEN)
    )


def _between(found: Select[Any], calendar: Calendar, since: date | None, until: date | None) -> Select[Any]:
    if since is not None:
        found = found.where(Intake.created_at >= hours_rules.midnight(calendar, since))
    if until is not None:
        found = found.where(Intake.created_at < hours_rules.midnight(calendar, until + timedelta(days=1)))
    return found

"""The statements of the board, each built once and run at every look.

Each reads what is live, by an index of it: the board is as fast after a million calls as after ten. Where SQLite would
read a whole table in the order of its ids instead, the board itself puts the few rows in order.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, case, func, select, text

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments.models import LedgerEntry, PaymentTask
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outage_models import Outage
from ivr.callcenter.continuity import queries as continuity_queries
from ivr.callcenter.intake.models import TO_VISIT, Intake
from ivr.callcenter.intake.stages import Stage
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.shield.models import SilentDay
from ivr.callcenter.transfers import rules as transfers_rules
from ivr.callcenter.transfers.models import Transfer
from ivr.company.staff.models import Staff

MOST_OWED: Final = 50


@cache
def offers() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Offer.id, Offer.intake_id, Offer.staff_id, Offer.state, Offer.made_at, Offer.accepted_at),
            Staff.name,
        )
        .join(Staff, Staff.id == Offer.staff_id)
        .where(Offer.ended_at.is_(None))
    )


@cache
def calls() -> Select[*tuple[Any, ...]]:
    return select(
        CustomerCall.id,
        CustomerCall.intake_id,
        CustomerCall.status,
        CustomerCall.started_at,
        CustomerCall.on_hold,
        CustomerCall.direction,
        CustomerCall.stir_verstat,
        CustomerCall.shield,
    ).where(CustomerCall.ended_at.is_(None))


@cache
def alarms() -> Select[*tuple[Any, ...]]:
    """What the whole service should know: since when the network is down, and the silent calls of ``day``."""
    of_day = SilentDay.day == bindparam("day")
    return select(
        select(Outage.began_at).where(Outage.lasts.is_(True)).scalar_subquery().label("down_since"),
        select(SilentDay.minutes).where(of_day).scalar_subquery().label("silent_minutes"),
        select(SilentDay.calls).where(of_day).scalar_subquery().label("silent_calls"),
    )


@cache
def intakes() -> Select[*tuple[Any, ...]]:
    """The intakes in ``ids``."""
    return (
        select(
            Intake.id,
            Intake.reference,
            Intake.state,
            Intake.call_state,
            Intake.kind,
            Intake.language,
            Intake.issue,
            Intake.issue_recording_url,
            Intake.contact_name,
            Intake.arrived_at,
            Intake.waiting_since,
            Intake.created_at,
            Intake.caller_number,
            Intake.callback_number,
            Intake.callback_extension,
        )
        .where(Intake.id.in_(bindparam("ids", expanding=True)))
        .order_by(case((Intake.arrived_at.is_(None), 1), else_=0), Intake.arrived_at, Intake.id)
    )


@cache
def transfers() -> Select[*tuple[Any, ...]]:
    """The transfers under way of the intakes in ``ids``."""
    theirs = Transfer.intake_id.in_(bindparam("ids", expanding=True))
    return (
        select(Transfer.intake_id, Transfer.state)
        .where(theirs, Transfer.state.in_(transfers_rules.OPEN))
        .order_by(Transfer.id)
    )


@cache
def owed() -> Select[*tuple[Any, ...]]:
    """The callbacks and tasks for staff, the longest due first."""
    return (
        select(
            Callback.id,
            Callback.number,
            Callback.extension,
            Callback.reason,
            Callback.state,
            Callback.due_at,
            Callback.tries,
            Callback.last_try,
            Callback.not_dialed,
            continuity_queries.talked_seconds(Callback.intake_id),
            Staff.name.label("claimed_by"),
            Intake.reference,
            Intake.language,
            Intake.contact_name,
            Intake.issue,
        )
        .join(Intake, Intake.id == Callback.intake_id)
        .outerjoin(Staff, Staff.id == Callback.claimed_by)
        .where(Callback.state.in_((CallbackState.PROMISED, CallbackState.TASK)))
        .order_by(Callback.due_at, Callback.id)
        .limit(MOST_OWED)
    )


@cache
def visits() -> Select[*tuple[Any, ...]]:
    """Visits that wait for staff: paid and without a day, without a technician, or over by ``now``."""
    waits = (Booking.ends_at < bindparam("now")) | Booking.technician_id.is_(None)
    waits_booked = (Intake.stage == Stage.BOOKED) & waits
    money = select(func.sum(LedgerEntry.cents)).where(
        LedgerEntry.intake_id == Intake.id, LedgerEntry.kind != payments_rules.CHARGE
    )
    return (
        select(
            Intake.id,
            Intake.reference,
            Intake.contact_name,
            Intake.caller_number,
            Intake.callback_number,
            Intake.callback_extension,
            Intake.site_address,
            Intake.language,
            Intake.stage,
            Booking.starts_at,
            Booking.ends_at,
            func.coalesce(money.scalar_subquery(), 0).label("paid_cents"),
        )
        .outerjoin(Booking, and_(Booking.intake_id == Intake.id, ~Booking.is_cancelled))
        .where(text(TO_VISIT), (Intake.stage == Stage.PAID) | waits_booked)
        .order_by(Booking.ends_at, Intake.id)
        .limit(MOST_OWED)
    )


@cache
def payment_issues() -> Select[*tuple[Any, ...]]:
    """Refunds, payments that are too high or too low, and disputes that no person has closed yet."""
    return (
        select(
            PaymentTask.id,
            PaymentTask.kind,
            PaymentTask.cents,
            PaymentTask.opened_at,
            Intake.reference,
            Intake.contact_name,
        )
        .join(Intake, Intake.id == PaymentTask.intake_id)
        .where(PaymentTask.closed_at.is_(None))
        .order_by(PaymentTask.id)
        .limit(MOST_OWED)
    )

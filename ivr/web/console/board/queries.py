"""What is going on now, as plain rows.

Each statement reads live rows through an index: the board is as fast after a million calls as after ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, case, func, select

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments.models import LedgerEntry, PaymentTask
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls import network_outages
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers import rules as transfers_rules
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import TransferState
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.web.console.board import rules
from ivr.web.console.board.closing import ClosedByHand, closed_by_hand
from ivr.web.console.board.colleagues import Colleague, colleagues

MOST_OWED: Final = 50


@dataclass(frozen=True)
class Caller:
    """A customer in a call, or one for whom staff are being rung. ``since`` is when the present situation began."""

    intake: Row[Any]
    lane: str
    since: datetime
    #: Their place in the queue for a person, from 1.
    place: int | None
    #: Whether the customer is in a call; if not, they are being rung back or have hung up.
    is_on_line: bool
    is_held: bool
    transfer: TransferState | None
    #: The names of the staff who talk with them, and of those whose telephones ring.
    with_whom: tuple[str, ...]
    rings: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """The whole board, at ``now``."""

    now: datetime
    callers: Sequence[Caller]
    owed: Sequence[Row[Any]]
    #: Paid visits without a day, or whose day is over; the longest waiting first.
    visits: Sequence[Row[Any]]
    payment_issues: Sequence[Row[Any]]
    staff: Sequence[Colleague]
    #: Since when the telephone network has not answered.
    down_since: datetime | None
    closed: ClosedByHand | None

    def lane(self, name: str) -> list[Caller]:
        return [one for one in self.callers if one.lane == name]

    @property
    def callbacks(self) -> list[Row[Any]]:
        return [one for one in self.owed if one.reason != CallbackReason.ESTIMATE]

    @property
    def estimates(self) -> list[Row[Any]]:
        return [one for one in self.owed if one.reason == CallbackReason.ESTIMATE]

    @property
    def overdue(self) -> int:
        return sum(one.due_at <= self.now for one in self.owed)


def board() -> Board:
    """The board as it is now."""
    now, offers, calls = clock.now(), _rows(_offers()), _rows(_calls())
    intakes = _rows(_intakes(), ids=list({one.intake_id for one in (*offers, *calls)}))
    return Board(
        now=now,
        callers=_callers(intakes, calls, offers),
        owed=_rows(_owed()),
        visits=_rows(_visits(), now=now),
        payment_issues=_rows(_payment_issues()),
        staff=colleagues({one.staff_id: one for one in offers}, {one.id: one.reference for one in intakes}),
        down_since=network_outages.down_since(),
        closed=closed_by_hand(),
    )


# The statements are built once: building one takes longer than sending it.


@cache
def _offers() -> Select[*tuple[Any, ...]]:
    return (
        select(Offer.intake_id, Offer.staff_id, Offer.state, Offer.made_at, Offer.accepted_at, Staff.name)
        .join(Staff, Staff.id == Offer.staff_id)
        .where(Offer.ended_at.is_(None))
        .order_by(Offer.id)
    )


@cache
def _calls() -> Select[*tuple[Any, ...]]:
    return (
        select(CustomerCall.intake_id, CustomerCall.status, CustomerCall.started_at, CustomerCall.on_hold)
        .where(CustomerCall.ended_at.is_(None))
        .order_by(CustomerCall.id)
    )


@cache
def _intakes() -> Select[*tuple[Any, ...]]:
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
        )
        .where(Intake.id.in_(bindparam("ids", expanding=True)))
        .order_by(case((Intake.arrived_at.is_(None), 1), else_=0), Intake.arrived_at, Intake.id)
    )


@cache
def _transfers() -> Select[*tuple[Any, ...]]:
    """The transfers under way of the intakes in ``ids``."""
    theirs = Transfer.intake_id.in_(bindparam("ids", expanding=True))
    return (
        select(Transfer.intake_id, Transfer.state)
        .where(theirs, Transfer.state.in_(transfers_rules.OPEN))
        .order_by(Transfer.id)
    )


def _callers(
    intakes: Sequence[Row[Any]], calls: Sequence[Row[Any]], offers: Sequence[Row[Any]]
) -> list[Caller]:
    live = {one.intake_id: one for one in calls}
    transfers = {one.intake_id: one.state for one in _rows(_transfers(), ids=[one.id for one in intakes])}
    callers, place = [], 0
    for intake in intakes:
        theirs = [one for one in offers if one.intake_id == intake.id]
        waits = intake.id in live and intake.call_state in stages.IN_LINE
        place += waits
        callers.append(
            _caller(intake, live.get(intake.id), theirs, place if waits else None, transfers.get(intake.id))
        )
    return callers


def _caller(
    intake: Row[Any],
    call: Row[Any] | None,
    offers: list[Row[Any]],
    place: int | None,
    transfer: TransferState | None,
) -> Caller:
    talks = [one for one in offers if one.state == OfferState.ACCEPTED]
    rings = [one for one in offers if one.state in routing_rules.OPEN]
    lane = rules.lane(has_staff=bool(talks), rings=bool(rings))
    began = intake.waiting_since if intake.call_state in stages.IN_LINE else None
    since = {
        rules.TALKING: lambda: talks[0].accepted_at,
        rules.RINGING: lambda: began or rings[0].made_at,
        rules.WAITING: lambda: began or (call.started_at if call else intake.created_at),
    }
    return Caller(
        intake=intake,
        lane=lane,
        since=since[lane](),
        place=place,
        is_on_line=call is not None and call.status == CallStatus.IN_PROGRESS,
        is_held=call is not None and call.on_hold,
        transfer=transfer,
        with_whom=tuple(one.name for one in talks),
        rings=tuple(one.name for one in rings),
    )


@cache
def _owed() -> Select[*tuple[Any, ...]]:
    """The callbacks and tasks for staff, the longest due first."""
    return (
        select(
            Callback.id,
            Callback.number,
            Callback.reason,
            Callback.state,
            Callback.due_at,
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
def _visits() -> Select[*tuple[Any, ...]]:
    """Paid visits without a day, or whose day is over by ``now``: staff books them, or notes them as done."""
    is_over = (Intake.stage == Stage.BOOKED) & (Booking.ends_at < bindparam("now"))
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
            Intake.site_address,
            Intake.language,
            Intake.stage,
            Booking.starts_at,
            Booking.ends_at,
            func.coalesce(money.scalar_subquery(), 0).label("paid_cents"),
        )
        .outerjoin(Booking, Booking.intake_id == Intake.id)
        .where(Intake.stage.in_((Stage.PAID, Stage.BOOKED)), (Intake.stage == Stage.PAID) | is_over)
        .order_by(Booking.ends_at, Intake.id)
        .limit(MOST_OWED)
    )


@cache
def _payment_issues() -> Select[*tuple[Any, ...]]:
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


def _rows(wanted: Select[*tuple[Any, ...]], **values: object) -> Sequence[Row[Any]]:
    return session.execute(wanted, values).all()

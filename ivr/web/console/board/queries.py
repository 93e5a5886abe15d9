"""What is going on now, as plain rows: the board, put together from what ``statements`` find."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select

from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls.rules import CallStatus, Shield
from ivr.callcenter.continuity import queries as continuity_queries
from ivr.callcenter.continuity.rules import Episode
from ivr.callcenter.intake import stages
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.shield import service as shield
from ivr.callcenter.transfers.rules import TransferState
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import Standing
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import session
from ivr.web.console.board import rules, statements
from ivr.web.console.board.closing import ClosedByHand, closed_by_hand
from ivr.web.console.board.colleagues import Colleague, colleagues
from ivr.web.console.board.on_call import OnCall, on_call_while_closed


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
    #: What the network found of the number (Twilio, StirVerstat), and whether it is refused: of who rang us.
    has_rung_us: bool
    found: str | None
    is_refused: bool
    transfer: TransferState | None
    #: The names of the staff who talk with them, and of those whose telephones ring.
    with_whom: tuple[str, ...]
    rings: tuple[str, ...]
    #: Whether who the customer is, and what they want, is not shown.
    is_veiled: bool = False

    def veiled(self) -> "Caller":
        return replace(self, is_veiled=True)


@dataclass(frozen=True)
class Board:
    """The whole board, at ``now``."""

    now: datetime
    callers: Sequence[Caller]
    owed: Sequence[Row[Any]]
    #: Visits that are paid and have no day, or no technician, or are over; the longest waiting first.
    visits: Sequence[Row[Any]]
    payment_issues: Sequence[Row[Any]]
    staff: Sequence[Colleague]
    #: Since when the telephone network has not answered.
    down_since: datetime | None
    closed: ClosedByHand | None
    on_call: OnCall | None
    #: The limits on calls to customers that are nearly or quite used up.
    limits: Sequence[Standing]
    #: Today's calls in which nobody presses or says anything, if they have reached the bound that is set.
    silence: Row[Any] | None
    #: When the hosted flow took calls that we did not answer, and the day on which: today.
    continuity: Sequence[Episode]
    today: date

    @property
    def references(self) -> set[str]:
        """Return the references of all that is on it."""
        rows = (*(one.intake for one in self.callers), *self.owed, *self.visits, *self.payment_issues)
        return {one.reference for one in rows}

    def seen(self, references: Collection[str]) -> "Board":
        """Return what somebody sees who sees the matters of these references only."""
        callers = [one if one.intake.reference in references else one.veiled() for one in self.callers]
        owed = [one for one in self.owed if one.reference in references]
        staff = [one if one.reference in references else replace(one, reference=None) for one in self.staff]
        return replace(self, callers=callers, owed=owed, visits=(), payment_issues=(), staff=staff)

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
    now = clock.now()
    offers, calls = (
        sorted(_rows(live), key=lambda one: one.id) for live in (statements.offers(), statements.calls())
    )
    today = shield.today()
    (alarms,) = _rows(statements.alarms(), day=today)
    is_silent = (alarms.silent_minutes or 0) >= policy.current().silent_minutes_a_day
    intakes = _rows(statements.intakes(), ids=list({one.intake_id for one in (*offers, *calls)}))
    return Board(
        now=now,
        callers=_callers(intakes, calls, offers),
        owed=_rows(statements.owed()),
        visits=_rows(statements.visits(), now=now),
        payment_issues=_rows(statements.payment_issues()),
        staff=colleagues({one.staff_id: one for one in offers}, {one.id: one.reference for one in intakes}),
        down_since=alarms.down_since,
        closed=closed_by_hand(),
        on_call=on_call_while_closed(),
        limits=dialing.standing(),
        silence=alarms if is_silent else None,
        continuity=continuity_queries.of_day(today),
        today=today,
    )


# The statements are built once: building one takes longer than sending it.


def _callers(
    intakes: Sequence[Row[Any]], calls: Sequence[Row[Any]], offers: Sequence[Row[Any]]
) -> list[Caller]:
    live = {one.intake_id: one for one in calls}
    transfers = {
        one.intake_id: one.state for one in _rows(statements.transfers(), ids=[one.id for one in intakes])
    }
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
        has_rung_us=call is not None and call.direction == "inbound",
        found=call.stir_verstat if call else None,
        is_refused=call is not None and call.shield == Shield.REFUSED,
        transfer=transfer,
        with_whom=tuple(one.name for one in talks),
        rings=tuple(one.name for one in rings),
    )


def _rows(wanted: Select[*tuple[Any, ...]], **values: object) -> Sequence[Row[Any]]:
    return session.execute(wanted, values).all()

"""What waits for a person, and whose telephone rings: in the statement that each page makes anyway."""

import functools
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from ivr.backoffice.follow_ups import unheard
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.payments.models import PaymentTask
from ivr.callcenter.callbacks.claims import IDLE
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer
from ivr.company.hours import service as hours
from ivr.company.policy import cache
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.frame import rules


@dataclass(frozen=True)
class Bar:
    """What a page says of everything else, for one person."""

    #: The id of the latest event: the page's stream goes on from there.
    newest: int
    #: Callbacks that wait for a person and are in nobody's hands, and those in this person's hands.
    callbacks: int
    #: This person's open follow-ups.
    follow_ups: int
    #: Open payment issues.
    payments: int
    #: Intakes with a message that nobody has heard, of those that this person may see.
    messages: int
    #: The reference of the intake for which this person's telephone rings.
    rings: str | None
    line: str
    is_open: bool


def bar(staff_id: int, among: Select[Any] | None) -> Bar:
    """Return what this person's page says now; ``among`` selects the ids of the intakes that they may see."""
    found = session.execute(_of_all() if among is None else _bar(among), {"me": staff_id}).one()
    cache.note_version(found.settings)
    line, is_open = _line()
    newest = found.newest or 0
    return Bar(
        newest,
        found.callbacks,
        found.follow_ups,
        found.payments,
        found.messages,
        found.rings,
        line,
        is_open,
    )


def shown() -> tuple[object, ...]:
    """Return something that changes when what any page says has changed. Rings are told by themselves."""
    waits = (
        select(Callback.claimed_by, func.count()).where(_waits_for_anybody()).group_by(Callback.claimed_by)
    )
    owed = (
        select(FollowUp.owner_id, func.count())
        .where(FollowUp.closed_at.is_(None))
        .group_by(FollowUp.owner_id)
    )
    return (
        *_line(),
        *session.execute(_for_all()).one(),
        *sorted(map(str, session.execute(waits))),
        *sorted(map(str, session.execute(owed))),
    )


def _line() -> tuple[str, bool]:
    status = hours.status_now()
    return rules.line_words(status, hours.calendar(), clock.now()), status.open


# For whoever sees all intakes the statement is built once: building it takes longer than sending it.


@functools.cache
def _of_all() -> Select[*tuple[Any, ...]]:
    return _bar(None)


@functools.cache
def _for_all() -> Select[*tuple[Any, ...]]:
    return select(_payments(), unheard.count())


def _bar(among: Select[Any] | None) -> Select[*tuple[Any, ...]]:
    me: Any = bindparam("me")
    is_mine = and_(Callback.state.in_(IDLE), Callback.claimed_by == me)
    callbacks = select(func.count()).select_from(Callback).where(or_(_is_free(), is_mine))
    mine = FollowUp.owner_id == me, FollowUp.closed_at.is_(None)
    follow_ups = select(func.count()).select_from(FollowUp).where(*mine)
    ringing = Offer.staff_id == me, Offer.ended_at.is_(None), Offer.state.in_(routing_rules.OPEN)
    rings = select(Intake.reference).join(Offer, Offer.intake_id == Intake.id).where(*ringing)
    return select(
        select(func.max(CallEvent.id)).scalar_subquery().label("newest"),
        callbacks.scalar_subquery().label("callbacks"),
        follow_ups.scalar_subquery().label("follow_ups"),
        _payments().label("payments"),
        unheard.count(among).label("messages"),
        rings.order_by(Offer.id.desc()).limit(1).scalar_subquery().label("rings"),
        cache.VERSION.label("settings"),
    )


def _is_free() -> ColumnElement[bool]:
    return and_(Callback.state == CallbackState.TASK, Callback.claimed_by.is_(None))


def _waits_for_anybody() -> ColumnElement[bool]:
    return or_(_is_free(), and_(Callback.state.in_(IDLE), Callback.claimed_by.is_not(None)))


def _payments() -> Any:
    issues = select(func.count()).select_from(PaymentTask).where(PaymentTask.closed_at.is_(None))
    return issues.scalar_subquery()

"""Who works here, and what they are doing now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.routing.rules import OfferState
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.web.console.board import rules


@dataclass(frozen=True)
class Colleague:
    """A member of staff. ``reference`` is the intake they are busy with."""

    id: int
    name: str
    role: Role
    languages: Sequence[str]
    is_available: bool
    #: Of whoever is away: until when, and why.
    away_until: datetime | None
    away_reason: str | None
    doing: str
    until: datetime | None
    reference: str | None
    #: How their phone answered when it last rang, if they did not take that call.
    missed: str | None
    #: When their next shift begins, of who is off shift; None when none is known.
    back_at: datetime | None = None


def colleagues(offers: Mapping[int, Row[Any]], references: Mapping[int, str]) -> list[Colleague]:
    """Return those who are rung for calls; others only while an offer rings or a call lasts."""
    now = clock.now()
    everybody = []
    found = select(Staff, shifts_queries.on_shift(now), shifts_queries.back_at(now))
    for one, is_on_shift, back_at in session.execute(found.order_by(Staff.role.desc(), Staff.name, Staff.id)):
        offer = offers.get(one.id)
        if not one.role.is_called and offer is None:
            continue
        doing = rules.doing(
            talks=offer is not None and offer.state == OfferState.ACCEPTED,
            rings=offer is not None,
            wraps_up_until=one.wraps_up_until,
            available=one.is_available,
            on_shift=is_on_shift or not one.is_active,
            now=now,
        )
        everybody.append(
            Colleague(
                id=one.id,
                name=one.name,
                role=one.role,
                languages=one.languages,
                is_available=one.is_available,
                away_until=one.away_until,
                away_reason=one.away_reason,
                doing=doing,
                until=one.wraps_up_until if doing == "wrapping_up" else None,
                reference=references.get(offer.intake_id) if offer else None,
                missed=None if offer or one.last_outcome == Outcome.REACHED else one.last_outcome,
                back_at=back_at if doing == "off_shift" else None,
            )
        )
    return everybody

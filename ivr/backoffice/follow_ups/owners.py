"""Whose a follow-up is, and to whom it goes when they leave."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, or_, select, update

from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.follow_ups.rules import OF_ESTIMATES, Cause
from ivr.company.staff.models import Role, Staff
from ivr.core.db import changed, session
from ivr.platform.timeline import service as timeline

#: Who may have it: what is about money belongs to those who sell.
ROLES: Final[Mapping[Cause, frozenset[Role]]] = {
    **dict.fromkeys(OF_ESTIMATES, frozenset({Role.OPERATOR, Role.OWNER})),
    **dict.fromkeys(
        (Cause.NO_WRAP_UP, Cause.UNHEARD), frozenset({Role.TECHNICIAN, Role.OPERATOR, Role.OWNER})
    ),
}
#: Who gets it when nobody in particular does, in this order.
_INSTEAD: Final = (Role.OPERATOR, Role.OWNER, Role.TECHNICIAN, Role.FIELD)


@dataclass(frozen=True)
class Candidate:
    """Somebody who works here, and how many follow-ups they have."""

    id: int
    role: Role
    has: int


def owner_of(cause: Cause, preferred: Iterable[int | None], people: Collection[Candidate]) -> int | None:
    """Return whose it is: the first of ``preferred`` who may have it, else an operator with the fewest, else others.

    None only where nobody who may have it works here.
    """
    able = {one.id: one for one in people if one.role in ROLES[cause]}
    known = next((one for one in preferred if one in able), None)
    if known is not None:
        return known
    others = sorted(able.values(), key=lambda one: (_INSTEAD.index(one.role), one.has, one.id))
    return others[0].id if others else None


def candidates() -> list[Candidate]:
    """Return everybody who works here."""
    has = (
        select(FollowUp.owner_id, func.count().label("has"))
        .where(FollowUp.closed_at.is_(None))
        .group_by(FollowUp.owner_id)
        .subquery()
    )
    people = select(Staff.id, Staff.role, func.coalesce(has.c.has, 0)).outerjoin(
        has, has.c.owner_id == Staff.id
    )
    return [Candidate(*row) for row in session.execute(people.where(Staff.is_active).order_by(Staff.id))]


def colleagues(cause: Cause) -> list[Staff]:
    """Return who may have a follow-up of this cause, by name."""
    able = Staff.is_active, Staff.role.in_(ROLES[cause])
    return list(session.scalars(select(Staff).where(*able).order_by(Staff.name, Staff.id)))


def hand_on(staff_id: int | None = None) -> int:
    """Give away the open follow-ups of whoever left, or may not have them any more. Returns how many.

    ``staff_id`` looks at one person's alone. Where nobody else may have one it stays where it is.
    """
    may_not = [and_(FollowUp.cause == cause, Staff.role.not_in(roles)) for cause, roles in ROLES.items()]
    lost = select(FollowUp).join(Staff, Staff.id == FollowUp.owner_id).where(FollowUp.closed_at.is_(None))
    lost = lost.where(or_(~Staff.is_active, *may_not)).order_by(FollowUp.due_at, FollowUp.id)
    if staff_id is not None:
        lost = lost.where(FollowUp.owner_id == staff_id)
    handed = 0
    for one in session.scalars(lost).all():
        # Asked anew for each, so that they are shared out evenly.
        new = owner_of(one.cause, (), candidates())
        if new is not None and give(one, new):
            handed += 1
    return handed


def give(follow_up: FollowUp, staff_id: int, *, by: str = "") -> bool:
    """Make an open follow-up theirs. Returns False when somebody else changed it meanwhile."""
    as_it_was = FollowUp.id == follow_up.id, FollowUp.owner_id == follow_up.owner_id
    if not changed(
        update(FollowUp).where(*as_it_was, FollowUp.closed_at.is_(None)).values(owner_id=staff_id)
    ):
        return False
    to = session.get_one(Staff, staff_id).name
    timeline.append(follow_up.intake_id, "follow_up_handed", cause=follow_up.cause, to=to, staff=by)
    return True

"""Which callers of the queue the routing has to look at.

For most of a long queue it can do nothing, because everybody who speaks their language is engaged: they are not read.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, exists, func, or_, select, union_all

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import Candidate
from ivr.company.staff.models import Role
from ivr.core.db import session


def in_question(candidates: Sequence[Candidate], *, besides: int = 0) -> list[Intake]:
    """Return the callers, by first arrival, for whom ``rules.next_to_ring`` may find more than that all are engaged.

    Those are: whoever was offered in this wait, because everybody may have been asked; whoever speaks a language that
    nobody on shift speaks; whoever has asked for those on call; and of the others the first ones, for each language as
    many as there are free people who speak it, because then nobody is free for the rest. ``besides`` is how many more
    to take, since somebody may be kept free for a customer who is being called.
    """
    spoken = {language for one in candidates for language in one.languages}
    free = Counter(language for one in candidates if one.is_free for language in one.languages)
    most = {f"most_{language}": many + besides for language, many in free.items()}
    found = _in_question(tuple(sorted(free)), tuple(sorted(spoken)))
    return list(session.scalars(found, most))


@cache  # each look through the queue asks it, and to build it takes longer than to run it
def _in_question(free: tuple[str, ...], spoken: tuple[str, ...]) -> Select[Intake]:
    """Return the query: free people speak one of ``free``, and people on shift one of ``spoken``."""
    since = func.coalesce(Intake.waiting_since, Intake.created_at)
    theirs = Offer.intake_id == Intake.id, Offer.role == Role.TECHNICIAN
    is_offered = exists().where(*theirs, Offer.made_at >= since)
    first = [
        _waiting(Intake.language == language, Intake.emergency_at.is_(None), ~is_offered)
        .order_by(Intake.arrived_at, Intake.id)
        .limit(bindparam(f"most_{language}", type_=Integer))
        for language in free
    ]
    apart = Intake.emergency_at.is_not(None)
    whole = _waiting(or_(is_offered, apart, Intake.language.not_in(spoken)))
    ids = union_all(whole, *(select(one.subquery().c.id) for one in first))
    return select(Intake).where(Intake.id.in_(ids)).order_by(Intake.arrived_at, Intake.id)


def _waiting(*which: Any) -> Select[Any]:
    return select(Intake.id).where(Intake.call_state == CallState.WAITING, *which)

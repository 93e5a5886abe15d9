"""Recorded messages that nobody has heard: found, listed and counted by their intakes."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, exists, func, literal, select, update

from ivr.backoffice.follow_ups.models import FollowUpWatch
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.intake.stages import Stage
from ivr.callcenter.routing.models import Offer
from ivr.core import clock
from ivr.core.db import UTCDateTime, changed, session

_ALWAYS: Final = literal(datetime(2000, 1, 1, tzinfo=UTC), UTCDateTime())
_HAS_TALKED: Final = exists().where(Offer.intake_id == Clip.intake_id, Offer.accepted_at >= Clip.made_at)
#: Nobody has heard it, and nobody has talked with its caller, whose recording they hear before.
IS_UNHEARD: Final = (Clip.heard_at.is_(None), ~_HAS_TALKED)


def intakes() -> Select[Any]:
    """Select the id of an intake for each unheard message, as often as it has one.

    The matter is open, the caller's call is over, and the message not older than the service's first look at any.
    """
    first_look = select(func.min(FollowUpWatch.since)).scalar_subquery()
    return (
        select(Clip.intake_id)
        .join(Intake, Intake.id == Clip.intake_id)
        .where(*IS_UNHEARD, Clip.made_at >= func.coalesce(first_look, _ALWAYS))
        # Without an equality that has an index: few messages are unheard, and most calls are over.
        .where(Intake.stage != Stage.CLOSED, Intake.call_state.not_in(stages.ON_LINE))
    )


def count(among: Select[Any] | None = None) -> Any:
    """SQL value: how many intakes have an unheard message; ``among`` selects the ids of those that count."""
    found = intakes() if among is None else intakes().where(Clip.intake_id.in_(among))
    return select(func.count(found.subquery().c.intake_id.distinct())).scalar_subquery()


def messages(intake_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """Return the unheard messages of these intakes, by the intake's id, the oldest first: all but the audio."""
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    if not intake_ids:
        return found
    columns = Clip.id, Clip.intake_id, Clip.made_at, Clip.transcript
    kept = Clip.audio.is_not(None).label("is_kept")
    wanted = select(*columns, kept).where(*IS_UNHEARD, Clip.intake_id.in_(intake_ids)).order_by(Clip.id)
    rows: Any = session.execute(wanted)
    for one in rows:
        found[one.intake_id].append(one)
    return found


def note_talked() -> None:
    """Note as heard what was heard on the phone, so that the index of unheard messages holds no others."""
    changed(
        update(Clip).where(Clip.heard_at.is_(None), _HAS_TALKED).values(heard_at=clock.now()),
        in_session=False,
    )

"""What the owner sets, and the trace it leaves."""

from typing import Any

from sqlalchemy import select

from ivr.company.policy.models import Audit
from tests.support.world import World

WEEK: dict[str, Any] = {
    **{f"opens_{day}": "07:00" for day in range(5)},
    **{f"closes_{day}": "16:00" for day in range(5)},
}


def changes(world: World) -> list[tuple[str, str, str, str]]:
    with world.database.reading() as session:
        lines = session.scalars(select(Audit).order_by(Audit.id))
        return [(one.staff_name, one.subject, one.before, one.after) for one in lines]

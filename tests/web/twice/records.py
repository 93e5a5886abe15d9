"""All that is recorded, to compare what one press and two presses leave behind."""

from typing import Any

from sqlalchemy import select, text

from ivr.company.policy.models import Audit
from ivr.core.db import is_on_postgres
from ivr.operations.schema import metadata
from tests.support.world import World

#: Rows that say how often something was asked, and not what was done.
COUNTS_REQUESTS = {"given_answer", "login_attempt"}
#: Lines of the audit that say who came and went.
COMES_AND_GOES = {"log_in", "log_out", "refused", "link"}


def rows(world: World) -> dict[str, list[Any]]:
    """All there is, but for how often something was asked."""
    with world.database.reading() as session:
        found = {
            name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for name, table in metadata.tables.items()
            if name not in COUNTS_REQUESTS | {Audit.__tablename__}
        }
        acts = select(*Audit.__table__.columns).where(Audit.kind.not_in(COMES_AND_GOES)).order_by(Audit.id)
        found[Audit.__tablename__] = [tuple(row) for row in session.execute(acts)]
        if is_on_postgres():
            jobs = session.execute(text("SELECT id, task_name FROM procrastinate_jobs ORDER BY id"))
            found["jobs"] = [tuple(row) for row in jobs]
    return found


def counted(all_rows: dict[str, list[Any]]) -> dict[str, int]:
    return {name: len(found) for name, found in all_rows.items()}

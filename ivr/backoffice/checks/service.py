"""Keeps what all checks have found, for the owner's page."""

from collections.abc import Iterable
from typing import Any, Final, cast

from sqlalchemy import Table

from ivr.backoffice.checks.checkup import Result, as_json
from ivr.backoffice.checks.models import HealthReport
from ivr.core import clock
from ivr.core.db import insert_of, is_on_postgres, session

_THE_ROW: Final = 1


def keep(results: Iterable[Result], by: str) -> None:
    """Keep these in place of those before. Two may look at the same moment."""
    values: dict[str, Any] = {"at": clock.now(), "by": by[:100], "results": as_json(results)}
    adding = insert_of(cast("Table", HealthReport.__table__), is_on_postgres()).values(id=_THE_ROW, **values)
    session.execute(adding.on_conflict_do_update(index_elements=["id"], set_=values))


def last() -> HealthReport | None:
    """Return the last report; None before the first."""
    return session.get(HealthReport, _THE_ROW)

"""Which intakes match a search."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from ivr.backoffice.search import rules
from ivr.core.db import session

_SQLITE: Final = text(
    "SELECT rowid FROM intake_search WHERE intake_search MATCH :wanted AND rowid < :before"
    " ORDER BY rowid DESC LIMIT :limit"
)
_POSTGRESQL: Final = text(
    "SELECT intake_id FROM intake_search WHERE words @@ CAST(:wanted AS tsquery) AND intake_id < :before"
    " ORDER BY intake_id DESC LIMIT :limit"
)
#: Above every id: the columns are 32-bit integers.
_ABOVE_ALL: Final = 2**31 - 1


def find_intakes(wanted: Sequence[rules.Term], *, before: int | None = None, limit: int) -> list[int]:
    """Returns the ids of intakes that hold every term, newest first, below ``before``; none when there are no terms."""
    if not wanted:
        return []
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    statement, asked = (
        (_POSTGRESQL, rules.as_tsquery(wanted)) if is_postgresql else (_SQLITE, rules.as_fts5(wanted))
    )
    values = {"wanted": asked, "before": _ABOVE_ALL if before is None else before, "limit": limit}
    return list(session.scalars(statement, values))


def forget_deleted() -> None:
    """Have SQLite's index drop the words of rows that are gone: it keeps them until it merges its parts.

    PostgreSQL's VACUUM does it by itself.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO intake_search (intake_search) VALUES ('optimize')"))

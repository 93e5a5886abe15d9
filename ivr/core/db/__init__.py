"""The database: the edge opens a transaction, services use ``session`` and never commit."""

from ivr.core.db.engine import (
    Database,
    before_commit,
    changed,
    insert_of,
    insert_once,
    is_on_postgres,
    is_unavailable,
    retry_on_deadlock,
    session,
    transaction_is_open,
)
from ivr.core.db.remains import wipe_remains
from ivr.core.db.types import Base, UTCDateTime, Word

__all__ = [
    "Base",
    "Database",
    "UTCDateTime",
    "Word",
    "before_commit",
    "changed",
    "insert_of",
    "insert_once",
    "is_on_postgres",
    "is_unavailable",
    "retry_on_deadlock",
    "session",
    "transaction_is_open",
    "wipe_remains",
]

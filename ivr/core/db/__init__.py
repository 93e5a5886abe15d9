"""The database: the edge opens a transaction, services use ``session`` and never commit."""

from ivr.core.db.engine import (
    Database,
    before_commit,
    notify_after_commit,
    retry_on_deadlock,
    session,
    transaction_is_open,
)
from ivr.core.db.outages import is_unavailable, outage
from ivr.core.db.own_connection import own_connection
from ivr.core.db.remains import wipe_remains
from ivr.core.db.sealed import Seal, SealedJSON
from ivr.core.db.statements import (
    change,
    change_state,
    changed,
    insert_of,
    insert_once,
    is_on_postgres,
    one_at_a_time,
    one_of,
    run,
)
from ivr.core.db.types import Base, UTCDateTime, Word

__all__ = [
    "Base",
    "Database",
    "Seal",
    "SealedJSON",
    "UTCDateTime",
    "Word",
    "before_commit",
    "change",
    "change_state",
    "changed",
    "insert_of",
    "insert_once",
    "is_on_postgres",
    "is_unavailable",
    "notify_after_commit",
    "one_at_a_time",
    "one_of",
    "outage",
    "own_connection",
    "retry_on_deadlock",
    "run",
    "session",
    "transaction_is_open",
    "wipe_remains",
]

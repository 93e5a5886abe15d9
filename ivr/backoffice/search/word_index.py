"""The databases write new words beside their index, and merge them into it: here, and never in the turn of a call.

Left to themselves, they merge when somebody writes. With a million intakes SQLite made one caller in 64 wait 30 to
50 ms for it, and once a whole second, and everybody who wrote meanwhile.
"""

from typing import Final

from sqlalchemy import text

from ivr.core.db import Database, is_on_postgres, session

#: Pages of SQLite's index in one turn to write: about 10 ms.
_PAGES: Final = 32
_MERGE: Final = text("INSERT INTO intake_search (intake_search, rank) VALUES ('merge', :pages)")
_CHANGES: Final = text("SELECT total_changes()")
_CLEAN: Final = text("SELECT gin_clean_pending_list('ix_intake_search_words')")


def merge(database: Database) -> None:
    """Merge what was written lately into the index, in short transactions, until there is little left to merge."""
    while _step(database, _PAGES):
        pass


def forget_deleted(database: Database) -> None:
    """Have SQLite's index drop the words of rows that are gone, which it keeps until it merges them with the rest.

    All of the index is written anew, in short transactions. PostgreSQL's VACUUM does it by itself.
    """
    _step(database, -_PAGES)  # a negative number begins with all parts
    merge(database)


def _step(database: Database, pages: int) -> bool:
    """Return whether a further step may find something to merge."""
    with database.transaction():
        if is_on_postgres():
            session.execute(_CLEAN)
            return False
        before: int = session.scalars(_CHANGES).one()
        session.execute(_MERGE, {"pages": pages})
        after: int = session.scalars(_CHANGES).one()
        # Where nothing was merged, one: https://sqlite.org/fts5.html#the_merge_command
        return after - before > 1

"""What SQLite's files still have of rows that are gone."""

from ivr.core.db.engine import Database


def wipe_remains(database: Database) -> bool:
    """Move everything from SQLite's log into its file and empty the log, whose old pages hold what was deleted.

    Returns False when somebody reads or writes meanwhile: try again. In the file itself ``secure_delete`` has written
    zeros over it. PostgreSQL's VACUUM does its part by itself.
    """
    if database.engine.dialect.name != "sqlite":
        return True
    driver = database.engine.raw_connection()
    try:
        is_busy, _, _ = driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        driver.close()
    return not is_busy

"""The matter whose customer opens the pages, on SQLite."""

from tests.support.estimate_fixtures import app, clock, database, database_url, intake_id, olive

__all__ = ["app", "clock", "database", "database_url", "intake_id", "olive"]

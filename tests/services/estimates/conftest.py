"""An intake whose customer talks with Olive in scheduling, on both databases."""

import pytest

from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.estimate_fixtures import clock, database, estimate_id, intake_id, olive
from tests.support.estimates import Book, Somebody

__all__ = ["clock", "database", "estimate_id", "intake_id", "olive"]


@pytest.fixture
def book(database: Database, olive: Staff) -> Book:
    """The owner books, for a reason, so that nothing need be paid."""
    owner = Somebody(olive.id, is_owner=True)

    def book(intake_id: int, window: Window, confirmed: str = "") -> None:
        with database.transaction():
            bookings.book(intake_id, window, by=owner, reason="A contract customer", confirmed=confirmed)

    return book

"""A matter whose estimate Olive sends on Monday at nine, on both databases, and a worker that has begun to look."""

import pytest
import time_machine

from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.estimate_fixtures import clock, database, estimate_id, intake_id, olive
from tests.support.follow_ups import Line

__all__ = ["clock", "database", "estimate_id", "intake_id", "olive"]


@pytest.fixture
def line(database: Database, clock: time_machine.Traveller) -> Line:
    return Line(database, clock)


@pytest.fixture
def pedro(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Pedro", "operator", "+14155550122", "pedro@example.com")


@pytest.fixture
def dana(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Dana", "technician", "+14155550111", "dana@example.com")


@pytest.fixture
def ruth(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Ruth", "owner", "+14155550131", "ruth@example.com")

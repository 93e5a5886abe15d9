"""Fixtures of a matter with Olive in scheduling, for the conftests of services and of pages."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from ivr.app import create_app
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake.stages import CallState
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.config import DESK, from_environment
from ivr.core.db import Database, Seal
from ivr.platform.jobs.embedded import EmbeddedQueue
from tests.support.estimates import sent
from tests.support.kept import KEY, kept_app, kept_database
from tests.support.world import pacific


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(pacific("2026-11-23 09:00:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def database(
    request: pytest.FixtureRequest, database_url: str, clock: time_machine.Traveller
) -> Iterator[Database]:
    database = (
        Database(database_url, seal=Seal(KEY), queue=EmbeddedQueue())
        if _in_browser(request)
        else kept_database(database_url)
    )
    with database.transaction():
        policy.change("hourly_rate_cents", "150", policy.Command("test"))
    yield database
    database.engine.dispose()


@pytest.fixture
def olive(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Olive", "operator", "+14155550121", "olive@example.com")


@pytest.fixture
def intake_id(database: Database) -> int:
    with database.transaction():
        intake = new_intake("+14155552671")
        intake.call_state = CallState.FINISHED
        intake.kind = "onsite"
        intake.contact_name = "Maria Lopez"
        intake.contact_number = "+14155552671"
        intake.contact_email = "maria@example.com"
        intake.site_address = "1 Main St, Oakland"
        intake.system_number = "+15105550100"
        intake.detailed_issue = "Half the phones are dead."
        return intake.id


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Pages are the same on both databases. A browser has its own: its stream may outlive the test."""
    url: str = request.getfixturevalue("sqlite_alone" if _in_browser(request) else "sqlite_stories")
    return url


@pytest.fixture
def app(request: pytest.FixtureRequest, database_url: str, database: Database) -> Flask:
    config = from_environment(DESK | {"DATABASE_URL": database_url, "SECRET_KEY": KEY})
    return create_app(config) if _in_browser(request) else kept_app(config)


def _in_browser(request: pytest.FixtureRequest) -> bool:
    return "browser" in request.fixturenames


@pytest.fixture
def estimate_id(database: Database, intake_id: int, olive: Staff) -> int:
    return sent(database, intake_id, olive)[0]

"""Each law of the long run is broken by hand: what is not noticed here would not be noticed there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.transfers.models import Transfer
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.operations.schema import metadata
from ivr.platform.jobs import enqueue
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.jobs.models import JobRow
from tests.exhaustive.durability.laws import Journal, breaches
from tests.support.serving import served
from tests.support.states import in_state

NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)
ROSA, SAM = "+14155552671", "+14155552672"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Rosa talked with Dana and is done; Sam was cut off and is owed a call."""
    database = Database(f"sqlite:///{tmp_path}/line.db", queue=EmbeddedQueue())
    metadata.create_all(database.engine)
    with database.transaction() as session:
        roster.add("Dana", "technician", "+14155550111", "dana@example.com", ["en"], None)
        session.flush()
        for number, (caller, state) in enumerate(((ROSA, "closed"), (SAM, "abandoned")), 1):
            of_it: dict[str, Any] = {"id": number, "intake_id": number}
            session.add(
                Intake(
                    id=number,
                    reference=f"R{number}",
                    conference_name=f"room {number}",
                    **in_state(state),
                    caller_number=caller,
                    created_at=NOON,
                    heard_at=NOON,
                )
            )
            session.flush()
            over = {"started_at": NOON, "ended_at": NOON, "status": "completed"}
            session.add(CustomerCall(sid=f"CA{number}", **of_it, **over))
            session.add(
                Offer(**of_it, staff_id=1, role="technician", language="en", made_at=NOON, ended_at=NOON)
            )
            session.flush()
            session.add(StaffCall(id=number, sid=f"CA1{number}", offer_id=number, **over))
        session.add(owed(2))
    yield database
    database.engine.dispose()


def owed(intake_id: int) -> Callback:
    return Callback(intake_id=intake_id, reason="dropped", due_at=NOON, arrived_at=NOON, created_at=NOON)


def journal_of(*rung: str, first: int = 1) -> Flask:
    """A network that was asked to ring so, one call for each. What came before the first it has forgotten."""
    app = Flask("network")
    asked = [
        {
            "id": number,
            "kind": "rest",
            "method": "POST",
            "url": "/2010-04-01/Accounts/AC1/Calls.json",
            "status": 201,
            "params": {"Url": f"https://line.test/voice/x?{about}"},
        }
        for number, about in enumerate(rung, first)
    ]
    app.add_url_rule("/requests.json", "requests", lambda: {"requests": asked})
    return app


def found(database: Database, *rung: str, first: int = 1, dialled: str = SAM) -> list[str]:
    with served(journal_of(*rung, first=first)) as network:
        return breaches(database, Journal(network), {ROSA, dialled})


def test_nothing_is_wrong_with_two_calls_that_went_well(database: Database) -> None:
    assert found(database, "offer=1", "offer=2", "callback=1", "callback=1") == []


def reopened(kind: type[CustomerCall] | type[StaffCall] | type[Offer]) -> Callable[[Session], Any]:
    return lambda session: session.execute(update(kind).where(kind.id == 1).values(ended_at=None))


BROKEN: dict[str, Callable[[Session], Any]] = {
    "intake 2 is abandoned and nothing is promised": lambda session: session.execute(
        update(Callback).values(state="done")
    ),
    "intake 2 has 2 open promises": lambda session: session.add(owed(2)),
    "call 1 is open": reopened(CustomerCall),
    "leg 1 is open": reopened(StaffCall),
    "offer 1 is open": reopened(Offer),
    "transfer 1 is open": lambda session: session.add(Transfer(intake_id=1, from_offer_id=1, begun_at=NOON)),
    "Dana is engaged with nobody": lambda session: session.execute(update(Staff).values(offer_id=1)),
    "offer 1 has 2 legs": lambda session: session.add(
        StaffCall(sid="CA99", offer_id=1, started_at=NOON, ended_at=NOON, status="completed")
    ),
}


@pytest.mark.parametrize("breach", BROKEN)
def test_rows_that_break_a_law_are_noticed(database: Database, breach: str) -> None:
    with database.transaction() as session:
        BROKEN[breach](session)
    assert found(database) == [breach]


@pytest.mark.parametrize(
    ("rung", "breach"),
    [
        (["offer=1", "offer=1"], "offer 1: rung 2 times"),
        (["callback=1", "callback=1", "callback=1"], "callback 1: rung 3 times"),
    ],
)
def test_a_person_who_is_rung_too_often_is_noticed(database: Database, rung: list[str], breach: str) -> None:
    assert found(database, *rung) == [breach]


def test_requests_that_the_network_forgot_before_they_were_read_are_noticed(database: Database) -> None:
    assert found(database, "offer=2", first=4) == ["3 requests were never looked at"]


def test_a_caller_of_whom_nothing_is_kept_is_noticed(database: Database) -> None:
    assert found(database, dialled="+14155559999") == ["+14155559999 rang and is not known"]


@pytest.mark.parametrize(
    ("state", "word"), [("dead", "dead=1"), ("running", "running=1"), ("ready", "due=1")]
)
def test_work_that_is_left_is_noticed(database: Database, state: str, word: str) -> None:
    with database.transaction() as session:
        enqueue("calls.look_after", run_at=datetime.now(UTC) - timedelta(minutes=1), sid="CA1")
        session.flush()
        session.execute(update(JobRow).values(state=state))
    (breach,) = found(database)
    assert breach.startswith("jobs:")
    assert word in breach

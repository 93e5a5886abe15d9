"""The console on a database of its own, with three members of staff, and a browser's worth of intakes."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import ivr.console.models
import ivr.hours.models  # noqa: F401  # tables that the pages read
from ivr.callbacks.models import Callback
from ivr.calls.models import CallEvent
from ivr.console import init_console
from ivr.db import Base, Database
from ivr.dispatch import roster
from ivr.intake.models import Intake
from ivr.settings import Settings, from_environment

#: Of everybody who has one.
PASSWORD = "a long enough one"
#: Noon in California, on a Friday.
NOON = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
#: The id of the intake that has been through everything.
WHOLE = 500
STAFF = {
    "technician": ("Tara Nguyen", "+14155550111"),
    "operator": ("Omar Haddad", "+14155550112"),
    "owner": ("Olivia Stone", "+14155550113"),
}

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return from_environment({"DATABASE_URL": f"sqlite:///{tmp_path}/line.db", "SECRET_KEY": "k" * 40})


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the staff in it, to be copied: hashing passwords takes its time."""
    file = tmp_path_factory.mktemp("staffed") / "line.db"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    with database.transaction():
        for role, (name, phone) in STAFF.items():
            roster.add(name, role, phone, f"{role}@example.com", ["en"], PASSWORD)
        roster.add("No Password", "operator", "+14155550114", "none@example.com", ["en"], None)
    database.engine.dispose()  # the last connection to close folds the write-ahead log into the file
    return file


@pytest.fixture
def database(settings: Settings, staffed: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(staffed, tmp_path / "line.db")
    database = Database(settings.database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    return console_app(settings, database)


def console_app(settings: Settings, database: Database) -> Flask:
    """An application that is nothing but the console."""
    app = Flask(__name__)
    app.extensions.update(settings=settings, database=database)
    init_console(app)
    return app


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def log_in(app: Flask) -> LogIn:
    def log_in(role: str) -> FlaskClient:
        client = app.test_client()
        assert send(client, "/login", email=f"{role}@example.com", password=PASSWORD).status_code == 302
        return client

    return log_in


@pytest.fixture
def operator(log_in: LogIn) -> FlaskClient:
    return log_in("operator")


def token_in(page: str) -> str:
    """The token that a form of this page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def send(client: FlaskClient, path: str, *, seen_on: str | None = None, **fields: str) -> TestResponse:
    """Send the form that is seen on a page, by default the page of the same path."""
    token = token_in(client.get(seen_on or path).text)
    return client.post(path, data={**fields, "csrf_token": token})


def an_intake(number: int, **more: Any) -> Intake:
    at = NOON + timedelta(minutes=number)
    return Intake(
        **{
            "id": number,
            "reference": f"R{number}",
            "room": f"room-{number}",
            "created_at": at,
            "heard_at": at,
            **more,
        }
    )


@pytest.fixture
def one_whole(database: Database) -> str:
    """The reference of an intake that has been through everything."""
    with database.transaction() as session:
        session.add(
            an_intake(
                WHOLE,
                reference="K7M3QX",
                state="abandoned",
                kind="onsite",
                language="es",
                caller_number="+14155552671",
                callback_number="+15105550100",
                issue="Half the phones went dead <b>this morning</b> & the fax line hums.",
                issue_recording_url="https://api.twilio.com/recording",
                technician_id=1,
                operator_id=2,
                created_at=NOON + timedelta(minutes=1),
                heard_at=NOON + timedelta(minutes=3),
                arrived_at=NOON + timedelta(minutes=2),
                contact_name="Rosa Díaz",
                contact_number="+14155552671",
            )
        )
        session.flush()
        for second, (kind, data) in enumerate(HAPPENED):
            at = NOON + timedelta(seconds=60 + 9 * second)
            session.add(CallEvent(intake_id=WHOLE, at=at, kind=kind, key=f"{kind}-{second}", data=data))
        for number, state in (("+15105550100", "promised"), (None, "closed")):
            session.add(
                Callback(
                    intake_id=WHOLE,
                    number=number,
                    reason="dropped",
                    state=state,
                    due_at=NOON + timedelta(days=3),
                    arrived_at=NOON,
                    created_at=NOON,
                    staff_id=1,
                )
            )
    return "K7M3QX"


HAPPENED: list[tuple[str, dict[str, Any]]] = [
    ("call_arrived", {"direction": "inbound", "returning": False}),
    ("kind_chosen", {"chosen": "onsite"}),
    ("callback_number", {"number": "+15105550100"}),
    ("issue_heard", {"words": "Half the phones went dead <b>this morning</b>", "confidence": 0.9}),
    ("joined_line", {}),
    ("offer_made", {"staff": "Sam Lee", "role": "technician"}),
    ("offer_ended", {"staff": "Sam Lee", "role": "technician", "outcome": "no_answer"}),
    ("offer_made", {"staff": "Tara Nguyen", "role": "technician"}),
    ("offer_answered", {"staff": "Tara Nguyen", "role": "technician"}),
    ("offer_accepted", {"staff": "Tara Nguyen", "role": "technician"}),
    ("caller_held", {}),
    ("transfer_begun", {}),
    ("transfer_given_up", {"reason": "nobody_free"}),
    ("satellite_aligned", {"by": "<script>", "degrees": 3}),
    ("caller_left", {"status": "completed"}),
    (
        "callback_promised",
        {"number": "+15105550100", "reason": "dropped", "due_at": "2026-11-23T20:00:00+00:00"},
    ),
]


def fill(database: Database, count: int) -> None:
    """So many intakes, in various states, with this or that not known."""
    states = (
        "collecting",
        "waiting",
        "ringing",
        "with_technician",
        "with_operator",
        "quoted",
        "booked",
        "message",
    )
    words = "The voicemail light stays on and nobody can check it. "
    with database.transaction() as session:
        session.add_all(
            an_intake(
                number,
                state=states[number % len(states)],
                kind=("onsite", "remote", None)[number % 3],
                caller_number=f"+1415555{number:04}" if number % 7 else None,
                callback_number=f"+1510555{number:04}" if number % 5 else None,
                issue=words * (number % 6) if number % 4 else None,
                technician_id=1 if number % 2 else None,
                operator_id=2 if number % 4 == 1 else None,
            )
            for number in range(1, count + 1)
        )


@pytest.fixture
def many(database: Database) -> None:
    """Three pages of intakes."""
    fill(database, 120)


@pytest.fixture
def few(database: Database) -> None:
    """One intake of each state there is in the list."""
    fill(database, 8)

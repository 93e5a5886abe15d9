"""The migration that makes two machines of one word, and the release before it, which still runs beside this one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import Connection, MetaData, select, text, update

from ivr.app import create_app
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, IntakeState, Stage, state
from ivr.cli.db import make_folder
from ivr.core.config import DESK, from_environment
from ivr.core.db import Database
from ivr.services import services
from tests.support.paths import ROOT
from tests.support.postgres import new_database

pytestmark = pytest.mark.slow

AT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
#: By how it stood, what it was sold and who has the caller at this moment: the stage, the call, and the word now.
SPLIT: dict[tuple[str, str, str], tuple[str, str, str]] = {
    ("collecting", "", ""): ("open", "asking", "collecting"),
    ("waiting", "", ""): ("open", "waiting", "waiting"),
    ("ringing", "", ""): ("open", "ringing", "ringing"),
    ("with_technician", "", ""): ("open", "with_technician", "with_technician"),
    ("transferring", "", ""): ("open", "transferring", "transferring"),
    ("with_operator", "", ""): ("open", "finished", "with_operator"),
    ("with_operator", "", "operator"): ("open", "with_operator", "with_operator"),
    ("quoted", "sent", ""): ("quoted", "finished", "quoted"),
    ("quoted", "sent", "operator"): ("quoted", "with_operator", "with_operator"),
    ("quoted", "sent", "transfer"): ("quoted", "transferring", "transferring"),
    ("paid", "paid", ""): ("paid", "finished", "paid"),
    ("paid", "paid", "technician"): ("paid", "with_technician", "with_technician"),
    ("booked", "booking", ""): ("booked", "finished", "booked"),
    ("abandoned", "", ""): ("open", "cut_off", "abandoned"),
    ("message", "", ""): ("open", "left_word", "message"),
    ("closed", "", ""): ("closed", "settled", "closed"),
    ("closed", "withdrawn", ""): ("closed", "settled", "closed"),
    # The key 9 had closed these, and hidden a sale.
    ("closed", "sent", ""): ("quoted", "settled", "quoted"),
    ("closed", "paid", ""): ("paid", "settled", "paid"),
    ("closed", "booking", ""): ("booked", "settled", "booked"),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database as the release before left it, with an intake in every state."""
    if request.param == "sqlite":
        yield from _before(f"sqlite:///{tmp_path / 'line.db'}")
    else:
        with new_database(request.getfixturevalue("postgres")) as empty:
            yield from _before(empty)


def _before(url: str) -> Iterator[Flask]:
    app = create_app(from_environment(DESK | {"DATABASE_URL": url}))
    with app.app_context():
        make_folder()
        command.upgrade(Config(ROOT / "alembic.ini"), "0024")
    with _database(app).engine.begin() as connection:
        for number, how in enumerate(SPLIT, 1):
            _intake(connection, number, *how)
    yield app
    _database(app).engine.dispose()


def test_every_state_is_split_by_what_was_sold_and_who_is_on_the_line(app: Flask) -> None:
    upgrade(app)

    with _database(app).reading() as session:
        rows = session.execute(
            select(Intake.stage, Intake.call_state, Intake.state).order_by(Intake.id)
        ).all()
        assert dict(zip(SPLIT, (tuple(row) for row in rows), strict=True)) == SPLIT
        assert all(state(*row[:2]) == row[2] for row in rows)
        assert {row.state for row in rows} == set(IntakeState)
        closed = session.scalars(select(Intake.closed_from).where(Intake.stage == Stage.CLOSED)).all()
        assert set(closed) == {Stage.OPEN}


def test_what_the_release_before_writes_moves_both_machines(app: Flask) -> None:
    """It runs on until the last of it is replaced, and knows only the word."""
    upgrade(app)
    expected = {
        "waiting": (Stage.QUOTED, CallState.WAITING),
        "with_technician": (Stage.QUOTED, CallState.WITH_TECHNICIAN),
        "abandoned": (Stage.QUOTED, CallState.CUT_OFF),
        "collecting": (Stage.QUOTED, CallState.ASKING),
        "message": (Stage.QUOTED, CallState.LEFT_WORD),
        "paid": (Stage.PAID, CallState.LEFT_WORD),
        "closed": (Stage.PAID, CallState.SETTLED),
    }
    sold = list(SPLIT).index(("quoted", "sent", "")) + 1

    for word, now in expected.items():
        with _database(app).engine.begin() as connection:
            connection.execute(text(f"UPDATE intake SET state = '{word}' WHERE id = {sold}"))  # noqa: S608  # ours
        with _database(app).reading() as session:
            assert (
                session.execute(select(Intake.stage, Intake.call_state).where(Intake.id == sold)).one() == now
            )


def test_what_this_release_writes_is_left_as_it_is(app: Flask) -> None:
    upgrade(app)

    with _database(app).transaction() as session:
        intake = session.get_one(Intake, 1)
        intake.stage = Stage.QUOTED
        intake.call_state = CallState.WITH_OPERATOR
        session.flush()
        intake.call_state = CallState.SETTLED
    with _database(app).reading() as session:
        intake = session.get_one(Intake, 1)
        assert (intake.stage, intake.call_state, intake.state) == (Stage.QUOTED, CallState.SETTLED, "quoted")


def test_an_intake_that_the_release_before_makes_begins_where_it_should(app: Flask) -> None:
    upgrade(app)
    with _database(app).engine.begin() as connection:
        _row(connection, "intake", id=99, reference="R99", state="collecting", room="99", **_moments())
    with _database(app).transaction() as session:
        assert session.get_one(Intake, 99).call_state is CallState.ASKING
        session.execute(
            update(Intake).where(Intake.id == 99).values(call_state=CallState.WAITING, state="waiting")
        )


def upgrade(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False).exit_code == 0


def _intake(connection: Connection, number: int, word: str, sold: str, on_line: str) -> None:
    if number == 1:
        for id_, role in enumerate(("technician", "operator"), 1):
            _staff(connection, id_, role)
    _row(connection, "intake", id=number, reference=f"R{number}", state=word, room=str(number), **_moments())
    if sold in {"sent", "paid", "withdrawn", "booking"}:
        _quote(connection, number, "paid" if sold == "booking" else sold)
    if sold == "booking":
        window = {"starts_at": AT, "ends_at": AT + timedelta(hours=2)}
        _row(connection, "booking", intake_id=number, sequence=0, booked_by=2, booked_at=AT, **window)
    if on_line:
        role = "technician" if on_line == "technician" else "operator"
        ours = {"intake_id": number, "id": number}
        _row(
            connection,
            "call",
            sid=f"CA{number}",
            status="in-progress",
            direction="inbound",
            goes_on=False,
            sequence=0,
            on_hold=False,
            started_at=AT,
            **ours,
        )
        _row(
            connection,
            "offer",
            staff_id=1 if role == "technician" else 2,
            role=role,
            state="accepted",
            language="en",
            made_at=AT,
            accepted_at=AT,
            told_gone=False,
            **ours,
        )
    if on_line == "transfer":
        _row(connection, "transfer", from_offer_id=number, state="ringing", begun_at=AT, **ours)


def _quote(connection: Connection, number: int, word: str) -> None:
    sums = dict.fromkeys(("extra_hours", "rate_cents", "surcharge_cents", "units"), 0)
    _row(
        connection,
        "quote",
        id=number,
        intake_id=number,
        version=1,
        kind="visit",
        state=word,
        base_cents=350_00,
        hours_included=1,
        increment_cents=25_00,
        total_cents=350_00,
        valid_until=AT.date(),
        language="en",
        created_at=AT,
        **sums,
    )


def _staff(connection: Connection, number: int, role: str) -> None:
    who = {"name": role, "phone": f"+1415555011{number}", "email": f"{role}@example.com", "role": role}
    _row(
        connection,
        "staff",
        id=number,
        languages=["en"],
        is_available=True,
        idle_since=AT,
        created_at=AT,
        **who,
    )


def _moments() -> dict[str, Any]:
    return {"created_at": AT, "heard_at": AT, "language": "en"}


def _row(connection: Connection, table: str, **values: Any) -> None:
    """A row as the release before would write it: its own columns only."""
    found = MetaData()
    found.reflect(connection, only=[table], resolve_fks=False)
    connection.execute(found.tables[table].insert().values(**values))


def _database(app: Flask) -> Database:
    found: Database = services(app).database
    return found

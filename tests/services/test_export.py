"""The export: the promised fields in the promised order, in both formats, in batches."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event

from ivr.backoffice.follow_ups.models import FollowUp
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.cli.export import export as export_group
from ivr.company.staff import roster
from ivr.core.config import DESK, from_environment
from ivr.core.db import Base, Database
from ivr.platform.timeline.models import CallEvent
from ivr.services import Services, install
from tests.support.states import in_state

NOON = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FIELDS = (
    "reference state kind language caller_number callback_number issue issue_recording_url created_at technician "
    "operator contact_name contact_number contact_email site_address system_number detailed_issue "
    "quote_total_cents paid_cents callbacks events wrap_up notes "
    "callback_extension contact_extension system_extension rung"
)

Run = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/line.db")
    Base.metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


@pytest.fixture
def run(database: Database) -> Run:
    app = Flask(__name__)
    install(app, Services(from_environment(DESK), database))
    app.cli.add_command(export_group)
    runner = app.test_cli_runner()
    return lambda *words, of="intakes": runner.invoke(args=["export", of, *words])


def an_intake(number: int, **more: Any) -> Intake:
    at = NOON + timedelta(minutes=number)
    return Intake(
        id=number,
        reference=f"R{number}",
        conference_name=f"room-{number}",
        created_at=at,
        heard_at=at,
        **more,
    )


@pytest.fixture
def whole(database: Database) -> None:
    with database.transaction() as session:
        maria = roster.add(
            name="Maria", role="technician", phone="4155552671", email="maria@example.com", password=None
        )
        omar = roster.add(
            name="Omar", role="operator", phone="4155552672", email="o@example.com", password=None
        )
        session.add(
            an_intake(
                1,
                **in_state("with_operator"),
                kind="onsite",
                language="es",
                caller_number="+14155550123",
                issue='=HYPERLINK("http://bad") goteo, “mañana”\n2 lines',
                technician_id=maria.id,
                operator_id=omar.id,
                contact_name="@SUM(A1)",
                site_address="-2 Main St",
                system_number="+1 and more",
            )
        )
        session.flush()
        session.add(
            Callback(
                intake_id=1,
                number="+14155550123",
                reason="dropped",
                due_at=NOON,
                arrived_at=NOON,
                created_at=NOON,
            )
        )
        customer = {"intake_id": 1, "status": "completed", "direction": "callback"}
        session.add(
            CustomerCall(sid="CA1", started_at=NOON + timedelta(minutes=5), outcome="mailbox", **customer)
        )
        for minute, staff, outcome in ((6, omar, None), (1.5, maria, "reached")):
            at = NOON + timedelta(minutes=minute)
            told = {"intake_id": 1, "language": "en", "state": "accepted" if outcome else "ringing"}
            session.add(Offer(staff_id=staff.id, role=staff.role, made_at=at, outcome=outcome, **told))
        for minute, kind in ((2, "joined_line"), (1, "call_arrived")):
            at = NOON + timedelta(minutes=minute)
            session.add(CallEvent(intake_id=1, at=at, kind=kind, key=kind, data={"kind": "no", "n": minute}))


@pytest.mark.usefixtures("whole")
def test_jsonl_has_exactly_the_promised_fields(run: Run) -> None:
    [line] = run().output.splitlines()
    record = json.loads(line)
    assert " ".join(record) == FIELDS
    assert record == {
        **dict.fromkeys(FIELDS.split()),
        "reference": "R1",
        "state": "with_operator",
        "kind": "onsite",
        "language": "es",
        "caller_number": "+14155550123",
        "issue": '=HYPERLINK("http://bad") goteo, “mañana”\n2 lines',
        "created_at": "2026-11-20T20:01:00+00:00",
        "technician": "Maria",
        "operator": "Omar",
        "contact_name": "@SUM(A1)",
        "site_address": "-2 Main St",
        "system_number": "+1 and more",
        "paid_cents": 0,
        "callbacks": [
            {
                "number": "+14155550123",
                "reason": "dropped",
                "due_at": "2026-11-20T20:00:00+00:00",
                "state": "promised",
                "extension": None,
            }
        ],
        "events": [
            {"at": "2026-11-20T20:01:00+00:00", "kind": "call_arrived", "n": 1},
            {"at": "2026-11-20T20:02:00+00:00", "kind": "joined_line", "n": 2},
        ],
        "rung": [
            {"at": "2026-11-20T20:01:30+00:00", "who": "technician", "name": "Maria", "outcome": "reached"},
            {"at": "2026-11-20T20:05:00+00:00", "who": "customer", "name": None, "outcome": "mailbox"},
            {"at": "2026-11-20T20:06:00+00:00", "who": "operator", "name": "Omar", "outcome": None},
        ],
    }


@pytest.mark.usefixtures("whole")
def test_csv_says_the_same_and_runs_no_formula(run: Run) -> None:
    record = json.loads(run().output)
    [row] = csv.DictReader(io.StringIO(run("--format", "csv").output, newline=""))
    assert " ".join(row) == FIELDS
    assert row["issue"] == "'" + record["issue"]
    assert (row["contact_name"], row["site_address"]) == ("'@SUM(A1)", "'-2 Main St")
    assert row["system_number"] == "'+1 and more"
    assert row["caller_number"] == "+14155550123", "a number stays one"
    assert (row["quote_total_cents"], row["paid_cents"]) == ("", "0")
    assert json.loads(row["events"]) == record["events"]
    assert json.loads(row["callbacks"]) == record["callbacks"]


def test_for_excel_it_begins_with_a_byte_order_mark(run: Run, database: Database) -> None:
    with database.transaction() as session:
        session.add(an_intake(1, contact_name="Luz Núñez"))
    plain, marked = (run("--format", "csv", *more) for more in ((), ("--bom",)))

    assert marked.stdout_bytes == b"\xef\xbb\xbf" + plain.stdout_bytes
    assert "Luz Núñez" in plain.output
    refused = run("--bom")
    assert refused.exit_code == 2
    assert "--bom is for --format csv" in refused.output


def test_no_intakes_is_no_lines(run: Run) -> None:
    assert run().output == ""
    assert run("--format", "csv").output.splitlines() == [FIELDS.replace(" ", ",")]


def test_many_come_oldest_first_in_batches(run: Run, database: Database) -> None:
    with database.transaction() as session:
        session.add_all(an_intake(number) for number in range(1200, 0, -1))
    asked: list[str] = []
    event.listen(
        database.engine, "after_cursor_execute", lambda _c, _cur, sql, *_: asked.append(sql.split(None, 1)[0])
    )
    result = run()
    assert [json.loads(line)["reference"] for line in result.output.splitlines()] == [
        f"R{number}" for number in range(1, 1201)
    ]
    # Three full look-ups of seven statements, and the last, which finds nothing.
    assert asked.count("SELECT") <= 7 * 4


def test_follow_ups_are_exported_with_what_came_of_them(run: Run, database: Database) -> None:
    with database.transaction() as session:
        olive = roster.add("Olive", "operator", "+14155550121", "olive@example.com")
        session.add(an_intake(1))
        session.flush()
        made = {"intake_id": 1, "owner_id": olive.id, "made_at": NOON, "due_at": NOON, "cents": 650_00}
        session.add(FollowUp(cause="unpaid", subject_id=1, **made))
        closed = {"closed_at": NOON, "closed_because": "reached", "closed_by": olive.id, "note": "=1+1"}
        session.add(FollowUp(cause="expiring", subject_id=1, **made, **closed))

    first, second = (json.loads(line) for line in run(of="follow-ups").output.splitlines())

    assert (first["reference"], first["cause"], first["owner"], first["closed_by"]) == (
        *("R1", "unpaid", "Olive"),
        None,
    )
    assert (second["cents"], second["closed_because"], second["closed_by"]) == (650_00, "reached", "Olive")
    assert "'=1+1" in run("--format", "csv", of="follow-ups").output

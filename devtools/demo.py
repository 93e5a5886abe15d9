"""``flask --app devtools demo``: one whole call, from the first ring to the filled-in intake, on its own processes."""

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from flask.cli import with_appcontext

from devtools.demo_clock import set_clock
from devtools.demo_stage import Stage, StepFailedError
from devtools.handset_client import CannotError, Handsets
from devtools.local_stack import LocalStack, PartFailedError
from devtools.seed import PEOPLE
from devtools.simulator_command import CUSTOMER
from devtools.transcript_columns import TranscriptColumns
from ivr.company.staff.models import Role

SPEED: Final = 5
LINE: Final = "+18779437675"
ISSUE: Final = "the phones at the front desk are dead since this morning"

_CUSTOMER: Final = CUSTOMER[0]
_TECHNICIANS: Final = [phone for _, role, phone, _ in PEOPLE if role == Role.TECHNICIAN]
_OPERATORS: Final = [phone for _, role, phone, _ in PEOPLE if role == Role.OPERATOR]


@click.command()
@with_appcontext
def demo() -> None:
    """Play one whole call in this terminal, then print its record. Exits 1 if any step does not happen."""
    with tempfile.TemporaryDirectory(prefix="line-") as folder:
        parts = LocalStack(Path(folder), speed=SPEED)
        set_clock(Path(parts.environment["CLOCK_FILE"]), "", datetime.now(UTC))
        click.echo("Starting a line of its own...\n")
        try:
            with parts:
                _play(_stage(parts))
                record = json.loads(parts.flask("export", "intakes", "--format", "jsonl").splitlines()[0])
        except (PartFailedError, StepFailedError, CannotError) as failed:
            raise click.ClickException(str(failed)) from failed
    _print_record(record)


def _stage(parts: LocalStack) -> Stage:
    lanes = (("CUSTOMER", [_CUSTOMER]), ("TECHNICIAN", _TECHNICIANS), ("OPERATOR", _OPERATORS))
    columns = shutil.get_terminal_size((120, 40)).columns
    return Stage(Handsets(parts.handset), TranscriptColumns(lanes, columns, click.echo), beside=parts.check)


def _play(stage: Stage) -> None:
    technician = reach_technician(stage)
    stage.do(technician, "say", text="Hello, this is support. Your front desk phones are dead?")
    stage.do(_CUSTOMER, "say", text="Yes, all of them, since this morning.")
    operator = transfer_to_operator(stage, technician)
    stage.do(technician, "say", text="They need somebody on site, and the caller is ready.")
    stage.wait_until_joined([_CUSTOMER, technician, operator], "a private consultation", held=[_CUSTOMER])
    stage.do(technician, "press", keys="*")
    stage.wait_for_question(technician, "the technician hears the star menu of the consultation")
    stage.do(technician, "press", keys="1")
    stage.wait_until_joined([_CUSTOMER, operator], "the caller and the operator talk")
    stage.wait_until_idle([technician], "the technician has left")
    stage.do(operator, "say", text="Let me book the visit for you.")
    stage.do(_CUSTOMER, "say", text="Thank you, goodbye.")
    stage.do(_CUSTOMER, "hang-up")
    stage.wait_for_question(operator, "the operator is asked whether everything is settled")
    stage.hear_out(operator)
    stage.do(operator, "press", keys="9")
    stage.wait_until_idle([_CUSTOMER, technician, operator], "everybody has hung up")


def reach_technician(stage: Stage) -> str:
    technician = ring_technician(stage)
    technician_accepts(stage, technician)
    return technician


def call_for_a_visit(stage: Stage, customer: str) -> None:
    stage.do(customer, "dial", to=LINE)
    stage.wait_for_question(customer, "the caller is asked what it is about", having="press 1")
    stage.do(customer, "press", keys="1")
    stage.wait_for_question(customer, "the callback number is read back", having="Press 1")
    stage.do(customer, "press", keys="1")
    stage.wait_for_question(customer, "the caller is asked what is wrong", having="?")
    stage.do(customer, "say", text=ISSUE)


def ring_technician(stage: Stage) -> str:
    call_for_a_visit(stage, _CUSTOMER)
    return stage.wait_for_ring(_TECHNICIANS, "a technician's telephone rings")


def technician_accepts(stage: Stage, technician: str) -> None:
    accept_call(stage, technician, "the technician hears the brief")
    stage.wait_until_joined([_CUSTOMER, technician], "the caller and the technician talk")


def transfer_to_operator(stage: Stage, technician: str) -> str:
    stage.do(technician, "press", keys="*")
    stage.wait_for_question(technician, "the technician hears the star menu")
    stage.do(technician, "press", keys="1")
    operator = stage.wait_for_ring(_OPERATORS, "an operator's telephone rings")
    accept_call(stage, operator, "the operator hears the brief")
    stage.wait_until_joined([_CUSTOMER, technician, operator], "a private consultation", held=[_CUSTOMER])
    return operator


def accept_call(stage: Stage, number: str, what: str) -> None:
    stage.do(number, "answer")
    stage.wait_for_question(number, what)
    stage.do(number, "press", keys="1")


def _print_record(record: dict[str, Any]) -> None:
    click.secho("\nThe record, as `flask --app ivr export intakes` gives it\n", bold=True)
    for name, value in record.items():
        if name == "events":
            click.echo(f"  {'events':<20} {', '.join(event['kind'] for event in value)}")
        elif value not in (None, "", []):
            click.echo(f"  {name:<20} {value}")

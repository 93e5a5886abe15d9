"""``flask --app ivr export intakes|follow-ups|shifts``: what there is of each, for use elsewhere.

In CSV a list is JSON in a cell, and no cell is a formula (``ivr.core.spreadsheets``).
"""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TextIO

import click
from flask.cli import with_appcontext

from ivr.backoffice.follow_ups import queries as follow_ups_queries
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.policy import trail
from ivr.company.policy.service import Command
from ivr.company.policy.trail import Kind
from ivr.core import clock, spreadsheets
from ivr.core.db import Database
from ivr.operations import export_shifts
from ivr.operations.export import EXPORTED, exported
from ivr.services import services

_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.group()
def export() -> None:
    """The data, out."""


#: Reads a batch: ``after`` is the last id of the one before.
Read = Callable[..., Sequence[tuple[int, dict[str, Any]]]]
_shape = click.option(
    "--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True
)
_mark = click.option("--bom", "has_mark", is_flag=True, help="Begin CSV with a byte order mark, for Excel.")


@export.command("intakes")
@_shape
@_mark
@with_appcontext
def intakes(*, shape: str, has_mark: bool) -> None:
    """Print every intake, oldest first. Times are ISO 8601 with offset, money is in cents."""
    _export("All intakes", "export intakes", exported, EXPORTED, shape=shape, has_mark=has_mark)


@export.command("follow-ups")
@_shape
@_mark
@with_appcontext
def follow_ups(*, shape: str, has_mark: bool) -> None:
    """Print every follow-up, oldest first: whose it is, its cause, the sum at stake, and what came of it."""
    fields = follow_ups_queries.EXPORTED
    read = follow_ups_queries.exported
    _export("All follow-ups", "export follow-ups", read, fields, shape=shape, has_mark=has_mark)


@export.command("shifts")
@click.option("--format", "shape", type=click.Choice(["jsonl", "csv"]), default="csv", show_default=True)
@click.option("--from", "first", type=_DAY, help="The first day, as 2026-11-01. Without it: a week ago.")
@click.option("--until", type=_DAY, help="The day after the last. Without it: in 90 days.")
@_mark
@with_appcontext
def shifts(*, shape: str, first: datetime | None, until: datetime | None, has_mark: bool) -> None:
    """Print who works when, by start: shifts, extra shifts, leave, turns on call. Times are in UTC, ISO 8601.

    Days are the company's. What reaches beyond them is cut.
    """
    with services().database.reading():
        calendar, now = hours.calendar(), clock.now()
        starts = hours_rules.moment(calendar, first) if first else now - timedelta(days=7)
        ends = hours_rules.moment(calendar, until) if until else now + timedelta(days=90)
    if starts >= ends:
        raise click.UsageError("--until must be after --from.")
    _begin("Shifts", "export shifts", shape, has_mark=has_mark)
    with services().database.reading():
        rows = export_shifts.exported(starts, ends)
    _write(rows, export_shifts.EXPORTED, shape)


def _export(
    what: str, command: str, read: Read, fields: Sequence[str], *, shape: str, has_mark: bool
) -> None:
    _begin(what, command, shape, has_mark=has_mark)
    _write(_records(services().database, read), fields, shape)


def _begin(what: str, command: str, shape: str, *, has_mark: bool) -> None:
    """Note who took what out, and write the mark. Raises UsageError."""
    if has_mark and shape != "csv":
        raise click.UsageError("--bom is for --format csv: programs that read JSON lines do not expect it.")
    if has_mark:
        sys.stdout.write(spreadsheets.BYTE_ORDER_MARK)
    with services().database.transaction():
        trail.note(Kind.EXPORT, what, Command(command), after=shape)


def _write(records: Iterable[dict[str, Any]], fields: Sequence[str], shape: str) -> None:
    if shape == "csv":
        _write_csv(records, fields, sys.stdout)
    else:
        _write_jsonl(records, sys.stdout)


def _records(database: Database, read: Read) -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        # A transaction for each batch: a person who pages through the output slowly holds nothing up.
        with database.reading():
            batch = read(after=last)
        if not batch:
            return
        yield from (record for _, record in batch)
        last = batch[-1][0]


def _write_jsonl(records: Iterable[dict[str, Any]], out: TextIO) -> None:
    out.writelines(_json(record) + "\n" for record in records)


def _write_csv(records: Iterable[dict[str, Any]], fields: Sequence[str], out: TextIO) -> None:
    rows = csv.DictWriter(out, fields)
    rows.writeheader()
    for record in records:
        rows.writerow({name: _cell(value) for name, value in record.items()})


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else _iso(value) if isinstance(value, datetime) else _json(value)
    return spreadsheets.cell(text)


def _json(value: Any) -> str:
    return json.dumps(value, default=_iso, ensure_ascii=False)


def _iso(value: datetime) -> str:
    return value.isoformat()

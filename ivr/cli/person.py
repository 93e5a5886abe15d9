"""``flask --app ivr person``: one person's data, found, exported, held and erased.

It is long because it has ten small commands, which share what they print.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from ivr.backoffice.personal_data import archive, holds, obstacles, rows, subject, tasks
from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import RequestKind, RequestState
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services

_TERMS = click.argument("terms", nargs=-1, required=True, metavar="NUMBER|EMAIL|NAME|REFERENCE...")
_BY = click.option("--by", required=True, metavar="NAME|PHONE", help="The member of staff who does it.")


@click.group()
def person() -> None:
    """One person's data."""


@person.command()
@_TERMS
@with_appcontext
def find(*, terms: tuple[str, ...]) -> None:
    """Say which matters are this person's, what is kept, and what stands in the way of erasing it."""
    with _plainly(), services().database.reading():
        found = subject.find(terms)
        _show(found)


@person.command()
@_TERMS
@click.option(
    "--to", "file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A new ZIP."
)
@_BY
@with_appcontext
def export(*, terms: tuple[str, ...], file: Path, by: str) -> None:
    """Write everything that is kept of this person into a ZIP: data.json and sounds."""
    whole = services()
    with _plainly():
        with whole.database.reading():
            found = subject.find(terms)
        with file.open("xb") as target:
            file.chmod(0o600)
            counts = archive.export(whole.database, whole.telephone, found, target)
        with whole.database.transaction():
            personal_data.exported(counts, by=_staff(by))
    click.echo(f"{file}: {sum(counts.values())} rows and sounds.")


@person.command()
@_TERMS
@_BY
@click.option("--force", is_flag=True, help="Also end what is open: intakes, scheduled callbacks, estimates.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def erase(*, terms: tuple[str, ...], by: str, force: bool, yes: bool) -> None:
    """Erase this person: here at once, at the network and at the payment provider by the worker."""
    database = services().database
    with _plainly():
        with database.reading():
            found = subject.find(terms)
            total = _show(found)
        if not yes:
            click.confirm("Erase this? You can't undo it.", abort=True)
        with database.transaction():
            request = personal_data.erase(found, by=_staff(by), force=force, seen=total)
            number = request.id
    click.echo(f"Erased here. The worker does the rest: flask --app ivr person requests {number}")


@person.command()
@_TERMS
@click.option("--why", required=True, help="Why it must be kept.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day on which it ends.")
@_BY
@with_appcontext
def hold(*, terms: tuple[str, ...], why: str, until: datetime, by: str) -> None:
    """Keep this person's matters: nothing deletes them until the day."""
    with _plainly(), services().database.transaction():
        ids = subject.find(terms).intake_ids
        ends = hours_rules.midnight(hours.calendar(), until.date())
        holds.place(ids, why=why, until=ends, by=_staff(by))
    click.echo(f"{len(ids)} intakes are held until {until:%Y-%m-%d}.")


@person.command()
@click.argument("number", type=int)
@_BY
@with_appcontext
def lift(*, number: int, by: str) -> None:
    """End the hold with this NUMBER before its day."""
    with _plainly(), services().database.transaction():
        if not holds.lift(number, by=_staff(by)):
            raise click.ClickException(f"No hold {number} is in force.")
    click.echo("Lifted.")


@person.command()
@_TERMS
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in RequestKind]),
    required=True,
    help="What they ask for.",
)
@_BY
@with_appcontext
def asked(*, terms: tuple[str, ...], kind: str, by: str) -> None:
    """Note what somebody has asked for, to be answered within 45 days."""
    with _plainly(), services().database.transaction():
        request = personal_data.note(RequestKind(kind), subject.find(terms).words, by=_staff(by).name)
        click.echo(f"Request {request.id}, to be answered by {request.due_at:%Y-%m-%d}.")


@person.command()
@click.argument("number", type=int, required=False)
@with_appcontext
def requests(*, number: int | None) -> None:
    """List the requests and the holds, or print the receipt of the request with this NUMBER."""
    with services().database.reading():
        if number is not None:
            click.echo(_receipt(number))
            return
        for one in personal_data.everything():
            click.echo(
                f"{one.id:>5}  {one.kind:<7}{one.state:<9} asked {one.asked_at:%Y-%m-%d}, due {one.due_at:%Y-%m-%d}"
            )
        for held, reference in holds.in_force():
            click.echo(
                f"{held.id:>5}  hold on {reference} until {held.until_at:%Y-%m-%d}, by {held.placed_by}"
            )


@person.command("by-hand")
@click.argument("number", type=int)
@click.argument("what", type=click.Choice([one for one in tasks.WORDS if one != tasks.LAST]))
@_BY
@with_appcontext
def by_hand(*, number: int, what: str, by: str) -> None:
    """Note that you have erased WHAT is left of request NUMBER at the provider yourself."""
    with _plainly(), services().database.transaction():
        if not personal_data.done_by_hand(number, what, by=_staff(by)):
            raise click.ClickException(f"Nothing of that kind is left of request {number}.")
    click.echo("Saved. The worker does the rest.")


@person.command()
@with_appcontext
def erased() -> None:
    """Print what was erased, as a restored backup needs it: keep it beside the backups. It names nobody."""
    with services().database.reading():
        json.dump(personal_data.erased(), sys.stdout, indent=1)
    click.echo()


@person.command()
@click.argument("file", type=click.File())
@_BY
@with_appcontext
def again(*, file: Any, by: str) -> None:
    """Erase again, after a restore, what FILE lists: what ``person erased`` has printed, or ``db restore`` kept."""
    matters = [tuple(matter) for one in json.load(file) for matter in one["matters"]]
    done = 0
    for number, reference in dict.fromkeys(matters):
        with _plainly(), services().database.transaction():
            ours = select(Intake.id).where(Intake.id == number, Intake.reference == reference)
            if session.scalar(ours) is not None:
                personal_data.erase_again(subject.of_references([reference]), by=_staff(by))
                done += 1
    click.echo(f"Erased again: {done} intakes. The worker does the rest.")


def _show(found: subject.Subject) -> int:
    """Print whom a subject means; return how many rows are theirs."""
    names = select(Intake.reference, Intake.contact_name, Intake.created_at).order_by(Intake.id)
    for one in session.execute(names.where(Intake.id.in_(found.intake_ids))):
        click.echo(f"{one.reference}  {one.created_at:%Y-%m-%d}  {one.contact_name or 'no name'}")
    click.echo(f"Known by: {', '.join(sorted(found.words)) or 'nothing'}")
    counts = rows.counts(found)
    for label, count in counts.items():
        click.echo(f"{count:>8}  {label}")
    for obstacle in obstacles.of(found.intake_ids):
        click.echo(
            f"{obstacle.reference}: {obstacle.words}{'' if obstacle.is_final else ' (--force ends it)'}"
        )
    return sum(counts.values())


def _receipt(number: int) -> str:
    request = personal_data.request(number)
    if request is None:
        raise click.ClickException(f"There is no request {number}.")
    lines = [
        f"Request {number}: {request.kind}, {request.state}. Asked {request.asked_at:%Y-%m-%d %H:%M} UTC."
    ]
    if request.state == RequestState.DONE and request.done_at:
        lines.append(f"Done {request.done_at:%Y-%m-%d %H:%M} UTC by {request.done_by}.")
    lines += [f"{count:>8}  {label}" for label, count in sorted(request.counts.items())]
    lines += [f"Left to do: {count} {what}" for what, count in personal_data.left_to_do(request).items()]
    return "\n".join(lines)


def _staff(name: str) -> Staff:
    return roster.by_name_or_phone(name)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except (Refusal, FileExistsError) as refused:
        words = (
            refused.shown if isinstance(refused, Refusal) else f"{refused.filename} exists. Give a new name."
        )
        raise click.ClickException(words) from refused

"""``flask --app ivr db backups`` and ``db backup-key``: the copies that are made by themselves each night."""

import click
from flask.cli import with_appcontext

from ivr.cli.db import db
from ivr.operations.backups import making, places
from ivr.operations.backups import rules as backups_rules
from ivr.operations.backups import service as backups
from ivr.operations.backups.copies import BackupFailedError
from ivr.platform.providers.backup_store import Backups, StoreError
from ivr.services import services

_RUNS = 10


@db.command("backups")
@click.option("--now", is_flag=True, help="Make one first.")
@with_appcontext
def list_backups(*, now: bool) -> None:
    """List the copies that are kept, and how the latest runs ended; exit 1 where the last one went wrong."""
    wanted = places.wanted(services().config)
    if wanted is None:
        raise click.ClickException("BACKUP_TO is empty: no copy is made by itself.")
    if now:
        _made(wanted)
    try:
        copies = [one for one in wanted.store.all() if backups_rules.moment_of(one.name)]
    except StoreError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(
        f"{wanted.store.place}: {len(copies)} cop{'y' if len(copies) == 1 else 'ies'}, each kept for {wanted.days} days"
    )
    for one in copies:
        click.echo(f"  {one.name}  {one.size:,} bytes")
    with services().database.reading():
        runs = [(run.begun_at, run.ended_at, run.is_good, run.why) for run in backups.latest(_RUNS)]
    for begun_at, ended_at, is_good, why in runs:
        how = "good" if is_good else "failed" if ended_at else "goes on, or was stopped"
        click.echo(f"{begun_at:%Y-%m-%d %H:%M} UTC: {how}" + (f". {why}" if why else ""))
    if runs and runs[0][1] and not runs[0][2]:
        raise SystemExit(1)


@db.command("backup-key")
def backup_key() -> None:
    """Print a new key: the public half for BACKUP_RECIPIENT, and the secret half, which opens the copies."""
    from ivr.operations.backups.encryption import new_key  # noqa: PLC0415  # no other command needs it

    public, secret = new_key()
    click.echo(f"BACKUP_RECIPIENT={public}")
    click.echo(
        f"\nKeep this line in a file that is not on this machine. Without it no copy can be opened:\n{secret}"
    )


def _made(wanted: Backups) -> None:
    try:
        click.echo(f"{making.make(services().database, wanted)}: kept, read back and whole")
    except making.BusyError as busy:
        raise click.ClickException("Another process makes a backup now.") from busy
    except BackupFailedError as wrong:
        raise click.ClickException(str(wrong)) from wrong

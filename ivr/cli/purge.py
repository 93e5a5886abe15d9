"""``flask --app ivr purge``: deletes personal data that was kept for long enough. The worker does it each night."""

from dataclasses import asdict

import click
from flask.cli import with_appcontext

from ivr.backoffice.search import word_index
from ivr.company.policy import service as policy
from ivr.operations.retention import service as retention
from ivr.services import services


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count.")
@with_appcontext
def purge(*, dry_run: bool) -> None:
    """Delete what is personal of matters long over, and old jobs; print how much. Safe to repeat."""
    database = services().database
    with database.transaction() as session:
        days = policy.current().retention_days
        purged = retention.purge()
        if dry_run:
            session.rollback()
    if not dry_run:
        word_index.forget_deleted(database)
    click.echo(f"{'Would delete' if dry_run else 'Deleted'} what is older than {days} days:")
    for name, count in asdict(purged).items():
        click.echo(f"{count:>8}  {name}")

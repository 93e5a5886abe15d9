"""``flask --app ivr jobs``: lists the jobs that were given up, and runs them again."""

import click
from flask.cli import with_appcontext

from ivr.platform.jobs import dead, revive
from ivr.services import services


@click.group()
def jobs() -> None:
    """Jobs that were given up after their last attempt."""


@jobs.command("dead")
@with_appcontext
def list_dead() -> None:
    """Print them, oldest first: number, name, attempts, the last failure."""
    with services().database.reading():
        given_up = dead()
    for job in given_up:
        click.echo(f"{job.id:>8}  {job.name:<28} {job.attempts:>2} attempts  {job.error}")
    if not given_up:
        click.echo("No job is dead.")


@jobs.command("retry")
@click.argument("numbers", type=int, nargs=-1, required=True)
@with_appcontext
def retry(numbers: tuple[int, ...]) -> None:
    """Run these dead jobs again, by their numbers. Each handler first looks whether its work is still wanted."""
    for number in numbers:
        with services().database.transaction():
            if not revive(number):
                raise click.ClickException(f"No dead job is number {number}. See: flask --app ivr jobs dead")
        click.echo(f"{number} is queued again.")

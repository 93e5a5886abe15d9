"""``flask --app ivr doctor``: checks that everything is ready for a number to point here."""

from collections.abc import Iterator

import click
from flask.cli import with_appcontext

from ivr.backoffice.checks.finding import Finding, without_outage
from ivr.backoffice.checks.mail_server import check_mail
from ivr.backoffice.checks.payments import check_payments
from ivr.backoffice.checks.people import check_people
from ivr.backoffice.checks.telephone import check_doorway, check_number, check_shared_keys
from ivr.cli.doctor_continuity import check_continuity
from ivr.cli.doctor_proxy import check_proxy
from ivr.services import Services, services

_MARKS = {True: "ok   ", False: "FAULT", None: "warn "}


@click.command()
@with_appcontext
def doctor() -> None:
    """Check database, number, public address, signature, staff, mail and payments. Exit status 1 on a fault."""
    ours, well = services(), True
    for check in (
        _database(ours),
        check_number(ours),
        check_continuity(ours),
        check_doorway(ours),
        check_shared_keys(ours),
        check_proxy(ours.config),
        check_people(ours),
        check_mail(ours),
        check_payments(ours),
    ):
        for good, words in without_outage(check):
            well &= good is not False
            click.echo(f"{_MARKS[good]}  {words}")
    if not well:
        raise SystemExit(1)


def _database(ours: Services) -> Iterator[Finding]:
    from ivr.cli.db import is_current  # noqa: PLC0415  # Alembic is slow to import

    current = is_current(ours.database)
    yield Finding(
        current,
        "the database is up to date" if current else "the database is behind: flask --app ivr db upgrade",
    )

"""``flask --app ivr doctor``: checks that everything is well, and says what to do where it is not."""

import json
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import urljoin

import click
from flask import current_app
from flask.cli import with_appcontext

from ivr.backoffice.checks.checkup import Check, Checkup, Result, as_json, state_of
from ivr.backoffice.checks.finding import Finding, State
from ivr.backoffice.checks.mail_server import letter_to
from ivr.core import clock
from ivr.services import Services, services

#: As plug-ins of Nagios and its like end, so that any monitoring reads it.
EXIT_CODES: Final = {State.OK: 0, State.UNKNOWN: 1, State.WARNING: 1, State.WRONG: 2}


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object, for monitoring.")
@click.option(
    "--skip", multiple=True, metavar="NAME", help="Leave this check out; may be given several times."
)
@click.option("--letter", "address", metavar="EMAIL", help="Also send a test email to this address.")
@with_appcontext
def doctor(*, is_json: bool, skip: tuple[str, ...], address: str | None) -> None:
    """Check everything, from the settings to the backup. Exit status 0: all is well, 1: a warning, 2: a fault."""
    ours = services()
    whole = ours.find(Checkup)
    results = Checkup([*_wanted(whole.checks, skip), *_letter(address)], whole.of_fault).results(ours)
    if is_json:
        click.echo(json.dumps(_report(results, ours.public_url), indent=1))
    else:
        for line in _lines(results):
            click.echo(line)
    raise SystemExit(EXIT_CODES[state_of(results)])


def _wanted(checks: Collection[Check], skip: Collection[str]) -> Iterator[Check]:
    names = {one.name for one in checks}
    if strange := sorted(set(skip) - names):
        raise click.UsageError(
            f"There is no check {', '.join(strange)}. There are: {', '.join(sorted(names))}."
        )
    return (one for one in checks if one.name not in skip)


def _letter(address: str | None) -> Iterator[Check]:
    def send(ours: Services) -> Iterator[Finding]:
        return letter_to(str(address), ours)

    if address:
        yield Check("letter", "Test email", send)


def _lines(results: Collection[Result]) -> Iterator[str]:
    width = max((len(one.title) for one in results), default=0)
    for one in results:
        yield f"{one.finding.state:<8} {one.title:<{width}}  {one.finding.found}"
        if one.finding.to_do:
            yield f"{'':<8} {'':<{width}}  {one.finding.to_do}"


def _report(results: Collection[Result], public_url: str) -> dict[str, object]:
    """Return all of it; ``page`` is the URL of the console's page where it is done, or empty."""
    paths = {rule.endpoint: rule.rule for rule in current_app.url_map.iter_rules()}
    found = [
        one | {"page": urljoin(public_url, paths[one["page"]]) if one["page"] else ""}
        for one in as_json(results)
    ]
    return {"state": state_of(results), "at": clock.now().isoformat(timespec="seconds"), "checks": found}

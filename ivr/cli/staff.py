"""``flask --app ivr staff add|list|pin|link|factor``: the roster from the command line."""

import json
import sys
from collections.abc import Callable
from typing import Any

import click
from flask.cli import with_appcontext

from ivr.company.policy.field_types import LANGUAGES
from ivr.company.policy.service import Command
from ivr.company.staff import changes, roster
from ivr.company.staff.links import Links
from ivr.company.staff.models import Staff
from ivr.company.staff.second_factor import service as second_factor
from ivr.core.errors import Refusal
from ivr.services import services


def change_one(name_or_phone: str, change: Callable[[Staff], str]) -> None:
    """Change one person in a transaction, and print what was done."""
    try:
        with services().database.transaction():
            said = change(roster.by_name_or_phone(name_or_phone))
    except Refusal as refused:
        raise click.ClickException(refused.shown) from refused
    click.echo(said)


@click.group()
def staff() -> None:
    """Who works here."""


@staff.command("add")
@click.argument("name")
@click.option("--role", required=True, metavar="|".join(roster.ROLES), help="What they do here.")
@click.option("--phone", required=True, help="The phone that gets the calls, as +14155552671.")
@click.option("--email", required=True, help="What they log in with.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=["en"],
    metavar="|".join(LANGUAGES),
    help="What they talk with callers in. Give it again for a second one. Without it: en.",
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input: they may log in."
)
@with_appcontext
def add(
    *, name: str, role: str, phone: str, email: str, languages: tuple[str, ...], password_stdin: bool
) -> None:
    """Put NAME on the roster. Without a password they take calls but cannot log in to the console."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    try:
        with services().database.transaction():
            added = roster.add(
                name=name, role=role, phone=phone, email=email, languages=languages, password=password
            )
    except Refusal as refused:
        raise click.ClickException(refused.shown) from refused
    click.echo(f"{added.name} is on the team: {added.role}, {added.phone}, {added.email}.")


@staff.command()
@click.argument("name_or_phone", metavar="NAME|PHONE")
@click.option("--pin-stdin", is_flag=True, help="Read the PIN from standard input: 6 to 10 digits.")
@click.option("--clear", is_flag=True, help="Remove the PIN.")
@with_appcontext
def pin(*, name_or_phone: str, pin_stdin: bool, clear: bool) -> None:
    """Give NAME (or PHONE) a PIN: with it they set by telephone when they get calls; an owner also closes the line."""
    if pin_stdin == clear:
        raise click.UsageError("Say either --pin-stdin or --clear.")
    keyed, by = sys.stdin.readline().strip() if pin_stdin else "", Command("staff pin")

    def change(person: Staff) -> str:
        if clear:
            changes.clear_pin(by, person)
            return f"{person.name} has no PIN anymore."
        changes.set_pin(by, person, keyed)
        return f"{person.name} has a new PIN. Call the line from {person.phone} and press star."

    change_one(name_or_phone, change)


@staff.command()
@click.argument("name_or_phone", metavar="NAME|PHONE")
@click.option("--revoke", is_flag=True, help="Close every link made for them so far; make none.")
@with_appcontext
def link(*, name_or_phone: str, revoke: bool) -> None:
    """Print the link to the page of NAME (or PHONE) for their mobile, good for 30 days. Whoever has it is them."""
    config = services().config
    links, by = Links(config.secret_keys, config.public_url), Command("staff link")

    def change(person: Staff) -> str:
        if revoke:
            changes.revoke_links(by, person)
            return f"Every link of {person.name} is closed."
        return changes.make_link(by, person, links)

    change_one(name_or_phone, change)


@staff.command()
@click.argument("name_or_phone", metavar="NAME|PHONE")
@click.option("--take-away", is_flag=True, required=True, help="They have lost it, and their recovery codes.")
@with_appcontext
def factor(*, name_or_phone: str, take_away: bool) -> None:  # noqa: ARG001  # required, so that nobody takes it by mistake
    """Take the second factor away from NAME (or PHONE): the password alone logs them in."""

    def change(person: Staff) -> str:
        second_factor.take_away(Command("staff factor"), person)
        return f"{person.name} logs in with the password alone. Ask them to set up another second factor."

    change_one(name_or_phone, change)


@staff.command("list")
@click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True)
@with_appcontext
def everyone(*, shape: str) -> None:
    """Print the roster, by name."""
    with services().database.reading():
        people = [_told(one) for one in roster.everyone()]
    if shape == "json":
        click.echo(json.dumps(people, indent=2, ensure_ascii=False))
    elif people:
        _print_table(people)
    else:
        click.echo("No one is on the team yet. Add someone: flask --app ivr staff add --help")


def _told(one: Staff) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "phone": one.phone,
        "email": one.email,
        "languages": one.languages,
        "is_available": one.is_available,
        "can_log_in": one.password_hash is not None,
    }


def _print_table(people: list[dict[str, Any]]) -> None:
    lines = [tuple(key.replace("_", " ") for key in people[0])]
    lines += [tuple(_cell(value) for value in one.values()) for one in people]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)

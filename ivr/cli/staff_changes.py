"""``flask --app ivr staff change|password|leave|back|available|log-out|...``: what the people's pages do."""

import sys
from datetime import datetime

import click
from flask.cli import with_appcontext

from ivr.backoffice.follow_ups import owners
from ivr.callcenter.routing import availability
from ivr.cli.staff import change_one, staff
from ivr.company.first_run import service as first_run
from ivr.company.first_run import setup_code
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts import week_text
from ivr.company.staff import changes, password_reset, roster
from ivr.company.staff.models import Staff
from ivr.company.staff.password_reset import INVITATION_LASTS, ResetLinks
from ivr.core.phone_numbers import shown_number
from ivr.services import services

_WHO = click.argument("name_or_phone", metavar="NAME|PHONE")


@staff.command("change")
@_WHO
@click.option("--name", help="Their new name.")
@click.option("--role", metavar="|".join(roster.ROLES), help="What they do here from now on.")
@click.option("--phone", help="The phone that gets the calls, as +14155552671.")
@click.option("--email", help="What they log in with.")
@click.option("--language", "languages", multiple=True, metavar="|".join(LANGUAGES), help="In place of all.")
@with_appcontext
def change_person(
    *,
    name_or_phone: str,
    name: str | None,
    role: str | None,
    phone: str | None,
    email: str | None,
    languages: tuple[str, ...],
) -> None:
    """Change what is named of NAME (or PHONE); the rest stays."""

    def change(person: Staff) -> str:
        changes.change(
            Command("staff change"),
            person,
            name=name or person.name,
            role=role or person.role,
            phone=phone or person.phone,
            email=email or person.email,
            languages=languages or person.languages,
        )
        owners.hand_on(person.id)
        return f"{person.name}: {person.role}, {person.phone}, {person.email}, {' '.join(person.languages)}."

    change_one(name_or_phone, change)


@staff.command("password")
@_WHO
@click.option("--password-stdin", is_flag=True, help="Read the new password from standard input.")
@click.option("--letter", is_flag=True, help="Email them a link to choose one.")
@with_appcontext
def password(*, name_or_phone: str, password_stdin: bool, letter: bool) -> None:
    """Give NAME (or PHONE) a new password, or have them choose one by a letter."""
    if password_stdin == letter:
        raise click.UsageError("Say either --password-stdin or --letter.")
    typed = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    config, by = services().config, Command("staff password")

    def change(person: Staff) -> str:
        if letter:
            password_reset.invite(by, person, ResetLinks(config.secret_keys, config.public_url))
            return f"A link is on its way to {person.email}. It is good for {INVITATION_LASTS.days} days."
        changes.set_password(by, person, typed)
        return f"{person.name} has a new password, and is logged out everywhere."

    change_one(name_or_phone, change)


@staff.command("leave")
@_WHO
@with_appcontext
def leave(*, name_or_phone: str) -> None:
    """NAME (or PHONE) has left: no calls, no log-in. What they did stays on record."""

    def change(person: Staff) -> str:
        changes.set_active(Command("staff leave"), person, on=False)
        owners.hand_on(person.id)
        return f"{person.name} has left."

    change_one(name_or_phone, change)


@staff.command("back")
@_WHO
@with_appcontext
def back(*, name_or_phone: str) -> None:
    """NAME (or PHONE) is back, and away until they are set available."""

    def change(person: Staff) -> str:
        changes.set_active(Command("staff back"), person, on=True)
        return f"{person.name} is back, and gets calls once they are set available."

    change_one(name_or_phone, change)


@staff.command("available")
@_WHO
@click.option("--off", is_flag=True, help="They are away: nobody calls them.")
@click.option("--until", help="With --off: they are back by themselves then, as 14:30 or 2026-12-24 09:00.")
@click.option("--reason", help="With --off: why they are away. Everyone sees it on the board.")
@with_appcontext
def available(*, name_or_phone: str, off: bool, until: str | None, reason: str | None) -> None:
    """NAME (or PHONE) takes calls from now on, or is away. Times are the company's."""
    if (until or reason) and not off:
        raise click.UsageError("Say --until and --reason with --off.")

    def change(person: Staff) -> str:
        ends = availability.read_end(until) if until else None
        if not availability.set_available(
            person.id, on=not off, by="staff available", until=ends, reason=reason
        ):
            raise click.ClickException(f"{person.name} has left. Bring them back first.")
        away = f"{person.name} is away{_until(ends)}."
        return away if off else f"{person.name} takes calls."

    change_one(name_or_phone, change)


@staff.command("shifts")
@_WHO
@click.option(
    "--week", help='Their shifts of every week, as "Mon-Fri 07:00-16:00, Sat 09:00-12:00", or "none".'
)
@click.option("--zone", help="Where they work, as America/New_York. Without it: as before.")
@with_appcontext
def week(*, name_or_phone: str, week: str | None, zone: str | None) -> None:
    """Print the weekly shifts of NAME (or PHONE), or give them others."""

    def change(person: Staff) -> str:
        if week is not None or zone is not None:
            wanted = shifts.weekly_hours(person.id) if week is None else week_text.read(week)
            shifts.set_week(Command("staff shifts"), person, wanted, zone or person.zone)
        told = week_text.write(shifts.weekly_hours(person.id))
        rings = "" if person.has_shifts else ", so they are called whenever the line is open"
        return f"{person.name}: {told} ({shifts.zone_of(person)}){rings}."

    change_one(name_or_phone, change)


def _until(at: datetime | None) -> str:
    return f" until {hours_rules.local(hours.calendar(), at):%Y-%m-%d %H:%M}" if at else ""


@staff.command("log-out")
@_WHO
@with_appcontext
def log_out(*, name_or_phone: str) -> None:
    """End every session of NAME (or PHONE)."""

    def change(person: Staff) -> str:
        ended = changes.end_sessions(Command("staff log-out"), person)
        return f"{person.name} is logged out everywhere." if ended else "There was nothing to end."

    change_one(name_or_phone, change)


@staff.command("test-ring")
@_WHO
@with_appcontext
def test_ring(*, name_or_phone: str) -> None:
    """Ring NAME (or PHONE) once as a test: whoever picks up presses 1. The worker places the call."""

    def change(person: Staff) -> str:
        changes.test_ring(person)
        return f"Ringing {shown_number(person.phone)} now."

    change_one(name_or_phone, change)


@staff.command("setup-code")
@with_appcontext
def new_setup_code() -> None:
    """Print a new one-time code for the page that makes the first owner. The one before is good no more."""
    ours = services()
    with ours.database.transaction():
        is_open = first_run.is_open()
        code = setup_code.new(ours.config.secret_keys) if is_open else ""
    if not is_open:
        raise click.ClickException(first_run.AlreadySetUpError.message)
    click.echo(f"Open {ours.public_url}/setup and type {code}. It makes the first owner, once.")

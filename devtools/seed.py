"""``flask --app devtools seed``: the people of the demonstration. Their telephones are numbers kept for fiction."""

from typing import Final

import click
from flask.cli import with_appcontext

from ivr.company.policy import service as policy
from ivr.company.staff import changes, roster
from ivr.company.staff.models import Role
from ivr.services import services

PASSWORD: Final = "demonstration"  # noqa: S105  # printed on purpose; production refuses to be seeded
#: With it the owner of the demonstration closes the office by telephone.
PIN: Final = "481516"

#: The company has set no rate; this one lets people try out estimates.
HOURLY_RATE: Final = "150"

#: Name, role, telephone, languages.
PEOPLE: Final = (
    ("Ruth Bell", Role.OWNER, "+14155550131", ("en",)),
    ("Dana Cole", Role.TECHNICIAN, "+14155550111", ("en",)),
    ("Tomas Reyes", Role.TECHNICIAN, "+14155550112", ("en", "es")),
    ("Sam Ortiz", Role.FIELD, "+14155550113", ("en", "es")),
    ("Olive Hart", Role.OPERATOR, "+14155550121", ("en",)),
    ("Pedro Marin", Role.OPERATOR, "+14155550122", ("en", "es")),
)
OWNERS: Final = tuple(name for name, role, _, _ in PEOPLE if role == Role.OWNER)


def email(name: str) -> str:
    """Return the email address with which this person of the demonstration logs in."""
    return f"{name.split(maxsplit=1)[0].lower()}@example.com"


@click.command()
@with_appcontext
def seed() -> None:
    """Put the people of the demonstration on the roster, those who are not there yet, and set an hourly rate."""
    config = services().config
    if config.is_production:
        raise click.ClickException(
            "This is production: people whose password is printed do not belong there."
        )
    database = services().database
    with database.transaction():
        if policy.current().hourly_rate_cents is None:
            policy.change("hourly_rate_cents", HOURLY_RATE, policy.Command("seed"))
        here = {one.email for one in roster.everyone()}
        for name, role, phone, languages in PEOPLE:
            if email(name) not in here:
                roster.add(
                    name=name,
                    role=role,
                    phone=phone,
                    email=email(name),
                    languages=languages,
                    password=PASSWORD,
                )
        for one in roster.everyone():
            if one.role == Role.OWNER and one.email in map(email, OWNERS) and one.pin_hash is None:
                changes.set_pin(policy.Command("seed"), one, PIN)
    for name, role, phone, languages in PEOPLE:
        click.echo(f"{name:<12} {role:<11} {phone}  {email(name):<19} {PASSWORD}  {' '.join(languages)}")

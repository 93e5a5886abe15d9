"""``flask --app ivr provision``: point the number at this service."""

import click
from flask.cli import with_appcontext

from ivr.platform.providers.telephone import (
    Addresses,
    LegGoneError,
    OutcomeUnknownError,
    RefusedError,
    TryLaterError,
)
from ivr.services import services


@click.command()
@with_appcontext
def provision() -> None:
    """Write the addresses of this service to the number. Safe to repeat."""
    settings = services().config
    addresses = Addresses.of(settings.public_url)
    try:
        services().telephone.set_addresses(addresses)
    except LegGoneError as unknown:
        raise click.ClickException(f"The account does not own {settings.twilio_phone_number}.") from unknown
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        raise click.ClickException(f"The network would not: {trouble}") from trouble
    click.echo(f"{settings.twilio_phone_number} rings at {addresses.voice}.")

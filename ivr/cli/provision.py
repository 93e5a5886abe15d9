"""``flask --app ivr provision``: point the number at this service."""

import click
from flask.cli import with_appcontext

from ivr.platform.providers.telephone import (
    LegGoneError,
    OutcomeUnknownError,
    RefusedError,
    TryLaterError,
    WebhookUrls,
)
from ivr.services import services


@click.command()
@with_appcontext
def provision() -> None:
    """Write the addresses of this service to the number. Safe to repeat."""
    config = services().config
    urls = WebhookUrls.below(config.public_url)
    try:
        services().telephone.set_webhook_urls(urls)
    except LegGoneError as unknown:
        raise click.ClickException(f"The account does not own {config.twilio_phone_number}.") from unknown
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        raise click.ClickException(f"The phone network refused: {trouble}") from trouble
    click.echo(f"{config.twilio_phone_number} rings at {urls.voice}.")

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
@click.option(
    "--take-over",
    is_flag=True,
    help="Also take the number away from a TwiML application, a SIP trunk or fax mode that has its calls.",
)
@with_appcontext
def provision(*, take_over: bool) -> None:
    """Write the addresses of this service to the number. Safe to repeat."""
    config = services().config
    urls = WebhookUrls.below(config.public_url)
    telephone = services().telephone
    try:
        telephone.set_webhook_urls(urls, take_over=take_over)
        others = telephone.webhook_urls().ignored_for
    except LegGoneError as unknown:
        raise click.ClickException(f"The account does not own {config.twilio_phone_number}.") from unknown
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        raise click.ClickException(f"The phone network refused: {trouble}") from trouble
    if others:
        raise click.ClickException(
            f"{config.twilio_phone_number} has the addresses and ignores them, because {' and '.join(others)} takes "
            "its calls. With --take-over its calls come here."
        )
    click.echo(f"{config.twilio_phone_number} rings at {urls.voice}.")

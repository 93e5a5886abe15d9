"""``flask --app devtools simulator``: a network on this machine, with telephones for a customer and the staff."""

import os
from typing import Any, Final
from urllib.parse import urlsplit

import click
from flask.cli import with_appcontext

from devtools.guided_call import book
from ivr.company.hours import service as hours
from ivr.company.staff import roster
from ivr.company.staff.links import Links
from ivr.core.config import Config
from ivr.services import services

CUSTOMER: Final = ("+14155552671", "Customer")


@click.command()
@click.option("--speed", default=1.0, show_default=True, help="How fast time passes on this network.")
@with_appcontext
def simulator(*, speed: float) -> None:
    """Play the telephone network at TWILIO_API_URL, until SIGTERM or Ctrl-C."""
    from twilio_simulator.book import book_from  # noqa: PLC0415  # only this command needs them
    from twilio_simulator.server import main  # noqa: PLC0415  # as above

    config = services().config
    if not config.is_simulated:
        raise click.ClickException("A Twilio account is set: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")
    main(_arguments(config, speed), book_from(_book(config)))


def _arguments(config: Config, speed: float) -> list[str]:
    asked = {
        "--port": str(urlsplit(config.twilio_api_url).port or 80),
        "--account-sid": config.twilio_account_sid,
        "--auth-token": config.twilio_auth_token,
        "--number": config.twilio_phone_number,
        "--voice-url": f"{config.public_url}/voice/incoming",
        "--status-callback": f"{config.public_url}/voice/status",
        "--fallback-url": f"{config.public_url}/voice/fallback",
        "--speed": str(speed),
        "--zone": _zone(),
    }
    if clock_file := os.environ.get("CLOCK_FILE"):
        asked["--clock-file"] = clock_file
    return [word for pair in asked.items() for word in pair]


def _zone() -> str:
    with services().database.reading():
        return hours.calendar().zone


def _book(config: Config) -> dict[str, Any]:
    links = Links(config.secret_keys, config.public_url)
    with services().database.reading():
        staff = sorted(roster.everyone(), key=lambda one: roster.ROLES.index(one.role))
        return book(CUSTOMER, config.twilio_phone_number, staff, links)

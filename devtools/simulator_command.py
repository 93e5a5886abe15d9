"""``flask --app ivr simulator``: a telephone network on this machine, with telephones for a customer and the staff."""

import json
import os
from tempfile import NamedTemporaryFile
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
    from twilio_simulator.server import main  # noqa: PLC0415  # only this command needs it

    config = services().config
    if not config.is_simulated:
        raise click.ClickException("A Twilio account is set: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")
    with NamedTemporaryFile(
        "w", encoding="utf-8", suffix=".json"
    ) as file:  # in it are links that log people in
        json.dump(_book(config), file)
        file.flush()
        main(_arguments(config, speed, file.name))


def _arguments(config: Config, speed: float, book_file: str) -> list[str]:
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
        "--book": book_file,
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

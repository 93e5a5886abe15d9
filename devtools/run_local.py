"""``flask --app devtools up``: the whole service on this machine, for a person to try. ``make run`` runs it."""

import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Final

import click
from flask.cli import with_appcontext

from devtools.demo_clock import BadMomentError, set_clock
from devtools.local_stack import LocalStack, PartFailedError, PortTakenError
from devtools.seed import OWNERS, PASSWORD, PEOPLE, PIN, email
from devtools.simulator_command import CUSTOMER

_LOOK: Final = 0.3
_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.option(
    "--at", default="", help='"now", or when the line\'s own clock starts: 2026-11-26 09:00, Pacific.'
)
@click.option("--port", default=8000, show_default=True, help="Where the console is.")
@click.option("--handset-port", default=8040, show_default=True, help="Where the telephones are.")
@click.option(
    "--folder", default="var", show_default=True, type=click.Path(path_type=Path), help="What it keeps."
)
@with_appcontext
def up(*, at: str, port: int, handset_port: int, folder: Path) -> None:
    """Run web, worker and simulator on this machine until Ctrl-C."""
    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for ending in _ENDINGS:
        signal.signal(ending, end)
    parts = LocalStack(folder, port=port, handset_port=handset_port, stop=stop)
    try:
        when = set_clock(Path(parts.environment["CLOCK_FILE"]), at, datetime.now(UTC))
        click.echo("Starting the line...")
        with parts:
            if not stop.is_set():
                click.echo(
                    f"{_welcome(parts)}\n\n{when}\n\nCtrl-C ends it. What each part says is in {folder / 'log'}/."
                )
            while not stop.wait(_LOOK):
                parts.check()
            click.echo("Ending the line...")
    except PortTakenError as taken:
        raise click.ClickException(
            f"{taken}\nEnd it, or choose other ports: make run PORT=8001 HANDSET_PORT=8041"
        ) from taken
    except (PartFailedError, BadMomentError) as failed:
        raise click.ClickException(str(failed)) from failed


def _welcome(parts: LocalStack) -> str:
    people = [
        f"  {name:<14} {role:<12} {phone}   {email(name):<20} {PASSWORD}   {', '.join(languages)}"
        for name, role, phone, languages in PEOPLE
    ]
    number, name = CUSTOMER
    return "\n".join(
        (
            "",
            "The line is up.",
            "",
            f"  Switchboard {parts.handset}/   everybody's phone, and a call that plays itself",
            f"  Console     {parts.web}/   log in as any of them",
            "",
            f"  {name:<14} {'':<12} {number}   dials +1 877 943 7675",
            *people,
            "",
            f"  {OWNERS[0]} closes the line by telephone: she dials it, presses * and keys {PIN}#",
        )
    )

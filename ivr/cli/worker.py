"""``flask --app ivr worker``: runs jobs as they fall due, until SIGTERM or Ctrl-C."""

import signal
from threading import Event
from types import FrameType
from typing import Final

import click
from flask.cli import with_appcontext

from ivr.callcenter.continuity import service as continuity
from ivr.services import services
from ivr.worker import ROUTINES

#: The worker prints it when it has begun; the process that started it waits for this line.
WORKER_READY: Final = "The worker is at work."


@click.command()
@with_appcontext
def worker() -> None:
    """Run jobs until SIGTERM or Ctrl-C; a job in hand is finished first."""
    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, end)
    with services().database.transaction():
        for routine in ROUTINES:
            routine.plan()
        continuity.look_at_once()
    engine = services().worker
    click.echo(WORKER_READY)
    engine.run_forever(stop)

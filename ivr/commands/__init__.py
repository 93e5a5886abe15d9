"""The line from the command line: ``flask --app ivr COMMAND``."""

from flask import Flask

from ivr.commands import db_backup, db_move  # noqa: F401  # they join the group
from ivr.commands.db import db
from ivr.commands.dead_jobs import jobs
from ivr.commands.demo import demo
from ivr.commands.doctor import doctor
from ivr.commands.export import export
from ivr.commands.flows import flows
from ivr.commands.provision import provision
from ivr.commands.purge import purge
from ivr.commands.replay import replay
from ivr.commands.seed import seed
from ivr.commands.simulator import simulator
from ivr.commands.staff import staff
from ivr.commands.up import up
from ivr.commands.worker import worker


def init_commands(app: Flask) -> None:
    """Give the application its commands."""
    for command in (
        db,
        demo,
        doctor,
        export,
        flows,
        jobs,
        provision,
        purge,
        replay,
        seed,
        simulator,
        staff,
        up,
        worker,
    ):
        app.cli.add_command(command)

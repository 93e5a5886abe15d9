"""The commands of the service: ``flask --app ivr COMMAND``.

A command is loaded when it is called. A web process, which calls none, starts in half the time.
"""

from copy import copy
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.db import outage

#: The module that holds each command of production, and those that add to it.
COMMANDS: Final = {
    "db": ("ivr.cli.db", "ivr.cli.db_backup", "ivr.cli.db_backups", "ivr.cli.db_move"),
    "doctor": ("ivr.cli.doctor",),
    "export": ("ivr.cli.export",),
    "jobs": ("ivr.cli.dead_jobs",),
    "person": ("ivr.cli.person",),
    "provision": ("ivr.cli.provision",),
    "purge": ("ivr.cli.purge",),
    "replay": ("ivr.cli.replay",),
    "staff": ("ivr.cli.staff", "ivr.cli.staff_changes"),
    "worker": ("ivr.cli.worker",),
}
#: Commands for developers. A production image may leave ``devtools/`` out.
DEVTOOLS: Final = {
    "demo": ("devtools.demo",),
    "flows": ("devtools.callmap_command",),
    "reached": ("devtools.reached",),
    "reference": ("devtools.reference_command",),
    "seed": ("devtools.seed",),
    "simulator": ("devtools.simulator_command",),
    "up": ("devtools.run_local",),
}


class Commands(AppGroup):
    """The commands of the application, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_all()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        modules = _all().get(cmd_name)
        if modules is None:
            return super().get_command(ctx, cmd_name)
        module, *_ = [import_module(name) for name in modules]
        return _telling(getattr(module, cmd_name))


def _telling(command: click.Command) -> click.Command:
    """Return the command, which ends in one line where its database is away, full, damaged or of another release."""

    def invoke(ctx: click.Context) -> Any:
        try:
            return command.invoke(ctx)
        except SQLAlchemyError as fault:
            why = outage(fault) or _of_its_shape(ctx)
            if why is None:
                raise
            raise click.ClickException(why) from fault

    telling = copy(command)
    telling.invoke = invoke  # type: ignore[method-assign]  # of this copy alone
    return telling


def _of_its_shape(ctx: click.Context) -> str | None:
    """Return what to do where the database is not the one that this program needs; None where it is."""
    from ivr.operations.migrations import TO_DO, shape  # noqa: PLC0415  # Alembic is slow to import
    from ivr.services import services  # noqa: PLC0415  # a web process has its own

    try:
        return TO_DO.get(shape(services(ctx.ensure_object(ScriptInfo).load_app()).database))
    except SQLAlchemyError:
        return None


def _all() -> dict[str, tuple[str, ...]]:
    return COMMANDS | DEVTOOLS if find_spec("devtools") else COMMANDS


def init_commands(app: Flask) -> None:
    """Give the application its commands."""
    app.cli = Commands(app.name)

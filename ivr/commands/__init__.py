"""The line from the command line: ``flask --app ivr COMMAND``.

A command is loaded when it is asked for: a web process, which is asked for none, starts in half the time.
"""

from importlib import import_module
from typing import Final

import click
from flask import Flask
from flask.cli import AppGroup

#: The module that holds each command, and those that add to it.
COMMANDS: Final = {
    "db": ("db", "db_backup", "db_move"),
    "demo": ("demo",),
    "doctor": ("doctor",),
    "export": ("export",),
    "flows": ("flows",),
    "jobs": ("dead_jobs",),
    "provision": ("provision",),
    "purge": ("purge",),
    "replay": ("replay",),
    "seed": ("seed",),
    "simulator": ("simulator",),
    "staff": ("staff",),
    "up": ("up",),
    "worker": ("worker",),
}


class Commands(AppGroup):
    """The application's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, *_ = [import_module(f"ivr.commands.{name}") for name in COMMANDS[cmd_name]]
        command: click.Command = getattr(module, cmd_name)
        return command


def init_commands(app: Flask) -> None:
    """Give the application its commands."""
    app.cli = Commands(app.name)

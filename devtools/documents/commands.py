"""The page of commands: every group and command of the service and of its developers, with arguments and options."""

from collections.abc import Iterator

import click
from flask import Flask

from devtools.documents.markdown import code, page, prose, table
from ivr.cli import DEVTOOLS


def commands(app: Flask) -> str:
    """Return the page."""
    names = app.cli.list_commands(click.Context(app.cli))
    # Flask's own `run`, `shell` and `routes` are only there where Flask starts the program.
    ours = [name for name in names if name not in DEVTOOLS]
    return page(
        "Commands",
        "Each begins with `flask --app ivr`, those for developers with `flask --app devtools`. On a machine that "
        "`deploy/install` has set up it is `sudo support-line` instead.",
        [
            "## Of the service",
            *_told(app, "ivr", ours),
            "## For developers",
            *_told(app, "devtools", sorted(DEVTOOLS)),
        ],
    )


def _told(app: Flask, program: str, names: list[str]) -> Iterator[str]:
    for name in names:
        top = app.cli.get_command(click.Context(app.cli), name)
        if top is None:
            raise LookupError(name)
        for words, command in _leaves(name, top):
            yield f"### {words}"
            yield prose(command.help)
            yield f"    flask --app {program} {_usage(words, command)}"
            yield from _parameters(command)


def _leaves(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    for name, one in sorted(command.commands.items()):
        yield from _leaves(f"{words} {name}", one)


def _usage(words: str, command: click.Command) -> str:
    context = click.Context(command, info_name=words)
    return " ".join((words, *command.collect_usage_pieces(context)))


def _parameters(command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    told = [
        record
        for one in command.params
        if isinstance(one, click.Option) and not one.hidden and (record := one.get_help_record(context))
    ]
    if told:
        yield table(("option", "what it does"), ((code(name), words) for name, words in told))

"""``flask --app devtools reference``: the pages of the reference, read from the code."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from devtools import pages_from_code
from devtools.pages_from_code import DOCS

REFERENCE = DOCS / "reference"


@click.command()
@pages_from_code.options(REFERENCE)
@with_appcontext
def reference(*, check: bool, into: Path) -> None:
    """Write the reference: settings, commands, addresses, states and tables."""
    from devtools.documents.reference import pages  # noqa: PLC0415  # a process that serves calls writes no pages

    written = {into / name: words for name, words in pages(current_app).items()}
    if check:
        pages_from_code.compare(written, "flask --app devtools reference")
        click.echo("The reference is current.")
        return
    pages_from_code.write(written)
    click.echo(f"{len(written)} pages: {', '.join(map(str, written))}")

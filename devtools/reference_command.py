"""``flask --app devtools reference``: the pages of the reference, read from the code."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"


@click.command()
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 when the pages are not what the code says."
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=REFERENCE,
    show_default="docs/reference",
    help="The folder.",
)
@with_appcontext
def reference(*, check: bool, into: Path) -> None:
    """Write the reference: settings, commands, addresses, states and tables."""
    from devtools.documents.reference import pages  # noqa: PLC0415  # a process that serves calls writes no pages

    written = {into / name: words for name, words in pages(current_app).items()}
    if check:
        if old := [file.name for file, words in written.items() if not _is(file, words)]:
            raise click.ClickException(
                f"{' and '.join(old)}: not what the code says. Run: flask --app devtools reference"
            )
        click.echo("The reference is current.")
        return
    into.mkdir(parents=True, exist_ok=True)
    for file, words in written.items():
        file.write_text(words, encoding="utf-8", newline="\n")
    click.echo(f"{len(written)} pages: {', '.join(map(str, written))}")


def _is(file: Path, words: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == words

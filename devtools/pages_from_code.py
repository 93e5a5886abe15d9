"""Pages that commands write from the code, or compare with it where they are told to ``--check``."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click

_ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = _ROOT / "docs"
Command = TypeVar("Command", bound=Callable[..., Any])


def options(folder: Path) -> Callable[[Command], Command]:
    """Give a command ``check``, and ``into``, the folder: ``folder`` unless another is named."""
    check = click.option(
        "--check", is_flag=True, help="Write nothing; exit 1 when the files are not what the code says."
    )
    into = click.option(
        "--into",
        type=click.Path(path_type=Path),
        default=folder,
        show_default=folder.relative_to(_ROOT).as_posix(),
        help="The folder.",
    )
    return lambda command: check(into(command))


def compare(pages: Mapping[Path, str], command: str) -> None:
    """Raise ClickException, with the command that mends it, when a file is not what its page says."""
    if old := [file.name for file, words in pages.items() if not _is(file, words)]:
        raise click.ClickException(f"{' and '.join(old)}: not what the code says. Run: {command}")


def write(pages: Mapping[Path, str]) -> None:
    """Write each page into its file."""
    for file, words in pages.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, encoding="utf-8", newline="\n")


def _is(file: Path, words: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == words

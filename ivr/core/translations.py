"""Spanish words, read from a ``.po`` file as it is at the first use: no compiled catalogue to forget."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


@cache
def catalogue(folder: Path, code: str) -> NullTranslations:
    """The words of that language in ``folder``; English, which has no file, stays as it is written."""
    source = folder / f"{code}.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)

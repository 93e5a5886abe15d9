"""The language of the moment, and the words in it.

Words stand in English in the flows. Spanish comes from ``flows/locale/es.po``, read as it is at the first use: no
compiled catalogue to forget.
"""

from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parents[2] / "flows" / "locale"

#: The voice that reads each language out.
VOICES = {"en": ("Polly.Joanna", "en-US"), "es": ("Polly.Lupe", "es-US")}

language: ContextVar[str] = ContextVar("language", default="en")


def _(words: str, **values: object) -> str:
    """The words in the language of the moment, with the values filled in."""
    spoken = _catalogue(language.get()).gettext(words)
    return spoken % values if values else spoken


@cache
def _catalogue(code: str) -> NullTranslations:
    source = LOCALE / f"{code}.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)

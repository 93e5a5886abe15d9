"""The language of the moment, and the words in it.

Words stand in English in the flows. Spanish comes from ``flows/locale/es.po``.
"""

from contextvars import ContextVar
from pathlib import Path

from ivr.catalogue import catalogue

LOCALE = Path(__file__).parents[2] / "flows" / "locale"

#: The voice that reads each language out.
VOICES = {"en": ("Polly.Joanna", "en-US"), "es": ("Polly.Lupe", "es-US")}

language: ContextVar[str] = ContextVar("language", default="en")


def _(words: str, **values: object) -> str:
    """The words in the language of the moment, with the values filled in."""
    spoken = catalogue(LOCALE, language.get()).gettext(words)
    return spoken % values if values else spoken

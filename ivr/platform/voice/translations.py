"""The language of the moment, and the words in it.

Words stand in English in the flows. Spanish comes from ``flows/locale/es.po``.
"""

import re
from collections.abc import Collection
from contextvars import ContextVar
from pathlib import Path

from ivr.core.translations import catalogue

LOCALE = Path(__file__).parents[3] / "flows" / "locale"

#: The voice that reads each language out.
VOICES = {"en": ("Polly.Joanna", "en-US"), "es": ("Polly.Lupe", "es-US")}

language: ContextVar[str] = ContextVar("language", default="en")


def _(words: str, **values: object) -> str:
    """The words in the language of the moment, with the values filled in."""
    spoken = catalogue(LOCALE, language.get()).gettext(words)
    return spoken % values if values else spoken


def parts(sentence: str, recorded: Collection[str]) -> list[str]:
    """What is said, cut where words stand in it that are recorded; the longest of these first."""
    if not recorded:
        return [sentence]
    either = "|".join(re.escape(one) for one in sorted(recorded, key=len, reverse=True))
    pieces = re.split(rf"(?:(?<=\s)|^)({either})(?=\s|$)", sentence)
    return [piece.strip() for piece in pieces if piece.strip()]

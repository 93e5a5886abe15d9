"""The language of the moment, and the words in it.

The flows have the words in English. The Spanish words are in ``es.po``, in the script's ``locale`` folder.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ivr.core.translations import catalogue
from ivr.platform.voice.runtime import runtime

#: The voice that reads each language out.
VOICES = {"en": ("Polly.Joanna", "en-US"), "es": ("Polly.Lupe", "es-US")}

language: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Make this code the language of the moment until the block ends."""
    before = language.set(code)
    try:
        yield
    finally:
        language.reset(before)


def _(words: str, **values: object) -> str:
    """Return the words in the language of the moment, or the owner's own for them, with the values filled in."""
    own = runtime().own_words(language.get()).get(words)
    if own is not None:
        return own % values
    spoken = catalogue(runtime().script.locale, language.get()).gettext(words)
    return spoken % values if values else spoken


def parts(sentence: str, recorded: Collection[str]) -> list[str]:
    """Cut a sentence into recorded words and the rest; of the recorded words the longest match first."""
    if not recorded:
        return [sentence]
    either = "|".join(re.escape(one) for one in sorted(recorded, key=len, reverse=True))
    pieces = re.split(rf"(?:(?<=\s)|^)({either})(?=\s|$)", sentence)
    return [piece.strip() for piece in pieces if piece.strip()]

"""How a person's number, address or name is written where it is kept, and a text without it. Pure."""

import json
import re
from collections.abc import Iterable
from typing import Final

from ivr.core.phone_numbers import shown_number

#: What stands in place of a word that was erased from a text.
ERASED: Final = "(erased)"


def spellings(word: str) -> frozenset[str]:
    r"""Return how a number, an email address or a name may be written where it is kept: in JSON, and for people.

    >>> sorted(spellings("+14155552671"))
    ['(415) 555-2671', '+14155552671', '4155552671']
    >>> sorted(spellings("Díaz"))
    ['D\\u00edaz', 'Díaz']
    """
    found = {word, json.dumps(word)[1:-1]}
    if word.startswith("+1"):
        found |= {word.removeprefix("+1"), shown_number(word)}
    return frozenset(found)


def without_words(text: str, words: Iterable[str]) -> str:
    """Return the text with a mark in place of each of these words.

    >>> without_words("Refused: +14155552671", ["+14155552671"])
    'Refused: (erased)'
    """
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(re.escape(word), ERASED, text, flags=re.IGNORECASE)
    return text

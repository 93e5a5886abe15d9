"""The data of an event that says nothing about a customer, and may stay for the figures. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ivr.core.phone_numbers import shown_number

#: What stands in place of a word that was erased from a text.
ERASED: Final = "(erased)"

#: A list of what stays, not of what goes: data that the list does not name is deleted.
_STAYS: Final = frozenset(
    {
        "because",
        "cents",
        "chosen",
        "confirmed",
        "direction",
        "due_at",
        "fields",
        "goes_on",
        "language",
        "outcome",
        "reason",
        "role",
        "seconds",
        "staff",
        "status",
        "task",
        "total",
        "version",
        "what",
    }
)


def without_persons(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an event without what is personal.

    >>> without_persons({"seconds": 40, "number": "+14155552671", "words": "Rosa's telephone"})
    {'seconds': 40}
    """
    return {name: value for name, value in data.items() if name in _STAYS}


def spellings(word: str) -> frozenset[str]:
    r"""Return how a number, an e-mail address or a name may be written where it is kept: in JSON, and for people.

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

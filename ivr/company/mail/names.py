"""How a letter calls somebody of whom one field knows the name."""

import re
from typing import Final

#: Ana-María, O'Neil; neither J. nor 4.
_NAME: Final = re.compile("[^\\W\\d_]+(?:['\u2019-][^\\W\\d_]{2,})*")
#: Whoever begins or ends so is called by all of it: Dr Lee, La Bodega, Acme Inc.
_TITLES: Final = {
    "dr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "prof",
    "sr",
    "sra",
    "srta",
    "don",
    "doña",
    "señor",
    "señora",
}
_ARTICLES: Final = {"the", "el", "la", "los", "las"}
_FIRMS: Final = {
    "inc",
    "llc",
    "ltd",
    "corp",
    "co",
    "company",
    "bank",
    "school",
    "clinic",
    "dental",
    "services",
}


def called(name: str) -> str:
    """Return ``Ana-María`` for ``Ana-María Núñez``; a name that is not surely a first and a last one stays whole."""
    words = name.split()
    if len(words) != 2 or not all(map(_is_name, words)):
        return " ".join(words)
    first, last = words
    is_person = first.casefold() not in _TITLES | _ARTICLES and last.casefold() not in _FIRMS
    return first if is_person else " ".join(words)


def _is_name(word: str) -> bool:
    return _NAME.fullmatch(word) is not None and word[0].isupper() and not word.isupper()

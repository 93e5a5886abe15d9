"""What a prompt sounds like in a call: each value with an example. Pure."""

from collections.abc import Mapping
from typing import Final

from ivr.company.prompts import wording

_ENGLISH: Final = {
    "at": "4 PM",
    "before": "25",
    "count": "3",
    "dollars": "350",
    "extension": "1 2",
    "first": "tomorrow at 7 AM",
    "hours": "2",
    "issue": "the phones have no dial tone",
    "minutes": "10",
    "name": "Dana",
    "number": "4 1 5, 5 5 5, 0 1 2 3",
    "place": "3",
    "reference": "K 7 M, 3 Q X",
    "second": "Monday at 7 AM",
    "seconds": "12",
    "when": "tomorrow at 7 AM",
}
_SPANISH: Final = {
    "at": "las 4 de la tarde",
    "first": "mañana a las 7 de la mañana",
    "issue": "los teléfonos no tienen tono",
    "second": "el lunes a las 7 de la mañana",
    "when": "mañana a las 7 de la mañana",
}
#: By language and name; the company's name is known.
VALUES: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "es": _ENGLISH | _SPANISH}


def heard(text: str, language: str, *, company: str) -> str:
    """Return what was typed for a prompt as a caller may hear it."""
    return wording.filled(text, {**VALUES[language], "company": company})

"""Countries and territories with a telephone region of their own, by the two letters of ISO 3166. Pure."""

from collections.abc import Iterable
from functools import cache

import phonenumbers
from babel import Locale


def code_of(typed: str) -> str | None:
    """Return the two letters of a country that is typed as its letters, or as its name in English; None for none.

    >>> code_of("us"), code_of("Puerto Rico"), code_of("Atlantis")
    ('US', 'PR', None)
    """
    text = " ".join(typed.split())
    if text.upper() in phonenumbers.SUPPORTED_REGIONS:
        return text.upper()
    return _codes().get(text.casefold())


def name_of(code: str) -> str:
    """Return the country's name in English.

    >>> name_of("PR")
    'Puerto Rico'
    """
    name: str = Locale("en").territories.get(code, code)
    return name


def named(codes: Iterable[str]) -> str:
    """Return the names of these countries, with commas.

    >>> named(["US", "CA"])
    'United States, Canada'
    """
    return ", ".join(map(name_of, codes))


@cache
def _codes() -> dict[str, str]:
    return {name_of(code).casefold(): code for code in phonenumbers.SUPPORTED_REGIONS}

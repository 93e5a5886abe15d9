"""Countries and territories with a telephone region of their own, by the two letters of ISO 3166. Pure."""

import pickle
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import phonenumbers
from babel import localedata


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
    return _names().get(code, code)


def named(codes: Iterable[str]) -> str:
    """Return the names of these countries, with commas.

    >>> named(["US", "CA"])
    'United States, Canada'
    """
    return ", ".join(map(name_of, codes))


@cache
def _codes() -> dict[str, str]:
    return {name_of(code).casefold(): code for code in phonenumbers.SUPPORTED_REGIONS}


@cache
def _names() -> Mapping[str, str]:
    """Return Babel's English names of territories, and keep no more: its ``Locale`` would keep another 3.5 MB."""
    file = Path(localedata.resolve_locale_filename("en"))
    names: dict[str, str] = pickle.loads(file.read_bytes())["territories"]  # noqa: S301  # a file of the package itself
    return names

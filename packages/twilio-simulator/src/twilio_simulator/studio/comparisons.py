"""What split-based-on may ask. Letters of either case are the same to all but regex."""

import re
from collections.abc import Callable
from typing import Final

from twilio_simulator.studio.liquid_filters import number


def _any_of(said: str, values: str) -> bool:
    return said in [one.strip() for one in values.split(",")]


_ASKED: Final[dict[str, Callable[[str, str], bool]]] = {
    "equal_to": lambda said, value: said == value,
    "matches_any_of": _any_of,
    "is_blank": lambda said, _: not said,
    "contains": lambda said, value: value in said,
    "starts_with": lambda said, value: said.startswith(value),
    "less_than": lambda said, value: number(said) < number(value),
    "greater_than": lambda said, value: number(said) > number(value),
}
_CONTRARY: Final = {
    "not_equal_to": "equal_to",
    "does_not_match_any_of": "matches_any_of",
    "is_not_blank": "is_blank",
    "does_not_contain": "contains",
    "does_not_start_with": "starts_with",
}

COMPARISONS: Final = frozenset({*_ASKED, *_CONTRARY, "regex"})


def holds(comparison: str, said: str, value: str) -> bool:
    """Whether what was said compares so with the value; white space around either does not count."""
    if comparison == "regex":
        return re.fullmatch(value, said) is not None
    contrary = _CONTRARY.get(comparison)
    answer = _ASKED[contrary or comparison](said.strip().lower(), value.strip().lower())
    return not answer if contrary else answer

"""The keys worth pressing at each question, read from the flows."""

from typing import Final

from devtools.callmap.model import CallMap

TELEPHONE: Final = "1234567890*#"
#: It ends the keys at every question.
POUND: Final = "#"


def keys_to_press(script: CallMap) -> dict[str, str]:
    """Return the keys to press, by address: all that the step tells apart, pound, and one key without a meaning."""
    return {place.address: _to_press(place.keys) for place in script.places}


def _to_press(told_apart: str) -> str:
    means_nothing = [key for key in TELEPHONE if key not in {*told_apart, POUND}]
    return "".join(dict.fromkeys([*told_apart, *means_nothing[:1], POUND]))

"""The keys worth pressing at each question, read from the flows."""

from typing import Final

from devtools.callmap.model import CallMap

TELEPHONE: Final = "1234567890*#"
#: It ends what is keyed, wherever it is pressed.
POUND: Final = "#"


def keys_to_press(script: CallMap) -> dict[str, str]:
    """By the address that hears the keys: every key it tells apart, the pound key, and one key that means nothing."""
    return {place.address: _to_press(place.keys) for place in script.places}


def _to_press(told_apart: str) -> str:
    means_nothing = [key for key in TELEPHONE if key not in {*told_apart, POUND}]
    return "".join(dict.fromkeys([*told_apart, *means_nothing[:1], POUND]))

"""The positions of the simulator's switches: what nobody outside Twilio knows for certain."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, get_args

from twilio_simulator import Switches


def other_positions() -> Iterator[Switches]:
    """Each switch thrown, one at a time; figures are halved and trebled."""
    for switch in fields(Switches):
        usual = getattr(Switches(), switch.name)
        others: list[Any]
        if isinstance(usual, bool):
            others = [not usual]
        elif choices := get_args(switch.type):
            others = [choice for choice in choices if choice != usual]
        else:
            others = [type(usual)(usual * 3) if usual else 1]
        yield from (replace(Switches(), **{switch.name: other}) for other in others)


def thrown(switches: Switches) -> str:
    (name,) = [f.name for f in fields(Switches) if getattr(switches, f.name) != getattr(Switches(), f.name)]
    return f"{name}={getattr(switches, name)}"

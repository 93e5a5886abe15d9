"""The data of an event that says nothing about a customer, and may stay for the figures. Pure."""

from collections.abc import Mapping
from typing import Any, Final

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
        "found",
        "goes_on",
        "language",
        "meets",
        "not_dialed",
        "outcome",
        "reason",
        "role",
        "seconds",
        "colleague",
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

"""Lists of Studio: what says where the pages are stands under ``meta``, with whole URLs."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from twilio_simulator.rest.pages import page

Item = TypeVar("Item")

#: Twilio's own address, wherever this one is asked.
STUDIO: Final = "https://studio.twilio.com"


def meta_page(
    name: str, items: Sequence[Item], show: Callable[[Item], dict[str, Any]], key: Callable[[Item], str]
) -> dict[str, Any]:
    listed = page(name, items, show, key)

    def url(of: str) -> str | None:
        return STUDIO + listed[of] if listed[of] else None

    return {
        name: listed[name],
        "meta": {
            "key": name,
            "page": listed["page"],
            "page_size": listed["page_size"],
            "first_page_url": url("first_page_uri"),
            "previous_page_url": url("previous_page_uri"),
            "next_page_url": url("next_page_uri"),
            "url": url("uri"),
        },
    }


def iso8601(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

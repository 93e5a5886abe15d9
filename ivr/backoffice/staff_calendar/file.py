"""A person's calendar as a file (RFC 5545; its name and refresh by RFC 7986). Pure.

An event has the same UID in every answer, so that a calendar moves what has moved and shows nothing twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

#: How often a calendar program should ask again.
REFRESHED_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One event. ``is_busy``: another appointment at that time is a conflict."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str = ""
    details: str = ""
    url: str = ""
    is_busy: bool = True


def calendar_file(name: str, entries: Iterable[Entry], *, stamp: datetime) -> bytes:
    """Return the events in UTC. The same arguments give the same bytes."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # a fifth of a web's start, and few requests need it

    calendar = Calendar()
    calendar.add("prodid", "-//Onsite support line//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in entries:
        event = Event()
        event.add("uid", f"{one.uid}@onsite-support")
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", one.starts_at.astimezone(UTC))
        event.add("dtend", one.ends_at.astimezone(UTC))
        event.add("summary", one.title)
        for field, text in (("location", one.place), ("description", one.details), ("url", one.url)):
            if text:
                event.add(field, text)
        event.add("transp", "OPAQUE" if one.is_busy else "TRANSPARENT")
        calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file

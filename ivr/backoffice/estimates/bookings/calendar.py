"""The booking as a calendar file (RFC 5545)."""

from datetime import UTC, datetime


def calendar_file(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    stamp: datetime,
    title: str,
    place: str,
) -> str:
    """Returns one event, in UTC. The same ``uid`` with a higher ``sequence`` moves it in the customer's calendar."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # a fifth of a web's start, and few letters need it

    calendar = Calendar()
    calendar.add("prodid", "-//Onsite support line//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", title)
    event.add("location", place)
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text

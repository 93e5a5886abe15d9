"""The booking as a calendar file: an invitation, which a later one replaces or cancels (RFC 5545, RFC 5546).

A visit that is canceled and booked again keeps its UID, with a higher SEQUENCE: that is how RFC 5546 (2.1.4, 2.1.5)
tells a newer revision from an older one. A calendar that never saw the cancellation moves the day that it has, where a
new UID would leave both days in it; and a cancellation that arrives late is older than the new day, and ignored.
"""

from datetime import UTC, datetime
from typing import NamedTuple


class Person(NamedTuple):
    """Somebody in the invitation."""

    name: str
    email: str


def calendar_file(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    stamp: datetime,
    title: str,
    place: str,
    organizer: Person,
    attendee: Person | None,
    is_cancelled: bool = False,
) -> str:
    """Return one event, in UTC. The same ``uid`` with a higher ``sequence`` moves it in the attendee's calendar.

    Without an attendee nobody is invited: then the event is only published. Canceled, it is taken out of calendars.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415  # a fifth of a web's start, and few letters need it

    calendar = Calendar()
    calendar.add("prodid", "-//Onsite support line//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "REQUEST" if attendee else "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", title)
    event.add("location", place)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("organizer", f"mailto:{organizer.email}", parameters={"CN": organizer.name})
    if attendee:
        # They agreed by telephone: no answer is asked for.
        answers = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
        event.add("attendee", f"mailto:{attendee.email}", parameters={"CN": attendee.name, **answers})
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text

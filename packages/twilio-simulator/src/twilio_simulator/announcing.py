"""Announcements: a document read into a conference, or to one of its participants, while talk goes on."""

from twilio_simulator.execution_context import CannotReadError, DocumentKind, ExecutionContext
from twilio_simulator.leg import Leg
from twilio_simulator.participant import Participant
from twilio_simulator.performance import Fetch, Performance, Track
from twilio_simulator.room import Room

KIND = "conference.announce_url"


def announce_to_room(room: Room, url: str, method: str) -> None:
    if room.present:
        _announce(room.present[0], [one.leg for one in room.present], _fetch(room, url, method), told={})


def announce_to(participant: Participant, url: str, method: str) -> None:
    _announce(
        participant, [participant.leg], _fetch(participant.room, url, method), told=participant.parameters()
    )


def _fetch(room: Room, url: str, method: str) -> Fetch:
    return Fetch(url, method, KIND, room.wait_parameters())


def _announce(speaker: Participant, audience: list[Leg], fetch: Fetch, told: dict[str, str]) -> None:
    """``told`` goes with the event: an announcement to all is about nobody in particular."""
    room, leg = speaker.room, speaker.leg
    about = told | {"AnnounceUrl": fetch.url}

    context = ExecutionContext(leg, DocumentKind.ROOM_SOUND, audience=audience)

    def perform() -> Performance:
        try:
            outcome = yield from context.exchange.read(context, fetch, rescue=False)
        except CannotReadError:
            room.event("announcement-fail", about | {"ReasonAnnouncementFailed": "internal error"})
            return None
        room.event("announcement-end", about)
        return outcome

    leg.announcement = Track(context, perform(), lambda _: None)

"""One leg in a conference, or on its way into it, and what it hears there: music, holding, announcements."""

from typing import TYPE_CHECKING

from twilio_simulator.events import WaitFailed
from twilio_simulator.execution_context import CannotReadError, DocumentKind, ExecutionContext
from twilio_simulator.performance import Fetch, Performance, Track, Wait
from twilio_simulator.room_settings import ParticipantSettings

if TYPE_CHECKING:
    from datetime import datetime

    from twilio_simulator.leg import Leg
    from twilio_simulator.room import Room


class Participant:
    def __init__(self, room: "Room", leg: "Leg", own: ParticipantSettings) -> None:
        self.room = room
        self.leg = leg
        self.label = own.label
        self.muted = own.muted
        self.start_on_enter = own.start_on_enter
        self.end_on_exit = own.end_on_exit
        self.beep = own.beep
        self.coach = own.coach
        self.wait_url = own.wait_url
        self.wait_method = own.wait_method
        self.hold = False
        self.hold_fetch: Fetch | None = None
        self.joined = False
        self.join_told = False
        self.created: datetime = leg.exchange.clock.now()
        self.updated = self.created

    @property
    def status(self) -> str:
        """queued, connecting, ringing, connected, complete or failed."""
        if self.joined:
            return "connected"
        if self.leg.over:
            return "failed"
        if self.leg.status == "queued":
            return "queued" if self.leg.callback.sequence == 0 else "connecting"
        return "ringing" if self.leg.status == "ringing" else "connecting"

    @property
    def is_heard(self) -> bool:
        return self.joined and self.room.started and not self.hold and not self.muted

    @property
    def hears(self) -> bool:
        return self.joined and self.room.started and not self.hold

    def listeners(self) -> "list[Leg]":
        """Who hears this one: everybody in the room, or only the one who is coached."""
        if not self.is_heard:
            return []
        others = [other for other in self.room.present if other is not self and other.hears]
        if self.coach is not None:
            others = [other for other in others if other.leg.sid == self.coach]
        return [other.leg for other in others]

    def parameters(self) -> dict[str, str]:
        """The part of a conference event that is about this one."""
        said = {
            "CallSid": self.leg.sid,
            "Muted": _word(self.muted),
            "Hold": _word(self.hold),
            "Coaching": _word(self.coach is not None),
            "EndConferenceOnExit": _word(self.end_on_exit),
            "StartConferenceOnEnter": _word(self.start_on_enter),
        }
        return said | ({"ParticipantLabel": self.label} if self.label else {})

    def renew_sound(self) -> None:
        """Play what this one should hear now: hold, wait, or the room itself."""
        if not self.joined or self.leg.over:
            return
        if self.hold:
            self.room.hold_began()
        elif self.room.started or self.wait_url == "":
            self.leg.stop_aside()
            return
        context = ExecutionContext(self.leg, DocumentKind.ROOM_SOUND)
        self.leg.play_aside(context, self._sound(context))

    def _sound(self, context: ExecutionContext) -> Performance:
        if self.hold:
            return music(context) if self.hold_fetch is None else self._hold_sound(context, self.hold_fetch)
        return music(context) if self.wait_url is None else self._wait_sound(context)

    def _wait_sound(self, context: ExecutionContext) -> Performance:
        fetch = Fetch(
            self.wait_url or "", self.wait_method, "conference.wait_url", self.room.wait_parameters()
        )
        try:
            return (yield from context.exchange.read(context, fetch, rescue=False))
        except CannotReadError:
            self.leg.tell(WaitFailed())
            return None

    def _hold_sound(self, context: ExecutionContext, fetch: Fetch) -> Performance:
        """A sound that fails is silence: nobody is dropped for it."""
        try:
            return (yield from context.exchange.read(context, fetch, rescue=False))
        except CannotReadError:
            return None


def music(context: ExecutionContext) -> Performance:
    """Twilio's own music, without end."""
    context.hear("heard-play", "music")
    context.leg.music = True
    yield Wait()
    return None


def announce_to_room(room: "Room", url: str, method: str) -> None:
    """A document read to everybody in the conference, while talk goes on."""
    if room.present:
        _announce(room.present[0], [one.leg for one in room.present], _fetch(room, url, method), told={})


def announce_to(participant: Participant, url: str, method: str) -> None:
    """A document read to one of them."""
    _announce(
        participant, [participant.leg], _fetch(participant.room, url, method), told=participant.parameters()
    )


def _fetch(room: "Room", url: str, method: str) -> Fetch:
    return Fetch(url, method, "conference.announce_url", room.wait_parameters())


def _announce(speaker: Participant, audience: "list[Leg]", fetch: Fetch, told: dict[str, str]) -> None:
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


def _word(value: bool) -> str:  # noqa: FBT001  # a flag is all it takes
    return "true" if value else "false"

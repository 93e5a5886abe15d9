"""Conferences: who is in one, when it starts, when it ends, and who is told.

Over 200 lines: one life is read from its start to its end.
"""

from typing import TYPE_CHECKING

from twilio_simulator import sid
from twilio_simulator.events import RoomEnded
from twilio_simulator.participant import Participant
from twilio_simulator.recordings import Clip
from twilio_simulator.room_settings import (
    SUBSCRIPTIONS,
    LabelTakenError,
    NobodyToCoachError,
    ParticipantSettings,
    RoomCallback,
    RoomFullError,
    RoomSettings,
)
from twilio_simulator.webhooks import rfc2822

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg


class Room:
    """``status``: init, in-progress, completed. ``participants`` are also those still being rung."""

    def __init__(self, exchange: "Exchange", name: str) -> None:
        self.exchange = exchange
        self.name = name
        self.sid = sid.new("CF")
        self.status = "init"
        self.created = exchange.clock.now()
        self.updated = self.created
        self.participants: list[Participant] = []
        self.settings: RoomSettings | None = None
        self.reason_ended: str | None = None
        self.ended_by: str | None = None
        self._sequence = 0
        self._clip: Clip | None = None

    @property
    def over(self) -> bool:
        return self.status == "completed"

    @property
    def started(self) -> bool:
        return self.status == "in-progress"

    @property
    def present(self) -> list[Participant]:
        return [participant for participant in self.participants if participant.joined]

    def check(self, own: ParticipantSettings) -> None:
        """Raise LabelTakenError, RoomFullError or NobodyToCoachError."""
        if own.label and any(other.label == own.label for other in self.participants):
            raise LabelTakenError(own.label)
        if len(self.participants) >= own.max_participants:
            raise RoomFullError(self.name)
        if own.coach is not None and self.find(own.coach) is None:
            raise NobodyToCoachError(own.coach)

    def expect(self, leg: "Leg", own: ParticipantSettings, settings: RoomSettings) -> Participant:
        """Somebody is about to join. Raises what ``check`` raises."""
        self.check(own)
        if self.settings is None:
            self.settings = settings
        participant = Participant(self, leg, own)
        self.participants.append(participant)
        return participant

    def find(self, key: str) -> Participant | None:
        """By call SID or label."""
        return next((one for one in self.participants if key in (one.leg.sid, one.label)), None)

    def join(self, participant: Participant) -> None:
        participant.joined = True
        participant.leg.participant = participant
        participant.leg.hear("joined", self.name)
        self._beep(participant, "onEnter")
        starts = not self.started and self._may_start()
        if self.exchange.switches.join_event_first:
            self.announce_join(participant)
        if starts:
            self._start()
        if not self.exchange.switches.join_event_first:
            self.announce_join(participant)
        participant.renew_sound()

    def announce_join(self, participant: Participant) -> None:
        if not participant.join_told:
            participant.join_told = True
            self.event("participant-join", participant.parameters())

    def leave(self, participant: Participant, reason: str, *, kicked: bool = False) -> None:
        """Out of the room; again is no harm. May end it for all."""
        if participant not in self.participants:
            return
        self.participants.remove(participant)
        leg = participant.leg
        was_in, participant.joined = participant.joined, False
        leg.participant = None
        leg.stop_aside()
        if was_in:
            leg.hear("left", self.name)
            self._beep(participant, "onExit")
        status = leg.status if leg.over else "in-progress"
        self.event(
            "participant-leave",
            participant.parameters() | {"ParticipantCallStatus": status, "ReasonParticipantLeft": reason},
        )
        if self.over:
            return
        how = "kicked" if kicked else "left"
        if was_in and participant.end_on_exit:
            text = f"Participant {leg.sid} with EndConferenceOnExit {how}"
            self.end(f"participant-with-end-conference-on-exit-{how}", text, participant)
        elif not self.participants:
            self.end(f"last-participant-{how}", f"Last participant {how}", participant)

    def end(self, reason: str, text: str, by: Participant | None = None) -> None:
        """Over for all: every leg goes on with its own document, and who was still being rung is let go."""
        if self.over:
            return
        self.status, self.reason_ended = "completed", reason
        self.exchange.rooms.finished(self)
        self.ended_by = by.leg.sid if by else None
        self.updated = self.exchange.clock.now()
        left = (
            "conference_ended_via_api"
            if reason == "conference-ended-via-api"
            else "moderator_ended_conference"
        )
        for participant in list(self.participants):
            if participant.joined:
                participant.leg.tell(RoomEnded())
                self.leave(participant, left)
            else:
                participant.leg.end("canceled")
        if self._clip:
            self._clip.finish()
        said = {"ReasonConferenceEnded": reason, "Reason": text}
        if by is not None:
            said["CallSidEndingConference"] = by.leg.sid
            said |= {"ParticipantLabelEndingConference": by.label} if by.label else {}
        self.event("conference-end", said)

    def event(self, name: str, said: dict[str, str]) -> None:
        """Counted whether or not anybody subscribed; only the first participant's callback is told."""
        self._sequence += 1
        callback = self.settings.callback if self.settings else RoomCallback()
        if callback.url is None or SUBSCRIPTIONS[name] not in callback.events:
            return
        params = {
            "AccountSid": self.exchange.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "SequenceNumber": str(self._sequence),
            "Timestamp": rfc2822(self.exchange.clock.now()),
            "StatusCallbackEvent": name,
        }
        method = callback.method or self.exchange.switches.conference_callback_method
        self.exchange.webhooks.notify(f"conference.{name}", callback.url, method, params | said)

    def hold_began(self) -> None:
        """Music for one of them, which may or may not be on the recording."""
        if self._clip and self.exchange.switches.hold_music_recorded:
            self._clip.words = f"{self._clip.words} (hold music)".strip()

    def wait_parameters(self) -> dict[str, str]:
        if not self.exchange.switches.room_parameters_in_wait_requests:
            return {}
        return {"ConferenceSid": self.sid, "FriendlyName": self.name}

    def _may_start(self) -> bool:
        enough = len(self.present) >= self.exchange.switches.participants_to_start
        return enough and any(one.start_on_enter for one in self.present)

    def _start(self) -> None:
        self.status = "in-progress"
        self.updated = self.exchange.clock.now()
        if self.settings and self.settings.record:
            self._clip = self.exchange.recordings.begin(
                "Conference", self.settings.recording_callback, conference_sid=self.sid
            )
        self.event("conference-start", {})
        for participant in self.present:
            participant.renew_sound()

    def _beep(self, about: Participant, moment: str) -> None:
        if about.beep in ("true", moment):
            for other in self.present:
                if other is not about and other.hears:
                    other.leg.hear("heard-tone", "beep")


class Rooms:
    """All the conferences of the account. A name belongs to one active conference at a time."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self.all: dict[str, Room] = {}
        self._active: dict[str, Room] = {}

    def active(self, name: str) -> Room | None:
        return self._active.get(name)

    def open(self, name: str) -> Room:
        """The active conference of that name, or a new one."""
        room = self.active(name)
        if room is None:
            room = Room(self._exchange, name)
            self.all[room.sid] = self._active[name] = room
        return room

    def finished(self, room: Room) -> None:
        """Its name is free again."""
        del self._active[room.name]
        self._exchange.archive.take_room(room)

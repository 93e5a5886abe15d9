"""What a leg brings into a conference, and why it may not come in."""

from dataclasses import dataclass, field
from typing import Final

from twilio_simulator.recordings import RecordingCallback

#: Which word of statusCallbackEvent asks for which event.
SUBSCRIPTIONS: Final = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}


@dataclass(frozen=True)
class ParticipantSettings:
    """How a leg is in a conference. ``wait_url`` None is Twilio's own music, empty is silence."""

    label: str | None = None
    muted: bool = False
    start_on_enter: bool = True
    end_on_exit: bool = False
    beep: str = "true"
    wait_url: str | None = None
    wait_method: str = "POST"
    coach: str | None = None
    max_participants: int = 250


@dataclass(frozen=True)
class RoomCallback:
    url: str | None = None
    #: None: a switch decides.
    method: str | None = None
    events: frozenset[str] = frozenset()


@dataclass
class RoomSettings:
    """What the first participant decides for the whole conference."""

    callback: RoomCallback = field(default_factory=RoomCallback)
    record: bool = False
    recording_callback: RecordingCallback = field(default_factory=RecordingCallback)


class LabelTakenError(Exception):
    """Another participant has that label (16025)."""


class RoomFullError(Exception):
    """maxParticipants is reached (16020)."""


class NobodyToCoachError(Exception):
    """The leg to coach is not in the conference (13240)."""

"""What a telephone does when it rings, without anybody's hand: people, machines, and a bad line."""

from typing import Final, Literal, get_args

from twilio_simulator.behaviours.bad_line import DoublesKeys
from twilio_simulator.behaviours.machines import AutoAttendant, Robot
from twilio_simulator.behaviours.person import Person
from twilio_simulator.behaviours.screening import ScreenedPerson
from twilio_simulator.behaviours.voicemail import Voicemail

__all__ = [
    "PLAIN",
    "AutoAttendant",
    "Behaviour",
    "DoublesKeys",
    "Person",
    "Robot",
    "ScreenedPerson",
    "Voicemail",
]

#: manual: it waits for a hand; the others are what the network says of it.
Plain = Literal["manual", "busy", "no_answer", "failed"]
#: Picks up and acts by itself.
Acting = Person | ScreenedPerson | Voicemail | Robot | AutoAttendant | DoublesKeys
Behaviour = Plain | Acting

PLAIN: Final[tuple[Plain, ...]] = get_args(Plain)

"""<Conference>: a room that several legs share."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from xml.etree.ElementTree import Element

from twilio_simulator.events import Removed, RoomEnded, WaitFailed
from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.participant import Participant
from twilio_simulator.performance import HungUp, Interrupted, Performance, Wait
from twilio_simulator.recordings import RecordingCallback
from twilio_simulator.room_settings import (
    LabelTakenError,
    NobodyToCoachError,
    ParticipantSettings,
    RoomCallback,
    RoomFullError,
    RoomSettings,
)
from twilio_simulator.verbs.base import flag, whole, words
from twilio_simulator.verbs.dial_events import news

if TYPE_CHECKING:
    from twilio_simulator.verbs.dial import Dial


@dataclass(frozen=True)
class Conference:
    name: str
    own: ParticipantSettings
    settings: RoomSettings

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        wait_url = node.get("waitUrl")
        callback = node.get("statusCallback")
        return cls(
            words(node),
            ParticipantSettings(
                label=node.get("participantLabel"),
                muted=flag(node, "muted", default=False),
                start_on_enter=flag(node, "startConferenceOnEnter", default=True),
                end_on_exit=flag(node, "endConferenceOnExit", default=False),
                beep=node.get("beep", "true"),
                wait_url=place.resolve(wait_url) if wait_url else wait_url,
                wait_method=node.get("waitMethod", "POST"),
                coach=node.get("coach") or None,
                max_participants=whole(node, "maxParticipants", 250),
            ),
            RoomSettings(
                RoomCallback(
                    place.resolve(callback) if callback else None,
                    node.get("statusCallbackMethod"),
                    frozenset(node.get("statusCallbackEvent", "").split()),
                ),
                node.get("record") == "record-from-start",
                RecordingCallback.parse(node, place),
            ),
        )

    def attempt(self, context: ExecutionContext, dial: "Dial") -> "Attendance":
        return Attendance(self, context, dial)


@dataclass(frozen=True)
class Expected:
    """The noun of a leg that was added over REST: its place in the room is kept already."""

    participant: Participant

    def attempt(self, context: ExecutionContext, dial: "Dial") -> "Attendance":
        return Attendance(None, context, dial, self.participant)


class Attendance:
    """One leg's time in the room. The Dial around it says ``answered`` whatever happened."""

    kind = "dial.action.conference"

    def __init__(
        self,
        noun: Conference | None,
        context: ExecutionContext,
        dial: "Dial",
        expected: Participant | None = None,
    ) -> None:
        self._noun = noun
        self._context = context
        self._dial = dial
        self._participant = expected
        self._bridged = False

    def run(self) -> Performance:
        participant = self._enter()
        if participant is None:
            return None
        self._participant = participant
        room = participant.room
        room.join(participant)
        reason = yield from self._stay()
        self._bridged = room.started or room.over
        leg = self._context.leg
        if reason == "kicked":
            room.leave(participant, "participant_updated_via_api", kicked=True)
            if not self._context.exchange.switches.kicked_leg_goes_on:
                leg.exchange.soon(lambda: leg.end("completed"))
                yield Wait()
        else:
            room.leave(participant, "participant_hung_up")
        return None

    def abandon(self, why: Interrupted) -> None:
        if self._participant is not None:
            room = self._participant.room
            self._bridged = room.started
            reason = "participant_hung_up" if isinstance(why, HungUp) else "participant_updated_via_api"
            room.leave(self._participant, reason)

    def parameters(self, why: Interrupted | None = None) -> dict[str, str]:  # noqa: ARG002  # others look at it
        return {"DialCallStatus": "answered"} | self._context.exchange.bridged_parameter(self._bridged)

    def _enter(self) -> Participant | None:
        if self._noun is None:
            return self._participant
        exchange = self._context.exchange
        room = exchange.rooms.open(self._noun.name)
        try:
            return room.expect(self._context.leg, self._noun.own, self._noun.settings)
        except LabelTakenError as error:
            exchange.fault(16025, f"label {error}")
        except RoomFullError as error:
            exchange.fault(16020, f"conference {error}")
        except NobodyToCoachError as error:
            exchange.fault(13240, f"coach {error}")
        return None

    def _stay(self) -> Generator[Wait, Any, str]:
        wants = (RoomEnded, Removed, WaitFailed)
        event = yield from news(self._context, self._dial, wants, limit=self._dial.time_limit)
        return "kicked" if isinstance(event, Removed) else "left"

"""How a participant is added over REST: a room, a place kept in it, a leg on its way there."""

import re
from typing import Final

from twilio_simulator import calling
from twilio_simulator.execution_context import ExecutionContext
from twilio_simulator.participant import Participant
from twilio_simulator.recordings import RecordingCallback
from twilio_simulator.rest.context import current_exchange
from twilio_simulator.rest.forms import CALL_EVENTS, RECORDING, RECORDING_EVENTS, Form
from twilio_simulator.rest.refusals import RefusedError, not_found
from twilio_simulator.room import Room
from twilio_simulator.room_settings import (
    LabelTakenError,
    NobodyToCoachError,
    ParticipantSettings,
    RoomCallback,
    RoomFullError,
    RoomSettings,
)
from twilio_simulator.verbs.dial import attend
from twilio_simulator.webhooks import StatusCallback

#: Who calls, where from, for an emergency call: this network places none.
EMERGENCY: Final = (
    "EmergencyCallerPosition EmergencyCallerLocation EmergencyName EmergencyAddress EmergencyZipCode EmergencyCity "
    "EmergencyState EmergencyCountry"
)
CREATE: Final = (
    "From To StatusCallback StatusCallbackMethod StatusCallbackEvent Label Timeout TimeLimit Muted Beep "
    "StartConferenceOnEnter EndConferenceOnExit WaitUrl WaitMethod EarlyMedia MaxParticipants ConferenceRecord "
    "ConferenceStatusCallback ConferenceStatusCallbackMethod ConferenceStatusCallbackEvent Coaching CallSidToCoach "
    "ConferenceRecordingStatusCallback ConferenceRecordingStatusCallbackMethod ConferenceRecordingStatusCallbackEvent "
    f"ConferenceTrim CallerId CallReason Passports RecordingConfigurationId {EMERGENCY} {RECORDING}"
)
EVENTS: Final = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
CONFERENCE_SID: Final = re.compile(r"CF[0-9a-fA-F]{32}")


def create_participant(conference: str, form: Form) -> Participant:
    """Places the call and keeps its place in the room, which is lost again if it never answers."""
    order, own, settings = _order(form), _own_settings(form), _settings(form)
    room = _room(conference, own)
    leg = calling.place(current_exchange(), order)
    participant = room.expect(leg, own, settings)
    answered = leg.on_answer

    def attending() -> None:
        answered()
        context = ExecutionContext(leg)
        leg.perform(context, attend(context, participant))

    leg.on_answer = attending
    leg.on_end.append(lambda: room.leave(participant, "participant_add_failed"))
    if leg.exchange.switches.participant_join_at == "ringing":
        leg.on_ringing = lambda: room.announce_join(participant)
    return participant


def _room(conference: str, own: ParticipantSettings) -> Room:
    """By SID an active conference, by name the active one or a new one, in which there is a place for this leg."""
    rooms = current_exchange().rooms
    if CONFERENCE_SID.fullmatch(conference):
        room = rooms.all.get(conference)
        if room is None or room.over:
            raise not_found()
    else:
        room = rooms.active(conference)
        if room is None and own.coach is None:
            return rooms.open(conference)
    try:
        (room or Room(current_exchange(), conference)).check(own)
    except LabelTakenError as error:
        raise RefusedError(16025, f"Participant label {error} is in use") from error
    except RoomFullError as error:
        raise RefusedError(16020, f"Conference {error} is full") from error
    except NobodyToCoachError as error:
        raise RefusedError(13240, f"Call {error} is not in the conference") from error
    return room or rooms.open(conference)


def _order(form: Form) -> calling.Order:
    caller, called = form.parties()
    return calling.Order(
        caller,
        called,
        callback=StatusCallback(
            form.url("StatusCallback"),
            form.method("StatusCallbackMethod"),
            form.words("StatusCallbackEvent", "completed", CALL_EVENTS),
        ),
        timeout=form.whole("Timeout", 60, 5, 600),
        time_limit=form.whole("TimeLimit", 14_400, 1, 86_400) if "TimeLimit" in form else None,
        record=form.recorded(),
        shown=form.shown(),
    )


def _own_settings(form: Form) -> ParticipantSettings:
    coaching = form.text("CallSidToCoach") if form.flag("Coaching", default=False) else None
    return ParticipantSettings(
        label=form.text("Label") or None,
        muted=form.flag("Muted", default=False),
        start_on_enter=form.flag("StartConferenceOnEnter", default=True),
        end_on_exit=form.flag("EndConferenceOnExit", default=False),
        beep=form.text("Beep", "true"),
        wait_url=form.url("WaitUrl") if form.text("WaitUrl") else ("" if "WaitUrl" in form else None),
        wait_method=form.method("WaitMethod"),
        coach=coaching or None,
        max_participants=form.whole("MaxParticipants", 250, 2, 250),
    )


def _settings(form: Form) -> RoomSettings:
    form.one_of("ConferenceTrim", ("do-not-trim", "trim-silence"))
    return RoomSettings(
        RoomCallback(
            form.url("ConferenceStatusCallback"),
            form.method("ConferenceStatusCallbackMethod")
            if "ConferenceStatusCallbackMethod" in form
            else None,
            form.words("ConferenceStatusCallbackEvent", "start end", EVENTS),
        ),
        form.text("ConferenceRecord") in ("true", "record-from-start"),
        RecordingCallback(
            form.url("ConferenceRecordingStatusCallback"),
            form.method("ConferenceRecordingStatusCallbackMethod"),
            form.words("ConferenceRecordingStatusCallbackEvent", "completed", RECORDING_EVENTS),
        ),
    )

"""Participants of a conference: create, fetch, list, update, delete."""

from typing import Any, Final

from flask import Blueprint, request

from twilio_simulator.events import Removed
from twilio_simulator.participant import Participant, announce_to
from twilio_simulator.performance import Fetch
from twilio_simulator.rest.context import current_exchange, uri
from twilio_simulator.rest.forms import Form
from twilio_simulator.rest.pages import page
from twilio_simulator.rest.participants_create import CREATE, create_participant
from twilio_simulator.rest.refusals import not_found
from twilio_simulator.room import Room
from twilio_simulator.webhooks import rfc2822

UPDATE: Final = (
    "Muted Hold HoldUrl HoldMethod AnnounceUrl AnnounceMethod WaitUrl WaitMethod BeepOnExit EndConferenceOnExit "
    "Coaching CallSidToCoach"
)
participants = Blueprint("participants", __name__)

path = "/Conferences/<conference>/Participants"


def room_of(conference: str) -> Room:
    room = current_exchange().rooms.all.get(conference)
    if room is None:
        raise not_found()
    return room


def found(conference: str, key: str) -> Participant:
    participant = room_of(conference).find(key)
    if participant is None:
        raise not_found()
    return participant


@participants.post(f"{path}.json")
def create(conference: str) -> tuple[dict[str, Any], int]:
    return show(create_participant(conference, Form(current_exchange(), CREATE)), new=True), 201


@participants.get(f"{path}.json")
def listing(conference: str) -> dict[str, Any]:
    def fits(one: Participant) -> bool:
        flags = (("Muted", one.muted), ("Hold", one.hold), ("Coaching", one.coach is not None))
        return all(
            (request.args[name].lower() == "true") == value for name, value in flags if name in request.args
        )

    wanted = [one for one in room_of(conference).participants if fits(one)]
    return page("participants", wanted, show, lambda one: one.leg.sid)


@participants.get(f"{path}/<key>.json")
def fetch(conference: str, key: str) -> dict[str, Any]:
    return show(found(conference, key))


@participants.post(f"{path}/<key>.json")
def update(conference: str, key: str) -> dict[str, Any]:
    participant = found(conference, key)
    _change(participant, Form(current_exchange(), UPDATE))
    return show(participant)


@participants.delete(f"{path}/<key>.json")
def delete(conference: str, key: str) -> tuple[str, int]:
    participant = found(conference, key)
    if participant.joined:
        participant.leg.tell(Removed())
    else:
        participant.leg.end("completed" if participant.leg.answered_at else "canceled")
    return "", 204


def _change(participant: Participant, form: Form) -> None:
    room = participant.room
    participant.updated = participant.leg.exchange.clock.now()
    if "Muted" in form:
        participant.muted = form.flag("Muted", default=False)
        room.event(
            "participant-mute" if participant.muted else "participant-unmute", participant.parameters()
        )
    if "Hold" in form:
        url = form.url("HoldUrl")
        method = form.method("HoldMethod", "GET")
        fetch = Fetch(url, method, "conference.hold_url", room.wait_parameters()) if url else None
        _hold(participant, fetch, on=form.flag("Hold", default=False))
    if "EndConferenceOnExit" in form or "Coaching" in form:
        participant.end_on_exit = form.flag("EndConferenceOnExit", default=participant.end_on_exit)
        if "Coaching" in form:
            participant.coach = form.text("CallSidToCoach") if form.flag("Coaching", default=False) else None
        room.event("participant-modify", participant.parameters())
    if "BeepOnExit" in form:
        participant.beep = "true" if form.flag("BeepOnExit", default=False) else "onEnter"
    announcement = form.url("AnnounceUrl")
    if announcement:
        announce_to(participant, announcement, form.method("AnnounceMethod"))


def _hold(participant: Participant, fetch: Fetch | None, *, on: bool) -> None:
    changed = participant.hold != on
    participant.hold, participant.hold_fetch = on, fetch
    if changed:
        participant.leg.hear("held" if on else "resumed", participant.room.name)
    participant.room.event("participant-hold" if on else "participant-unhold", participant.parameters())
    participant.renew_sound()


def show(participant: Participant, *, new: bool = False) -> dict[str, Any]:
    room, leg = participant.room, participant.leg
    return {
        "account_sid": leg.exchange.account_sid,
        "call_sid": leg.sid,
        "label": participant.label,
        "call_sid_to_coach": participant.coach,
        "coaching": participant.coach is not None,
        "conference_sid": room.sid,
        "date_created": rfc2822(participant.created),
        "date_updated": rfc2822(participant.updated),
        "end_conference_on_exit": participant.end_on_exit,
        "muted": participant.muted,
        "hold": participant.hold,
        "start_conference_on_enter": participant.start_on_enter,
        "status": "queued" if new else participant.status,
        "queue_time": str(leg.queue_time_ms),
        "uri": uri(f"Conferences/{room.sid}/Participants/{leg.sid}.json"),
    }

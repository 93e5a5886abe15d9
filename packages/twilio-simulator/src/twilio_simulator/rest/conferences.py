"""Conferences: fetch, list, end, announce."""

from typing import Any

from flask import Blueprint, request

from twilio_simulator.participant import announce_to_room
from twilio_simulator.rest.context import current_exchange, uri
from twilio_simulator.rest.forms import Form
from twilio_simulator.rest.pages import in_time, is_listed, page
from twilio_simulator.rest.refusals import RefusedError, not_found
from twilio_simulator.room import Room
from twilio_simulator.webhooks import API_VERSION, rfc2822

conferences = Blueprint("conferences", __name__)


def show(room: Room) -> dict[str, Any]:
    return {
        "account_sid": current_exchange().account_sid,
        "date_created": rfc2822(room.created),
        "date_updated": rfc2822(room.updated),
        "api_version": API_VERSION,
        "friendly_name": room.name,
        "region": "us1",
        "sid": room.sid,
        "status": _status(room),
        "uri": uri(f"Conferences/{room.sid}.json"),
        "subresource_uris": {
            "participants": uri(f"Conferences/{room.sid}/Participants.json"),
            "recordings": uri(f"Conferences/{room.sid}/Recordings.json"),
        },
        "reason_conference_ended": room.reason_ended,
        "call_sid_ending_conference": room.ended_by,
    }


def _status(room: Room) -> str:
    waiting = room.status == "init" and room.present
    return current_exchange().switches.waiting_room_status if waiting else room.status


def found(sid: str) -> Room:
    room = current_exchange().rooms.all.get(sid)
    if room is None:
        raise not_found()
    return room


@conferences.get("/Conferences.json")
def listing() -> dict[str, Any]:
    """Without a Status those in progress only, since 30 September 2026 (Twilio, Conference resource)."""
    rooms = [
        room
        for room in reversed(current_exchange().rooms.all.values())
        if is_listed(room.created)
        and request.args.get("FriendlyName", room.name) == room.name
        and request.args.get("Status", "in-progress") == _status(room)
        and in_time("DateCreated", room.created)
        and in_time("DateUpdated", room.updated)
    ]
    return page("conferences", rooms, show, lambda room: room.sid)


@conferences.get("/Conferences/<sid>.json")
def fetch(sid: str) -> dict[str, Any]:
    return show(found(sid))


@conferences.post("/Conferences/<sid>.json")
def update(sid: str) -> dict[str, Any]:
    room = found(sid)
    form = Form(current_exchange(), "Status AnnounceUrl AnnounceMethod")
    if room.over:
        raise RefusedError(16001, f"Conference {sid} is not active")
    url = form.url("AnnounceUrl")
    if form.text("Status") == "completed":
        room.end("conference-ended-via-api", "Conference ended via API")
    elif form.text("Status"):
        raise RefusedError(20001, f"Invalid Status: {form.text('Status')}")
    elif url:
        announce_to_room(room, url, form.method("AnnounceMethod"))
    return show(room)

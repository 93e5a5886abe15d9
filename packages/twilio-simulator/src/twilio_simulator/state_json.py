"""How the network stands at this moment, for whoever looks: telephones, rooms, queues, transcript."""

from typing import TYPE_CHECKING, Any, Final

from twilio_simulator.behaviours.by_name import behaviour_words
from twilio_simulator.fault_plans import plan_words
from twilio_simulator.phone import Phone
from twilio_simulator.requests import Request
from twilio_simulator.room import Room
from twilio_simulator.transcript import Entry

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange

WARNINGS: Final = 50


def network_json(exchange: "Exchange") -> dict[str, Any]:
    """``last`` is the newest entry of the transcript, ``numbers`` are the lines one can dial.

    ``next`` is when something happens by itself; ``warnings`` are the newest lines of the debugger.
    """
    due = exchange.timeline.next_due()
    return {
        "clock": exchange.clock.now().isoformat(),
        "next": due.isoformat() if due else None,
        "numbers": [number.number for number in exchange.numbers],
        "phones": [_phone_json(phone) for phone in exchange.phones.values()],
        "rooms": [_room_json(room) for room in exchange.rooms.all.values() if not room.over],
        "queues": [
            {"name": queue.name, "members": [member.leg.phone.number for member in queue.members]}
            for queue in exchange.queues.all.values()
        ],
        "faults": [plan_words(plan) for plan in exchange.trouble.planned],
        "warnings": exchange.log[-WARNINGS:],
        "last": len(exchange.transcript.entries),
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "number": entry.number,
        "name": entry.name,
        "kind": entry.kind,
        "text": entry.text,
        "language": entry.language,
    }


def request_json(request: Request, exchange: "Exchange") -> dict[str, Any]:
    """``numbers`` are the telephones it is about."""
    legs, phones = exchange.legs, exchange.phones
    about = {legs[one].phone.number if one in legs else one for one in request.mentions}
    return {
        "id": request.id,
        "at": request.at.isoformat(),
        "kind": request.kind,
        "method": request.method,
        "url": request.url,
        "params": request.params,
        "status": request.status,
        "error": request.error,
        "document": request.document,
        "seconds": request.seconds,
        "numbers": sorted(number for number in about if number in phones),
    }


def _phone_json(phone: Phone) -> dict[str, Any]:
    leg = phone.leg
    listening = leg.listening if leg else None
    return {
        "number": phone.number,
        "name": phone.name,
        "state": phone.state,
        "call_sid": leg.sid if leg else None,
        "caller": leg.from_number if leg and phone.is_ringing else None,
        "with": [other.phone.number for other in leg.listeners()] if leg else [],
        "held": leg is not None and leg.participant is not None and leg.participant.hold,
        "behaviour": behaviour_words(phone.behaviour),
        "music": leg is not None and leg.music,
        "waiting": leg.member.queue.name if leg and leg.member else None,
        "listening": {"kind": listening.kind, "input": listening.input} if listening else None,
    }


def _room_json(room: Room) -> dict[str, Any]:
    return {
        "name": room.name,
        "sid": room.sid,
        "status": room.status,
        "members": [
            {"number": one.leg.phone.number, "name": one.leg.phone.name, "held": one.hold, "muted": one.muted}
            for one in room.present
        ],
    }

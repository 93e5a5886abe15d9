"""How the network stands at this moment, for whoever looks: telephones, rooms, queues, transcript."""

from typing import TYPE_CHECKING, Any

from ivr.simulator.phone import Phone
from ivr.simulator.room import Room
from ivr.simulator.transcript import Entry

if TYPE_CHECKING:
    from ivr.simulator.exchange import Exchange


def look(exchange: "Exchange") -> dict[str, Any]:
    """``last`` is the newest entry of the transcript; ``numbers`` are the lines one can dial."""
    return {
        "clock": exchange.clock.now().isoformat(),
        "numbers": [number.number for number in exchange.numbers],
        "phones": [_phone(phone) for phone in exchange.phones.values()],
        "rooms": [_room(room) for room in exchange.rooms.all.values() if not room.over],
        "queues": [
            {"name": queue.name, "members": [member.leg.phone.number for member in queue.members]}
            for queue in exchange.queues.all.values()
        ],
        "last": len(exchange.transcript.entries),
    }


def seen(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "number": entry.number,
        "name": entry.name,
        "kind": entry.kind,
        "text": entry.text,
    }


def _phone(phone: Phone) -> dict[str, Any]:
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
        "music": leg is not None and leg.music,
        "waiting": leg.member.queue.name if leg and leg.member else None,
        "listening": {"kind": listening.kind, "input": listening.input} if listening else None,
    }


def _room(room: Room) -> dict[str, Any]:
    return {
        "name": room.name,
        "sid": room.sid,
        "status": room.status,
        "members": [
            {"number": one.leg.phone.number, "name": one.leg.phone.name, "held": one.hold, "muted": one.muted}
            for one in room.present
        ],
    }

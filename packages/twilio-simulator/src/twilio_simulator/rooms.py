"""All the conferences of the account. A name belongs to one active conference at a time."""

from typing import TYPE_CHECKING

from twilio_simulator.room import Room

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange


class Rooms:
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

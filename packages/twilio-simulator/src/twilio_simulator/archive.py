"""What is over: kept for lookup up to a number, then forgotten with all that is of it."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg
    from twilio_simulator.recordings import Clip
    from twilio_simulator.room import Room


class Archive:
    """The newest ``exchange.keep`` finished legs, as many conferences, and the recordings of both."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._legs: deque[Leg] = deque()
        self._rooms: deque[Room] = deque()

    def take_leg(self, leg: "Leg") -> None:
        self._legs.append(leg)
        if len(self._legs) > self._exchange.keep:
            oldest = self._legs.popleft()
            self._exchange.legs.pop(oldest.sid, None)
            self._exchange.webhooks.forget(oldest.sid)
            oldest.phone.forget(oldest)
            self._forget_clips(lambda clip: clip.leg is oldest)

    def take_room(self, room: "Room") -> None:
        self._rooms.append(room)
        if len(self._rooms) > self._exchange.keep:
            oldest = self._rooms.popleft()
            del self._exchange.rooms.all[oldest.sid]
            self._forget_clips(lambda clip: clip.conference_sid == oldest.sid)

    def _forget_clips(self, which: "Callable[[Clip], bool]") -> None:
        clips = self._exchange.recordings.clips
        for sid in [clip.sid for clip in clips.values() if which(clip)]:
            del clips[sid]

"""What is going to happen, in order: the heap of (moment, sequence, action)."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

Action = Callable[[], None]

#: So many appointments are never swept.
SMALL: Final = 256


@dataclass(order=True)
class Appointment:
    """One action at one moment. ``cancel`` makes it nothing."""

    moment: datetime
    sequence: int
    action: Action | None = field(compare=False)

    def cancel(self) -> None:
        self.action = None


class Timeline:
    def __init__(self) -> None:
        self._heap: list[Appointment] = []
        self._sequence = 0
        self._roomy = SMALL

    def at(self, moment: datetime, action: Action) -> Appointment:
        self._sequence += 1
        appointment = Appointment(moment, self._sequence, action)
        heapq.heappush(self._heap, appointment)
        if len(self._heap) > self._roomy:
            self._sweep()
        return appointment

    def __len__(self) -> int:
        """How many appointments are held, canceled ones among them."""
        return len(self._heap)

    def _sweep(self) -> None:
        """Throw out what was canceled: a time limit of four hours outlives its call by far."""
        self._heap = [appointment for appointment in self._heap if appointment.action is not None]
        heapq.heapify(self._heap)
        self._roomy = max(SMALL, 2 * len(self._heap))

    def next_due(self) -> datetime | None:
        while self._heap and self._heap[0].action is None:
            heapq.heappop(self._heap)
        return self._heap[0].moment if self._heap else None

    def run_one(self, now: datetime) -> bool:
        """Do the first action that is due, if there is one."""
        due = self.next_due()
        if due is None or due > now:
            return False
        appointment = heapq.heappop(self._heap)
        if appointment.action is not None:
            appointment.action()
        return True


class Background(Protocol):
    """Something that works beside the network and shares its clock: the job worker of an application."""

    def run_due(self) -> bool:
        """Do what is due now; whether anything was done."""

    def next_due(self) -> datetime | None:
        """When there will be something to do, as far as it is known."""

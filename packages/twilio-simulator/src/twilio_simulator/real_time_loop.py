"""Runs an exchange on a clock on the wall: one thread does what is due, when it is due."""

import sys
import threading
import time
import traceback
from datetime import datetime, timedelta
from typing import Final

from twilio_simulator.clock import WallClock
from twilio_simulator.exchange import Exchange
from twilio_simulator.requests import Journal

LONGEST_NAP: Final = 1.0
#: Real seconds that a leap waits for the application to answer before time moves on.
PATIENCE: Final = 2.0


class RealTimeLoop(threading.Thread):
    """``turns`` counts the times that something happened; ``turned`` is notified of each."""

    def __init__(self, exchange: Exchange, clock: WallClock, journal: Journal) -> None:
        super().__init__(name="loop", daemon=True)
        self._exchange = exchange
        self._clock = clock
        self._journal = journal
        self._running = True
        self._target: datetime | None = None
        self.turns = 0
        self.turned = threading.Condition()

    @property
    def speed(self) -> float:
        """How fast talk and rings pass."""
        return self._clock.speed

    def advance(self, seconds: float) -> None:
        """Move the clock ahead, doing everything on the way in its order. Another leap adds to one under way."""
        with self._exchange.woken:
            self._target = (self._target or self._clock.now()) + timedelta(seconds=seconds)
            self._exchange.woken.notify_all()

    def run(self) -> None:
        while self._running:
            if self._do_due():
                self.turn()
            if self._target is not None:
                self._advance_on()
                continue
            self._clock.write()
            with self._exchange.woken:
                due = self._exchange.timeline.next_due()
                nap = LONGEST_NAP if due is None else min(LONGEST_NAP, self._clock.real_seconds_until(due))
                if nap > 0 and self._running and self._target is None:
                    self._exchange.woken.wait(nap)

    def stop(self) -> None:
        with self._exchange.woken:
            self._running = False
            self._exchange.woken.notify_all()
        self.join()

    def wait_for_turn(self, seen: int, seconds: float) -> int:
        """The number of turns, as soon as it is another than ``seen``, or after so many seconds."""
        with self.turned:
            self.turned.wait_for(lambda: self.turns != seen, seconds)
            return self.turns

    def _advance_on(self) -> None:
        """One step of a leap: to the next event, or to the end. What the application says now comes first."""
        deadline = time.monotonic() + PATIENCE
        with self._exchange.woken:
            while self._running and self._journal.under_way and not self._is_due():
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._exchange.woken.wait(left)
            if self._is_due() or self._target is None:
                return
            due = self._exchange.timeline.next_due()
            self._clock.move_to(self._target if due is None else min(due, self._target))
            if self._clock.now() >= self._target:
                self._target = None
        self.turn()

    def _is_due(self) -> bool:
        due = self._exchange.timeline.next_due()
        return due is not None and due <= self._clock.now()

    def turn(self) -> None:
        """Say that something has happened."""
        with self.turned:
            self.turns += 1
            self.turned.notify_all()

    def _do_due(self) -> bool:
        faults = len(self._exchange.log)
        try:
            ran = self._exchange.run_due()
        except Exception:  # noqa: BLE001  # one broken call must not silence the whole network
            traceback.print_exc()
            ran = True
        for fault in self._exchange.log[faults:]:
            print(fault, file=sys.stderr, flush=True)  # noqa: T201  # the debugger of this network
        return ran

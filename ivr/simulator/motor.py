"""Runs an exchange on a clock on the wall: one thread does what is due, when it is due."""

import sys
import threading
import traceback

from ivr.simulator.clock import WallClock
from ivr.simulator.exchange import Exchange

LONGEST_NAP = 1.0


class Motor(threading.Thread):
    """``turns`` counts the times that something happened; ``turned`` is notified of each."""

    def __init__(self, exchange: Exchange, clock: WallClock) -> None:
        super().__init__(name="motor", daemon=True)
        self._exchange = exchange
        self._clock = clock
        self._running = True
        self.turns = 0
        self.turned = threading.Condition()

    def run(self) -> None:
        while self._running:
            if self._do_due():
                with self.turned:
                    self.turns += 1
                    self.turned.notify_all()
            self._clock.write()
            with self._exchange.woken:
                due = self._exchange.timeline.next_due()
                nap = LONGEST_NAP if due is None else min(LONGEST_NAP, self._clock.real_seconds_until(due))
                if nap > 0 and self._running:
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

    def _do_due(self) -> bool:
        faults = len(self._exchange.log)
        try:
            ran = self._exchange.run_due()
        except Exception:  # noqa: BLE001 - one broken call must not silence the whole network
            traceback.print_exc()
            ran = True
        for fault in self._exchange.log[faults:]:
            print(fault, file=sys.stderr, flush=True)  # noqa: T201 - the debugger of this network
        return ran

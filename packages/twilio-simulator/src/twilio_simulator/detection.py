"""Answering machine detection: whether it is a person who answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg

SECONDS = 3.0
"""How long this network takes to decide."""


@dataclass(frozen=True)
class Detection:
    """``mode``: Enable or DetectMessageEnd. ``aside``: the call goes on meanwhile, and ``url`` is told the result."""

    mode: str
    url: str | None
    method: str
    aside: bool

    def listen(self, leg: "Leg", start: Callable[[], None]) -> None:
        """Decide, then ``start`` the document; or start it at once when detection runs aside."""
        if self.aside:
            start()
        leg.exchange.after(SECONDS, lambda: self._decided(leg, start))

    def _decided(self, leg: "Leg", start: Callable[[], None]) -> None:
        if leg.over:
            return
        machine = "machine_start" if self.mode == "Enable" else "machine_end_beep"
        leg.answered_by = "human" if leg.phone.is_human else machine
        if not self.aside:
            start()
        elif self.url is not None:
            params = {
                "AccountSid": leg.exchange.account_sid,
                "CallSid": leg.sid,
                "AnsweredBy": leg.answered_by,
                "MachineDetectionDuration": str(int(SECONDS * 1000)),
            }
            leg.exchange.webhooks.notify("amd.async", self.url, self.method, params)

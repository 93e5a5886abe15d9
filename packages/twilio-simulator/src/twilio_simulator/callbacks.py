"""Who is told of a leg's progress, and whom to ask when its document fails."""

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from twilio_simulator.webhooks import status_parameters

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg

SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}


@dataclass(frozen=True)
class Fallback:
    """Where to ask when a document cannot be had."""

    url: str
    method: str = "POST"


@dataclass
class StatusCallback:
    """``sequence`` counts every step of the leg, also those nobody subscribed to."""

    url: str | None = None
    method: str = "POST"
    events: frozenset[str] = field(default_factory=lambda: frozenset({"completed"}))
    sequence: int = 0

    def tell(self, leg: "Leg", event: str, status: str) -> None:
        number, self.sequence = self.sequence, self.sequence + 1
        if self.url is None or event not in self.events:
            return
        inbound = leg.direction == "inbound"
        if inbound:
            number = leg.exchange.switches.inbound_sequence_number
        params = status_parameters(leg, status, number, leg.exchange.clock.now())
        if event == "completed":
            params |= {"CallDuration": str(leg.duration), "Duration": str(ceil(leg.duration / 60))}
            params |= {} if inbound else {"SipResponseCode": SIP_CODES[status]}
            params |= {"AnsweredBy": leg.answered_by} if leg.answered_by and not inbound else {}
        family = "dial.leg.status" if leg.direction == "outbound-dial" else "call.status"
        kind = "number.status_callback" if inbound else f"{family}.{event}"
        leg.exchange.webhooks.notify(kind, self.url, self.method, params)

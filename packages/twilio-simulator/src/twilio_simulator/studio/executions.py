"""One call's way through a flow, and what it brought: the context that REST gives."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from twilio_simulator import sid
from twilio_simulator.webhooks import voice_parameters

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg


@dataclass(frozen=True)
class Step:
    """``name`` is the event that led from one widget, of ``type``, to the next; the last goes to "Ended"."""

    sid: str
    name: str
    transitioned_from: str
    transitioned_to: str
    type: str
    context: dict[str, Any]
    made: datetime


@dataclass(eq=False)
class Execution:
    """``widgets`` is what each widget heard, by its name; ``status`` is active or ended."""

    sid: str
    flow_sid: str
    leg: "Leg"
    revision: int
    trigger: dict[str, str]
    created: datetime
    updated: datetime
    status: str = "active"
    #: The widget under way.
    at: str = ""
    #: A verb has reported that the caller is gone.
    left: bool = False
    widgets: dict[str, dict[str, str]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def begin(cls, flow_sid: str, revision: int, leg: "Leg", trigger: dict[str, str]) -> "Execution":
        now = leg.exchange.clock.now()
        return cls(sid.new("FN"), flow_sid, leg, revision, trigger, now, now)

    @property
    def contact(self) -> str:
        """Who rang, or was rung."""
        return self.leg.from_number if self.leg.direction == "inbound" else self.leg.to_number

    @property
    def own_address(self) -> str:
        """The number of the account."""
        return self.leg.to_number if self.leg.direction == "inbound" else self.leg.from_number

    @property
    def context(self) -> dict[str, Any]:
        """What templates may name, and REST shows."""
        return {
            "trigger": {"call": self.trigger},
            "contact": {"channel": {"type": "voice", "address": self.contact}},
            "flow": {
                "flow_sid": self.flow_sid,
                "sid": self.sid,
                "channel": {"address": self.own_address},
                "variables": self.variables,
            },
            "widgets": self.widgets,
        }

    def transition(self, event: str, from_name: str, from_type: str, to: str | None) -> None:
        now = self.leg.exchange.clock.now()
        told = self.widgets.get(from_name, {})
        step = Step(sid.new("FT"), event, from_name, to or "Ended", from_type, dict(told), now)
        self.steps.append(step)
        self.updated = now

    def hear(self, params: dict[str, str]) -> None:
        """What the widget under way was told, as Twilio's telephony tells a webhook."""
        self.widgets[self.at] = {**voice_parameters(self.leg), **params}

    def end(self) -> None:
        if self.status == "active":
            self.status = "ended"
            self.updated = self.leg.exchange.clock.now()

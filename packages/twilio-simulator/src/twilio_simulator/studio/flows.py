"""Flows, their revisions, and the account's Studio that keeps them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from twilio_simulator import sid
from twilio_simulator.studio.definition import Definition
from twilio_simulator.studio.executions import Execution
from twilio_simulator.webhooks import FINAL

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg
    from twilio_simulator.performance import Fetch

#: Where Twilio itself answers for a flow: what stands on a number.
WEBHOOKS: Final = "https://webhooks.twilio.com"


@dataclass(frozen=True)
class Revision:
    """``given`` is the definition as it came. ``status`` is draft or published."""

    number: int
    friendly_name: str
    status: str
    given: dict[str, Any]
    definition: Definition
    commit_message: str | None
    made: datetime


@dataclass(eq=False)
class Flow:
    sid: str
    webhook_url: str
    revisions: list[Revision] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)

    @property
    def latest(self) -> Revision:
        return self.revisions[-1]

    @property
    def published(self) -> Revision | None:
        """What callers get: the newest revision that was published. Drafts are for the console."""
        return next((one for one in reversed(self.revisions) if one.status == "published"), None)


class Studio:
    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self.flows: dict[str, Flow] = {}

    def create(self) -> Flow:
        """Without a revision yet."""
        named = sid.new("FW")
        url = f"{WEBHOOKS}/v1/Accounts/{self._exchange.account_sid}/Flows/{named}"
        flow = self.flows[named] = Flow(named, url)
        return flow

    def hosts(self, url: str) -> bool:
        """Whether Twilio itself answers at this URL, for a flow that exists or for none."""
        return url.startswith(f"{WEBHOOKS}/")

    def at(self, url: str) -> Flow | None:
        """The flow whose webhook this is, whatever query it has."""
        path = urlsplit(url)._replace(query="", fragment="").geturl()
        return next((flow for flow in self.flows.values() if flow.webhook_url == path), None)

    def takes(self, leg: "Leg", fetch: "Fetch") -> bool:
        """Whether this request, whose answer nobody performs, is for Twilio itself: what a verb heard to its end."""
        if not self.hosts(fetch.url):
            return False
        for execution in self._active(leg.sid):
            execution.left = True
            if self._exchange.switches.studio_hears_of_hang_up:
                execution.hear(fetch.extra)
        return True

    def told(self, params: dict[str, str]) -> None:
        """A status callback that goes to a flow: the executions of a call that is over end with it."""
        if params.get("CallStatus") in FINAL:
            for execution in self._active(params["CallSid"]):
                execution.end()

    def _active(self, call_sid: str) -> list[Execution]:
        executions = [execution for flow in self.flows.values() for execution in flow.executions]
        return [one for one in executions if one.leg.sid == call_sid and one.status == "active"]

    def forget(self, leg: "Leg") -> None:
        """The executions of a call that can no longer be looked up."""
        for flow in self.flows.values():
            flow.executions = [one for one in flow.executions if one.leg is not leg]

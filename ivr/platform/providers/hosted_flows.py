"""Flows that are hosted at the telephone network, which plays them by itself: also while nothing of ours answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

#: A flow in the network's own form (Twilio, Studio flow definition).
Definition = Mapping[str, Any]


class BadDefinitionError(Exception):
    """The network does not accept this definition; the message says why."""


@dataclass(frozen=True)
class HostedFlow:
    """A published flow. A number whose address is ``url`` has its calls played by it."""

    sid: str
    url: str
    revision: int
    definition: Definition


@dataclass(frozen=True)
class Execution:
    """One call that a hosted flow has played, or still plays. ``changed_at`` is when it did its last step."""

    sid: str
    began_at: datetime
    changed_at: datetime
    has_ended: bool


class HostedFlows(Protocol):
    """The part of the network that hosts flows. Every method raises what those of ``Telephone`` raise."""

    def hosted_flow(self, sid: str) -> HostedFlow:
        """Return the flow as it is now. Raises LegGoneError when there is none."""

    def hosted_flow_named(self, name: str) -> HostedFlow | None:
        """Return the flow of this name: for one whose SID was lost."""

    def publish_flow(self, name: str, definition: Definition, *, sid: str | None, why: str) -> HostedFlow:
        """Publish the definition as a new flow, or as the next revision of the flow of this SID.

        The network checks it first. Raises BadDefinitionError, and LegGoneError when there is no such flow.
        """

    def executions(self, flow_sid: str, *, since: datetime) -> list[Execution]:
        """Return the calls that this flow began to play since then."""

    def execution_context(self, flow_sid: str, sid: str) -> Mapping[str, Any]:
        """Return what the flow knows of this call (Twilio, Execution Context). Raises LegGoneError."""

    def delete_execution(self, flow_sid: str, sid: str) -> None:
        """Delete what the network keeps of this execution. Raises LegGoneError when there is none."""

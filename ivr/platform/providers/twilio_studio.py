"""Flows hosted at Twilio, by its Studio REST API v2."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ivr.platform.providers.hosted_flows import BadDefinitionError, Definition, Execution, HostedFlow
from ivr.platform.providers.telephone import RefusedError
from ivr.platform.providers.twilio_rest import TwilioRest

_PUBLISHED: Final = "published"
#: Letters of a commit message, at most (Twilio, Flow resource).
_LONGEST_REASON: Final = 200


class TwilioStudio:
    """The ``HostedFlows`` of an account."""

    def __init__(self, rest: TwilioRest) -> None:
        self._studio = rest.ask

    def hosted_flow(self, sid: str) -> HostedFlow:
        return _flow(self._studio(lambda twilio: twilio.studio.v2.flows(sid).fetch()))

    def hosted_flow_named(self, name: str) -> HostedFlow | None:
        flows = self._studio(lambda twilio: twilio.studio.v2.flows.list())
        sid = next((str(one.sid) for one in flows if one.friendly_name == name), None)
        return self.hosted_flow(sid) if sid else None  # a list leaves the definitions out

    def publish_flow(self, name: str, definition: Definition, *, sid: str | None, why: str) -> HostedFlow:
        flow = {
            "friendly_name": name,
            "status": _PUBLISHED,
            "definition": definition,
            "commit_message": why[:_LONGEST_REASON],
        }
        self._check(flow)
        if sid is None:
            return _flow(self._studio(lambda twilio: twilio.studio.v2.flows.create(**flow)))
        return _flow(self._studio(lambda twilio: twilio.studio.v2.flows(sid).update(**flow)))

    def _check(self, flow: dict[str, Any]) -> None:
        try:
            found = self._studio(lambda twilio: twilio.studio.v2.flow_validate.update(**flow))
        except RefusedError as refused:
            raise BadDefinitionError(str(refused)) from refused
        if not found.valid:
            raise BadDefinitionError("the network calls the flow invalid")

    def executions(self, flow_sid: str, *, since: datetime) -> list[Execution]:
        found = self._studio(
            lambda twilio: twilio.studio.v2.flows(flow_sid).executions.list(date_created_from=since)
        )
        return [
            Execution(
                str(one.sid), one.date_created, one.date_updated or one.date_created, one.status == "ended"
            )
            for one in found
        ]

    def execution_context(self, flow_sid: str, sid: str) -> Mapping[str, Any]:
        flow = self._studio(
            lambda twilio: twilio.studio.v2.flows(flow_sid).executions(sid).execution_context().fetch()
        )
        return dict(flow.context or {})

    def delete_execution(self, flow_sid: str, sid: str) -> None:
        self._studio(lambda twilio: twilio.studio.v2.flows(flow_sid).executions(sid).delete())


def _flow(found: Any) -> HostedFlow:
    return HostedFlow(
        str(found.sid), str(found.webhook_url), int(found.revision or 0), dict(found.definition or {})
    )

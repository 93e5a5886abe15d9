"""A telephone network that plays back a recorded call: each leg that is rung gets the SID that it had then."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from ivr.operations.replay.rules import RecordedLeg
from ivr.platform.providers.hosted_flows import Definition, Execution, HostedFlow
from ivr.platform.providers.telephone import (
    LeftRecording,
    LegGoneError,
    OutcomeUnknownError,
    Permit,
    Recorded,
    Reported,
    Sound,
    WebhookUrls,
)

#: An empty WAV file for every recording: the rerun does not compare sound.
_SILENCE = b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0\x80>\0\0\x02\0\x10\0data\0\0\0\0"


class RecordedNetwork:
    """A ``Telephone`` that rings no one."""

    def __init__(self, legs: list[RecordedLeg]) -> None:
        self._not_rung = list(legs)
        #: By the recorded id of an offer or a callback: its id in the rerun.
        self.ids: dict[tuple[str, str], str] = {}
        #: The last recorded status of each leg, by its SID.
        self.statuses: dict[str, str] = {}

    def ring(
        self,
        permit: Permit,
        *,
        answered: str,
        failing: str,
        reported: str,
        events: Sequence[str],
        seconds: int,
        extension: str | None = None,
    ) -> str:
        """Return the SID of the next recorded leg to this number; a new one when no such leg was recorded."""
        del failing, reported, events, seconds, extension
        for name, value in parse_qsl(urlsplit(answered).query):
            for leg in self._not_rung:
                if leg.number == permit.number and leg.id[0] == name:
                    self._not_rung.remove(leg)
                    self.ids[leg.id] = value
                    return leg.sid
        return f"CA{uuid4().hex}"

    def find(self, number: str, *, since: datetime) -> list[Reported]:
        del number, since
        return []

    def rung(self, *, before: datetime) -> list[Reported]:
        del before
        return []

    def conference(self, room: str) -> str | None: ...

    def fetch(self, sid: str) -> Reported:
        return Reported(sid, self.statuses.get(sid, "queued"))

    def talked(self, sid: str) -> int | None: ...

    def send(self, sid: str, url: str) -> None: ...

    def hang_up(self, sid: str) -> None: ...

    def webhook_urls(self) -> WebhookUrls:
        return WebhookUrls.below("")

    def set_webhook_urls(self, urls: WebhookUrls, *, take_over: bool = False) -> None: ...

    def hold(self, conference_sid: str, sid: str, *, on: bool, music: str) -> None: ...

    def announce(self, conference_sid: str, url: str) -> None: ...

    def record(self, sid: str, *, reported: str) -> str:
        """Raise OutcomeUnknownError: a recorded webhook says which recording it was."""
        del reported
        raise OutcomeUnknownError(sid)

    def recording_of(self, sid: str) -> str | None:
        raise OutcomeUnknownError(sid)

    def recording(self, sid: str) -> Recorded:
        return Recorded(sid, "in-progress", None)

    def left_recordings(self, sid: str) -> list[LeftRecording]:
        del sid
        return []

    def pause_recording(self, sid: str, recording_sid: str, *, on: bool) -> None: ...

    def delete_recording(self, sid: str) -> None: ...

    def delete_call(self, sid: str) -> None: ...

    def sound(self, sid: str) -> Sound:
        raise LegGoneError(sid)

    def clip(self, url: str) -> bytes:
        del url
        return _SILENCE

    def hosted_flow(self, sid: str) -> HostedFlow:
        raise LegGoneError(sid)

    def hosted_flow_named(self, name: str) -> HostedFlow | None: ...

    def publish_flow(self, name: str, definition: Definition, *, sid: str | None, why: str) -> HostedFlow:
        del definition, sid, why
        raise OutcomeUnknownError(name)

    def executions(self, flow_sid: str, *, since: datetime) -> list[Execution]:
        del flow_sid, since
        return []

    def execution_context(self, flow_sid: str, sid: str) -> Mapping[str, Any]:
        del flow_sid
        raise LegGoneError(sid)

    def delete_execution(self, flow_sid: str, sid: str) -> None: ...

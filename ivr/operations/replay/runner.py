"""Runs a recorded call again on today's code: each webhook in its order, at its own moment by the service's clock."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flask import Flask

from ivr.core import clock
from ivr.operations.replay import fixture_database, queries
from ivr.operations.replay.recorded_network import RecordedNetwork
from ivr.operations.replay.rules import RecordedWebhook, difference, readdressed
from ivr.platform.providers.mailer import Letter
from ivr.platform.voice.signature import signature_for
from ivr.services import services

PRIVATE: Final = "left out: what was entered or said there is not kept"
NOT_RUNG: Final = "left out: this phone is not called now"


@dataclass(frozen=True)
class Outcome:
    """What became of one webhook: left out for a reason, or answered. ``changed`` is a unified diff."""

    then: RecordedWebhook
    left_out: str = ""
    changed: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether there is no difference. A private webhook cannot be compared and counts as the same."""
        return not self.changed and self.left_out in {"", PRIVATE}


class SilentMailer:
    """A ``Mailer`` that sends nothing."""

    def send(self, letter: Letter) -> None: ...

    def forget(self, numbers: Collection[int]) -> None: ...

    def check(self) -> None: ...


class Rerun:
    """Runs one intake again. ``app`` works on a filled fixture database and rings by ``network``."""

    def __init__(
        self, app: Flask, network: RecordedNetwork, *, intake_id: int, reference: str, room: str
    ) -> None:
        ours = services(app)
        self._settings = ours.config
        self._database = ours.database
        self._worker = ours.worker
        self._client = app.test_client()
        self._network = network
        self._names = reference, room
        self._recorded = "intake", str(intake_id)
        self._moment: datetime | None = None

    def run(self, webhooks: Sequence[RecordedWebhook]) -> Iterator[Outcome]:
        """Send each webhook in turn and yield its outcome; between two of them run the jobs that fall due."""
        for one in webhooks:
            self._work(one.at)
            with clock.held_at(one.at):
                yield self._replayed(one)
                self._name()

    def _name(self) -> None:
        """Give the rerun's intake the recorded names, once there is one."""
        if self._recorded not in self._network.ids and (
            renamed := fixture_database.rename_intake(self._database, *self._names)
        ):
            self._network.ids[self._recorded] = str(renamed)

    def event_kinds(self, until: datetime) -> list[str]:
        """Return the kinds of the rerun's events until then, to compare with those of the recorded call."""
        self._work(until)
        with self._database.reading():
            intake = queries.find_intake(self._names[0])
            return queries.event_kinds(intake.id, until) if intake else []

    def _work(self, until: datetime) -> None:
        while (due := self._worker.next_due()) is not None and due <= until:
            self._moment = max(due, self._moment or due)
            with clock.held_at(self._moment):
                if not self._worker.run_due():
                    return
        self._moment = until

    def _replayed(self, one: RecordedWebhook) -> Outcome:
        if one.params is None:
            return Outcome(one, left_out=PRIVATE)
        if one.id and one.id not in self._network.ids:
            return Outcome(one, left_out=NOT_RUNG)
        path = readdressed(one.path, self._network.ids)
        public = self._settings.public_url
        # Each webhook has its own token: two recorded requests are no repeat, even when they are alike.
        headers = {
            "X-Twilio-Signature": signature_for(public + path, one.params, self._settings.twilio_auth_token),
            "I-Twilio-Idempotency-Token": str(one.number),
        }
        if "CallStatus" in one.params:  # a recording's webhook tells none
            self._network.statuses[one.about] = one.params["CallStatus"]
        answer = self._client.post(path, base_url=public, data=one.params, headers=headers)
        return Outcome(one, changed=difference(one.answer, answer.get_data(as_text=True), self._network.ids))

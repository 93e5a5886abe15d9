"""A call of then, run again by the code of now: each webhook in its order, at its moment by the line's clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flask import Flask

from ivr.core import clock
from ivr.core.config import Config
from ivr.core.db import Database
from ivr.operations.replay import fixture_database as copying
from ivr.operations.replay import queries
from ivr.operations.replay.recorded_network import NetworkOfThen
from ivr.operations.replay.rules import Kept, difference, readdressed
from ivr.platform.jobs.interfaces import Worker
from ivr.platform.providers.mailer import Letter
from ivr.platform.voice.signature import signature_for

PRIVATE: Final = "left out: what was keyed or said there is not kept"
NOT_RUNG: Final = "left out: this telephone is not rung now"


@dataclass(frozen=True)
class Outcome:
    """What became of one webhook: left out for a reason, or answered. ``changed`` is a unified diff."""

    then: Kept
    left_out: str = ""
    changed: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether nothing is to be said; what was private could not be compared."""
        return not self.changed and self.left_out in {"", PRIVATE}


class NoLetters:
    """A ``Mailer`` that carries nothing."""

    def send(self, letter: Letter) -> None:
        """See ``Mailer``."""

    def check(self) -> None:
        """See ``Mailer``."""


class Again:
    """One matter, once more. ``app`` is a line on a furnished copy, whose network is ``network``."""

    def __init__(self, app: Flask, network: NetworkOfThen, *, reference: str, room: str) -> None:
        self._settings: Config = app.extensions["settings"]
        self._database: Database = app.extensions["database"]
        self._worker: Worker = app.extensions["worker"]()
        self._client = app.test_client()
        self._network = network
        self._names = reference, room
        self._is_named = False
        self._moment: datetime | None = None

    def run(self, kept: Sequence[Kept]) -> Iterator[Outcome]:
        """Each webhook in turn; between them the line does the work that falls due."""
        for one in kept:
            self._work(one.at)
            with clock.held_at(one.at):
                yield self._asked(one)
                self._is_named = self._is_named or copying.take_names(self._database, *self._names)

    def happened(self, until: datetime) -> list[str]:
        """The kinds of the timeline's lines, as ``queries.happened`` has those of then."""
        self._work(until)
        with self._database.reading():
            matter = queries.matter(self._names[0])
            return queries.happened(matter.id, until) if matter else []

    def _work(self, until: datetime) -> None:
        while (due := self._worker.next_due()) is not None and due <= until:
            self._moment = max(due, self._moment or due)
            with clock.held_at(self._moment):
                if not self._worker.run_due():
                    return
        self._moment = until

    def _asked(self, one: Kept) -> Outcome:
        if one.params is None:
            return Outcome(one, left_out=PRIVATE)
        if one.id and one.id not in self._network.ids:
            return Outcome(one, left_out=NOT_RUNG)
        path = readdressed(one.path, self._network.ids)
        public = self._settings.public_url
        # A token of its own for each: what was asked twice then was two questions.
        headers = {
            "X-Twilio-Signature": signature_for(public + path, one.params, self._settings.twilio_auth_token),
            "I-Twilio-Idempotency-Token": str(one.number),
        }
        self._network.statuses[one.about] = one.params.get("CallStatus", "")
        answer = self._client.post(path, base_url=public, data=one.params, headers=headers)
        return Outcome(one, changed=difference(one.answer, answer.get_data(as_text=True), self._network.ids))

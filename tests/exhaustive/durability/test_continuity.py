"""Web, worker and database are killed for a quarter of an hour, and fifty callers ring. With ``--whole``.

Each of them hears the network or a person within ten seconds, and has a matter with its callback afterwards.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from devtools.demo_stage import is_prompt
from devtools.handset_client import CannotError, Handsets
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.continuity.models import HostedCall
from ivr.callcenter.intake.models import Clip, Intake
from ivr.core.db import Database
from tests.exhaustive.durability.fleet import LINE, Fleet
from tests.exhaustive.durability.ground import only_when_whole, prepared
from tests.exhaustive.durability.server import Server, own_server

CALLERS: Final = 50
LASTS: Final = timedelta(minutes=15)
ON_CALL: Final = "+14155550199"
#: What callers do when they hear this; the n-th caller has the habits of n modulo their number. None hangs up.
HABITS: Final = (
    (("To talk with a person", "1"),),
    (("To talk with a person", "2"),),
    (("Para hablar con una persona", "2"),),
    (),
    (("To talk with a person", "1"), ("everybody is busy", None)),
)
#: Seconds of the network's time: longer than it takes to say no, and to leave a message.
TALKS, WORDS_WITHIN = 20, 10


@pytest.fixture
def server() -> Iterator[Server]:
    with own_server() as server:
        yield server


def test_fifty_callers_while_all_of_it_is_dead(
    server: Server, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    only_when_whole(pytestconfig)
    numbers = [f"+1415555{2000 + one}" for one in range(CALLERS)]
    database = prepared(server.url, {}, tmp_path)
    phones = {**dict.fromkeys(numbers, "Customer"), ON_CALL: "On call"}
    with Fleet(tmp_path, server.url, phones, webs=1, workers=1, speed=8) as fleet:
        told = fleet.command("provision", "--continuity", ON_CALL, "--yes")
        assert f"1 calls {ON_CALL}" in told
        callers = Callers(fleet.network, numbers)
        fleet.all_die()
        server.die()
        callers.ring_for(LASTS)
        server.come_back()
        fleet.come_back()
        after = waited_for(database, fleet)
    database.engine.dispose()

    late = {number: seconds for number, seconds in callers.heard_after.items() if seconds > WORDS_WITHIN}
    assert late == {}
    assert len(callers.heard_after) == CALLERS
    assert callers.apologies == 0
    assert after == (CALLERS, CALLERS, CALLERS)


def waited_for(database: Database, fleet: Fleet) -> tuple[int, int, int]:
    """The matters, those that are owed a callback, and the calls fetched, once all sound has been fetched, too."""
    deadline = time.monotonic() + 120
    while True:
        Event().wait(1)
        with database.reading() as session:
            owed = select(func.count(Callback.intake_id.distinct())).where(Callback.state.in_(OPEN))
            counts = [session.scalar(one) or 0 for one in (*_COUNTS, owed)]
            missing = session.scalar(select(func.count(Clip.id)).where(Clip.audio.is_(None)))
        matters, fetched, owing = counts
        if (fetched >= CALLERS and not missing) or time.monotonic() > deadline:
            assert time.monotonic() < deadline, f"{counts}, {missing} silent\n{fleet.words('w')[-5000:]}"
            return matters, owing, fetched


_COUNTS: Final = (select(func.count(Intake.id)), select(func.count(HostedCall.id)))


class Callers:
    """Everybody rings once, evenly spread, and acts by their habits. Figures are the network's seconds."""

    def __init__(self, network: str, numbers: list[str]) -> None:
        #: How long each has waited for the first words.
        self.heard_after: dict[str, float] = {}
        self.apologies = 0
        self._handsets, self._numbers = Handsets(network), numbers
        self._dialled: dict[str, datetime] = {}
        self._done: dict[str, set[str]] = {number: set() for number in numbers}
        self._last = 0

    def ring_for(self, lasts: timedelta) -> None:
        """Until so long has passed and all have hung up."""
        began, waiting = self._now(), list(self._numbers)
        pause = lasts / len(waiting)
        while waiting or any(one["state"] != "idle" for one in self._phones):
            now = self._now()
            if waiting and now >= began + pause * len(self._dialled):
                self._dialled[waiting[0]] = now
                self._do(waiting.pop(0), "dial", to=LINE)
            self._listen()
            for phone in self._phones:
                self._act(phone)
            Event().wait(0.05)

    def _now(self) -> datetime:
        state = self._handsets.look()
        self._phones: list[dict[str, Any]] = state["phones"]
        return datetime.fromisoformat(state["clock"])

    def _listen(self) -> None:
        for line in self._handsets.heard(self._last):
            self._last = line.id
            number = line.number
            self.apologies += "application error" in line.text
            if number not in self._dialled or not is_prompt(line):
                continue
            waited = (datetime.fromisoformat(line.at) - self._dialled[number]).total_seconds()
            self.heard_after.setdefault(number, waited)
            for words, keys in HABITS[self._numbers.index(number) % len(HABITS)]:
                if words in line.text and words not in self._done[number]:
                    self._done[number].add(words)
                    self._do(number, "press", keys=keys) if keys else self._do(number, "hang-up")

    def _act(self, phone: dict[str, Any]) -> None:
        number, listens = phone["number"], phone["listening"]
        if number == ON_CALL:
            if phone["state"] == "ringing":
                self._do(number, "answer")
                self._answered = self._now()
            elif phone["state"] == "in-call" and self._now() - self._answered > timedelta(seconds=TALKS):
                self._do(number, "hang-up")
        elif listens and listens["kind"] == "record" and "said" not in self._done[number]:
            self._done[number].add("said")
            self._do(number, "say", text="Nobody can dial out since this morning, please call us back")

    def _do(self, number: str, act: str, **details: str) -> None:
        with suppress(CannotError):  # the call was over first
            self._handsets.do(number, act, **details)

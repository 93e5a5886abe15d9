"""A story told a thousand times, in trees: plays share their beginning, and each goes on from there in a fork.

Until somebody is rung nothing is reported, so every play of a story begins in the same way; the process that has come
so far stays there and makes the others. Of these each divides in two, and again, wherever chance could have it
otherwise. A fork copies the line, its network and its database (SQLite in memory) as they are.
"""

import gc
import os
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from random import Random
from typing import Any, NoReturn, Self

import time_machine
from structlog.testing import capture_logs
from werkzeug.test import run_wsgi_app

from tests.exhaustive.replays.rows import Rows, every_row, told
from tests.exhaustive.walks.line import Line
from tests.support.world import ADDRESS
from twilio_simulator.faults import Trouble
from twilio_simulator.web import WebRequest

Story = Callable[[Line], None]

#: Seconds of quiet after a story: all that was late has come, all that follows from it is done.
QUIET = 60
#: So many webhooks of the story come once more when it is over.
COME_AGAIN = 4


@dataclass(frozen=True)
class Play:
    """Notifications come up to ``late`` seconds late, and this share of all webhooks is ``doubled``, as chance has it.

    On the way it divides so many times: 2 ** ``divides`` ways to the end.
    """

    seed: int = 0
    late: float = 0.0
    doubled: float = 0.0
    divides: int = 0


class Opening:
    """``with Opening(story) as opening``: the story so far. ``ends`` tells it to its end, each time from there."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def __enter__(self) -> Self:
        self._pipe, theirs = Pipe()
        with warnings.catch_warnings():
            # From Python 3.12 on: a process of threads forks. The child touches none of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process = os.fork()
        if not self._process:
            self._pipe.close()
            self._tell(theirs)
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        os.waitpid(self._process, 0)

    def ends(self, play: Play) -> list[Rows]:
        """What each way of this play leaves. Fails as the first of them did that failed."""
        self._pipe.send(play)
        ends = list(iter(self._pipe.recv, None))
        for end in ends:
            assert not isinstance(end, str), end
        return ends

    def _tell(self, pipe: Connection) -> NoReturn:
        try:
            reports = _told(self._story, Play)[
                1
            ]  # and what is compiled once is compiled here, not in every fork
            pipe.send(_told(self._story, partial(_begun, pipe), reports)[0])
        except BaseException:  # noqa: BLE001  # told by the test, which has no other way to know
            pipe.send(traceback.format_exc())
        finally:
            os._exit(0)


def _begun(pipe: Connection) -> Play:
    """Returns in every process that is forked, with the play that is its own; in this one never."""
    gc.collect()
    gc.freeze()
    gc.disable()
    while True:
        try:
            play: Play = pipe.recv()
        except EOFError:  # the test is over
            os._exit(0)
        if _is_forked():
            return play
        pipe.send(None)


def _is_forked() -> bool:
    """False once the fork, in which this is True, has come to its end."""
    child = os.fork()
    if not child:
        return True
    _, status = os.waitpid(child, 0)
    assert not status, f"its process died: {status}"
    return False


def _told(story: Story, begin: Callable[[], Play], reports: int = 1) -> tuple[Rows, int]:
    """What the story leaves, and how many reports there were. About ``reports`` are expected."""
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as log:
        line = DoublingLine(traveller, log)
        line.exchange.post.trouble = network = Network(begin, reports)
        line.network = network
        story(line)
        line.advance(QUIET)
        rows = told(line)
        _come_again(line, network.chance)
    assert [entry for entry in log if entry["log_level"] in {"error", "critical"}] == []
    return rows, network.reports


def _come_again(line: Line, chance: Random) -> None:
    """Webhooks of the story come once more, in any order, with the tokens they had: no row changes."""
    sent = [one for one in line.exchange.post.sent if one.kind != "media" and one.url.startswith(ADDRESS)]
    before = every_row(line)
    again = chance.sample(sent, min(COME_AGAIN, len(sent)))
    assert {_answered(line, one) for one in again} <= {200, 204}
    assert every_row(line) == before, again


def _answered(line: Line, request: WebRequest) -> int:
    assert "I-Twilio-Idempotency-Token" in request.headers
    answer = line.app.test_client().open(
        request.url.removeprefix(ADDRESS), method=request.method, data=request.params, headers=request.headers
    )
    return answer.status_code


class Network(Trouble):
    """Reports late and out of order; from the first on, in the way that ``begin`` gives then."""

    def __init__(self, begin: Callable[[], Play], expected: int) -> None:
        super().__init__()
        self._begin = begin
        self._expected = expected
        self._play: Play | None = None
        self.chance = Random(0)  # noqa: S311  # chance that can be repeated
        self.reports = 0

    def deliveries(self, kind: str) -> tuple[float, ...]:
        """See ``Trouble``. What drives a call comes in its order; when a notification comes is chance."""
        if self._play is None:
            self._play = self._begin()
            self.chance.seed(self._play.seed)
        for _ in range(self._divisions(self.reports), self._divisions(self.reports + 1)):
            self.chance.seed(f"{self.chance.random()} {_is_forked()}")
        self.reports += 1
        copies = super().deliveries(kind) * (2 if self.doubles() else 1)
        return tuple(copy + self.chance.uniform(0, self._play.late) for copy in copies)

    def _divisions(self, reports: int) -> int:
        """How many times the play has divided after so many reports: evenly, in the middle of each stretch."""
        assert self._play is not None
        return min(self._play.divides, int(self._play.divides * reports / self._expected + 0.5))

    def doubles(self) -> bool:
        """Whether the next one comes twice."""
        return self._play is not None and self.chance.random() < self._play.doubled


class DoublingLine(Line):
    """Some webhooks reach it twice in the same moment, as when the network has lost the first answer."""

    network: Network | None = None

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        if self.network is None or not self.network.doubles():
            return super()._answer(environ, start)
        body = environ["wsgi.input"].read()
        _, status, _ = run_wsgi_app(self.app, {**environ, "wsgi.input": BytesIO(body)}, buffered=True)
        assert status.startswith("20"), status
        return super()._answer({**environ, "wsgi.input": BytesIO(body)}, start)

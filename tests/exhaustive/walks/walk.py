"""An exhaustive search over the states of one call: from every state every move, each in a process forked for it.

A fork is the cheapest way to go back: the line, its network and its database (SQLite in memory) are one process. What
the processes find they append to one file, which all of them read. A branch that has become deep is put down, and taken
up again later from the beginning of the call, the shortest first; so few processes live at a time, and the ways found
are short.
"""

import gc
import json
import os
import traceback
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from math import inf
from pathlib import Path
from select import select
from typing import Any

from tests.exhaustive.walks.graph import SILENCE, Graph, State, Step
from tests.exhaustive.walks.line import Line
from tests.exhaustive.walks.moves import Can, Move, act, moves
from tests.exhaustive.walks.snapshot import snapshot

#: So many forks of forks live at a time. Deeper ones walk where all has been seen; beyond some 20 the kernel is slow.
DEEP = 5


class Walk:
    """``look`` tells of a state what is wrong with it, whether the caller is talking, and whether all is over.

    After ``steps_at_most`` steps, silences among them, or ``moves_at_most`` moves of people, whatever time passes
    between them, only silence goes on, so that it is known of every state how it ends.
    """

    def __init__(
        self,
        world: Line,
        notes: Path,
        look: Callable[[Line], tuple[list[str], bool, bool]],
        *,
        can: Can,
        steps_at_most: float = inf,
        moves_at_most: float = inf,
    ) -> None:
        self.world = world
        self.graph = Graph()
        self._look = look
        self._can = can
        self._steps_at_most, self._moves_at_most = steps_at_most, moves_at_most
        self._notes = os.open(notes, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        self._read_to = 0
        self._put_down: list[list[Move]] = []
        self._process = os.getpid()

    def everywhere(self) -> Graph:
        """Go everywhere from here."""
        self._arrive(self._name(), [])
        self._put_down.append([])
        with warnings.catch_warnings():
            # From Python 3.12 on: a process of threads forks. The child touches none of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            gc.collect()
            gc.freeze()
            self._take_all_up()
            gc.unfreeze()
        os.close(self._notes)
        return self.graph

    def _take_all_up(self) -> None:
        """As many at once as there are processors; they learn from each other through the notes."""
        at_work: dict[int, tuple[int, str]] = {}
        while self._put_down or at_work:
            while self._put_down and len(at_work) < (os.cpu_count() or 1):
                way = min(self._put_down, key=len)
                self._put_down.remove(way)
                over, alive = os.pipe()  # it is read to its end when the child has
                at_work[over] = self._child(partial(self._take_up, way), f"{way}"), f"{way}"
                os.close(alive)
            for over in select(list(at_work), (), ())[0]:
                self._ended(*at_work.pop(over))
                os.close(over)
            self._read()

    def _take_up(self, way: list[Move]) -> None:
        for move in way:
            self._act(move)
        self._explore(way, 1)

    def _explore(self, way: list[Move], depth: int) -> None:
        """Every move from here. The last one, silence, needs no process of its own: this one has nothing else to do."""
        start = self._name()
        if self._left(way) > 0:
            for move in list(moves(self.world, self._can)):
                self._in_a_child(partial(self._try, start, way, move, depth + 1), f"{way} {move}")
        self._try(start, way, SILENCE, depth)

    def _try(self, start: str, way: list[Move], move: Move, depth: int) -> None:
        seconds = self._act(move)
        end, there = self._name(), [*way, move]
        self._write("step", [start, move, end, seconds])
        self._read()
        known = self.graph.states.get(end)
        # A shorter way leads further.
        if known is None or self._left(known.way) < self._left(there):
            self._arrive(end, there)
            if depth < DEEP:
                self._explore(there, depth)
            else:
                self._write("put down", there)

    def _act(self, move: Move) -> float:
        return act(self.world, move, self._stands)

    def _stands(self, world: Line) -> str:
        return repr(snapshot(world, every_try=not self._can.at_leisure))

    def _name(self) -> str:
        return blake2b(self._stands(self.world).encode(), digest_size=8).hexdigest()

    def _left(self, way: Sequence[Sequence[str]]) -> float:
        """How much may still happen after it."""
        moves = sum(tuple(move) != SILENCE for move in way)
        return min(self._steps_at_most - len(way), self._moves_at_most - moves)

    def _arrive(self, name: str, way: list[Move]) -> None:
        problems, talks, over = self._look(self.world)
        self._write("state", [name, problems, talks, over, way])

    def _in_a_child(self, work: Callable[[], None], what: str) -> None:
        self._ended(self._child(work, what), what)

    def _child(self, work: Callable[[], None], what: str) -> int:
        if child := os.fork():
            return child
        try:
            gc.disable()
            work()
        except BaseException:  # noqa: BLE001  # told by the parent, which has no other way to know
            self._write("broken", f"{what}\n{traceback.format_exc()}")
        finally:
            os._exit(0)

    def _ended(self, child: int, what: str) -> None:
        _, status = os.waitpid(child, 0)
        if status:
            self._write("broken", f"{what}\nits process died: {status}")

    def _write(self, kind: str, values: Any) -> None:
        os.write(self._notes, (json.dumps([kind, values]) + "\n").encode())

    def _read(self) -> None:
        # Not by the file's own position: the processes share it.
        new = os.pread(self._notes, os.fstat(self._notes).st_size - self._read_to, self._read_to)
        written = new[: new.rfind(b"\n") + 1]  # another may be in the middle of a line
        self._read_to += len(written)
        for kind, values in map(json.loads, written.decode().splitlines()):
            if kind == "state":
                self.graph.states[values[0]] = State(*values)
            elif kind == "step":
                self.graph.steps.append(Step(*values))
            elif kind == "broken":
                self.graph.broken.append(values)
            elif os.getpid() == self._process:
                self._put_down.append([(who, what) for who, what in values])

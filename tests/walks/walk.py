"""An exhaustive search over the states of one call: from every state every move, each in a process forked for it.

A fork is the cheapest way to go back: the line, its network and its database (SQLite in memory) are one process. The
search goes depth first, one process at a time; what they find they append to one file, which all read.
"""

import gc
import json
import os
import traceback
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tests.walks.moves import Can, Move, act, moves
from tests.walks.snapshot import snapshot
from tests.world import World


@dataclass(frozen=True)
class State:
    """One way things can stand. ``problems`` is what must never be; ``rest`` is how it stays when nobody acts."""

    id: str
    problems: tuple[str, ...]
    talk: bool
    over: bool


@dataclass(frozen=True)
class Step:
    """A move from one state to the next, and the seconds it took."""

    start: str
    move: Move
    end: str
    seconds: float


@dataclass
class Graph:
    """All that can happen in one call."""

    states: dict[str, State] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def take(self, lines: Iterable[str]) -> None:
        for line in lines:
            kind, values = json.loads(line)
            if kind == "state":
                state = State(values[0], tuple(values[1]), values[2], values[3])
                self.states[state.id] = state
            elif kind == "step":
                self.steps.append(Step(values[0], (values[1][0], values[1][1]), values[2], values[3]))
            else:
                self.broken.append(values)


class Walk:
    """``look`` tells of a state what is wrong with it, whether the caller is talking, and whether all is over."""

    def __init__(
        self, world: World, notes: Path, can: Can, look: Callable[[World], tuple[list[str], bool, bool]]
    ) -> None:
        self.world = world
        self.can = can
        self.look = look
        self.graph = Graph()
        self._notes = os.open(notes, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        self._read_to = 0

    def whole(self) -> Graph:
        """Go everywhere from here."""
        self._arrive(name_of(self.world))
        with warnings.catch_warnings():
            # The child lives for one branch of the search and leaves every thread of ours alone.
            warnings.simplefilter("ignore", DeprecationWarning)
            gc.collect()
            gc.freeze()
            self._explore()
            gc.unfreeze()
        self._read()
        return self.graph

    def _explore(self, depth: int = 0) -> None:
        here = name_of(self.world)
        for move in list(moves(self.world, self.can)):
            child = os.fork()
            if child == 0:
                self._branch(here, move, depth)
            _, status = os.waitpid(child, 0)
            if status:
                self._write("broken", f"{here} {move}\nits process died: {status}")

    def _branch(self, start: str, move: Move, depth: int) -> None:
        """The rest of a child's life."""
        try:
            gc.disable()
            seconds = act(self.world, move)
            end = name_of(self.world)
            self._write("step", [start, move, end, seconds])
            self._read()
            if end not in self.graph.states:
                self._arrive(end)
                self._explore(depth + 1)
        except BaseException:  # noqa: BLE001  # told by the parent, which has no other way to know
            self._write("broken", f"{start} {move}\n{traceback.format_exc()}")
        finally:
            os._exit(0)

    def _arrive(self, name: str) -> None:
        problems, talk, over = self.look(self.world)
        self._write("state", [name, problems, talk, over])

    def _write(self, kind: str, values: Any) -> None:
        os.write(self._notes, (json.dumps([kind, values]) + "\n").encode())

    def _read(self) -> None:
        # Not by the file's own position: the processes share it.
        written = os.pread(self._notes, os.fstat(self._notes).st_size - self._read_to, self._read_to)
        self._read_to += len(written)
        self.graph.take(written.decode().splitlines())


def name_of(world: World) -> str:
    return blake2b(repr(snapshot(world)).encode(), digest_size=8).hexdigest()

"""What a call map says: places, and arrows between them."""

from dataclasses import dataclass
from typing import Literal


class UnreadableFlowError(Exception):
    """A flow names a step in a way that the map cannot follow; the message says where."""


class UnreachedStepError(Exception):
    """Steps that nothing leads to; the message names them."""


@dataclass(frozen=True)
class Arrow:
    """From one step to another, each as ``flow.step``.

    ``label`` is what leads there: the key, "words", "silence", "person", "after" a conference or a queue, "again"
    for a repeated question; empty when the step simply goes on. ``is_answer`` marks the step that gets the answer to
    a question.
    """

    source: str
    target: str
    label: str = ""
    is_answer: bool = False


@dataclass(frozen=True)
class Entry:
    """A way into the script from outside: its ``kind``, and the address, the job, or "fallback"."""

    kind: Literal["network", "job", "fault"]
    name: str


@dataclass(frozen=True)
class Place:
    """One step. ``entered`` is how calls enter it from outside, ``ends`` how the turn ends ("hang up", "in line", ...).

    ``address`` is the path of its URL. ``keys`` are the keys that it tells apart, as one word.
    """

    flow: str
    name: str
    address: str
    keys: str = ""
    entered: tuple[Entry, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.flow}.{self.name}"


@dataclass(frozen=True)
class CallMap:
    """The whole script. ``flows`` is (name, the first sentence of its docstring), in the order calls meet them."""

    flows: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    arrows: tuple[Arrow, ...]

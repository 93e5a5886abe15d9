"""All that can happen in one call, as states and the steps between them; and what the graph says of silence."""

from collections.abc import Callable
from dataclasses import dataclass, field

#: Nobody does anything until something changes by itself.
SILENCE = ("nobody", "does anything")
#: Nobody acts: so long may it take until the caller talks, or is off the line with a promise.
BOUND = 15 * 60


@dataclass(frozen=True)
class State:
    """One way things can stand. ``problems`` must never be; ``way`` is a short way to it."""

    id: str
    problems: list[str]
    talks: bool
    over: bool
    way: list[list[str]]


@dataclass(frozen=True)
class Step:
    """A move from one state to the next, and the seconds it took."""

    start: str
    move: list[str]
    end: str
    seconds: float


@dataclass
class Graph:
    """``broken`` is where the line or the walk itself broke."""

    states: dict[str, State] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Everything that must not be, each with the way to it; the shortest ways first."""
        found = [(state, problem) for state in self.states.values() for problem in state.problems]
        found += [(self.states[name], end) for name, end in self._endings().items() if end]
        found.sort(key=lambda entry: len(entry[0].way))
        return [*self.broken, *(f"{problem}: {told(state)}" for state, problem in found)]

    def longest_silence(self) -> float:
        """Seconds until the caller talks or every telephone is on its hook, when nobody does anything any more."""
        return max(sum(seconds for _, seconds in self._silence_from(name)[0]) for name in self.states)

    def _endings(self) -> dict[str, str]:
        """How it ends from each state when nobody does anything any more: empty when it ends as it should."""
        return {name: self._silence_from(name)[1] for name in self.states}

    def _silence_from(self, name: str) -> tuple[list[tuple[str, float]], str]:
        passed: list[tuple[str, float]] = []
        seen = set()
        while name not in seen:
            seen.add(name)
            state = self.states[name]
            if state.talks or state.over:
                return passed, ""
            if name not in self._next:
                return passed, "the walk does not know what silence brings"
            name, seconds = self._next[name]
            passed.append((name, seconds))
        return passed, "stays like this for ever"

    @property
    def _next(self) -> dict[str, tuple[str, float]]:
        if not hasattr(self, "_silence"):
            self._silence = {
                step.start: (step.end, step.seconds) for step in self.steps if tuple(step.move) == SILENCE
            }
        return self._silence


def told(state: State) -> str:
    """The way to a state, for reading."""
    return "; ".join(f"{who} {what}" for who, what in state.way)


Walked = Callable[..., Graph]

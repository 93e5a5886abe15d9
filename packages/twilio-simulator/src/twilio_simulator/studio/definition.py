"""The definition of a flow: JSON in, states out, or what is wrong with it, all at once."""

from dataclasses import dataclass
from typing import Any

from twilio_simulator.studio.mistakes import Mistake, mistakes_in


class DefinitionError(Exception):
    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(f"{one.path}: {one.message}" for one in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Condition:
    comparison: str
    argument: str
    value: str


@dataclass(frozen=True)
class Transition:
    """``next`` None ends the flow."""

    event: str
    next: str | None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class State:
    name: str
    type: str
    properties: dict[str, Any]
    transitions: tuple[Transition, ...]

    def next(self, event: str) -> str | None:
        """The state that an event leads to; None when it leads nowhere."""
        return next((one.next for one in self.transitions if one.event == event), None)


@dataclass(frozen=True)
class Definition:
    """``concurrent``: one number may ring while another call of it is active."""

    initial: str
    concurrent: bool
    states: dict[str, State]

    @classmethod
    def parse(cls, given: Any) -> "Definition":
        """Raise DefinitionError with all that is wrong."""
        mistakes = list(mistakes_in(given))
        if mistakes:
            raise DefinitionError(mistakes)
        states = [_state(one) for one in given["states"]]
        flags = given.get("flags", {"allow_concurrent_calls": True})
        named = {state.name: state for state in states}
        return cls(given["initial_state"], flags["allow_concurrent_calls"], named)


def _state(given: dict[str, Any]) -> State:
    return State(
        given["name"],
        given["type"],
        given.get("properties", {}),
        tuple(_transition(one) for one in given["transitions"]),
    )


def _transition(given: dict[str, Any]) -> Transition:
    conditions = [
        Condition(one["type"], one["arguments"][0], one["value"]) for one in given.get("conditions", ())
    ]
    return Transition(given["event"], given.get("next"), tuple(conditions))

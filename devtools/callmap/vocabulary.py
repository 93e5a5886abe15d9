"""What the vocabulary of ivr.platform.voice means for the call map: one rule for each function that takes steps."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from devtools.callmap.model import Arrow
from devtools.callmap.scope import Scope
from ivr.platform import voice
from ivr.platform.voice import Step

#: The parameters of the vocabulary that take steps.
STEPS: Final = frozenset({"then", "no_input", "no_match", "afterwards", "menu"})
#: Verbs of a reply after which the turn is over, or the network has the call for a while.
ENDS: Final = {"hangup": "hang up", "enqueue": "in line", "record": "recording", "leave": "out of line"}
#: When the network requests the step that an attribute of a verb names.
ASKED_FOR: Final = {"wait_url": "waits"}

#: The key that asks for a person, at every question of a flow that has an agent exit.
AGENT_KEY: Final = "0"

Arguments = dict[str, Any]


@dataclass
class Reading:
    """What one step and the functions that it calls lead to, in the order of the source."""

    step: Step[Any]
    arrows: dict[Arrow, None] = field(default_factory=dict)
    ends: dict[str, None] = field(default_factory=dict)
    #: The keys that the step tells apart.
    keys: set[str] = field(default_factory=set)

    def leads(self, steps: list[Step[Any]], label: str = "", *, is_answer: bool = False) -> None:
        for to in steps:
            said = label or ("person" if to is self.step.flow.agent_exit_step else "")
            self.arrows[Arrow(step_id(self.step), step_id(to), said, is_answer)] = None


def step_id(step: Step[Any]) -> str:
    return f"{step.flow.name}.{step.name}"


def ask(reading: Reading, scope: Scope, given: Arguments) -> None:
    reading.leads(_steps(scope, given["then"]), _heard(given.get("keys")), is_answer=True)
    no_input = scope.steps(given["no_input"]) if "no_input" in given else []
    fallback = reading.step.flow.fallback_step
    if not no_input and fallback is None:
        raise scope.unreadable(given["then"], "is asked for in a flow that has no fallback")
    reading.leads(no_input or [fallback], "silence")  # type: ignore[list-item]  # checked just before


def choose(reading: Reading, scope: Scope, given: Arguments) -> None:
    for key, step in scope.menu(given["menu"]):
        reading.keys.add(key)
        reading.leads([step], key)
    if reading.step.flow.agent_exit_step:
        reading.keys.add(AGENT_KEY)
        reading.leads([reading.step.flow.agent_exit_step], "person")
    reading.leads(_steps(scope, given["no_match"]), "again")


def play_then_one_key(reading: Reading, scope: Scope, given: Arguments) -> None:
    reading.leads(_steps(scope, given["then"]), "key", is_answer=True)


def announce_then_listen(reading: Reading, scope: Scope, given: Arguments) -> None:
    reading.leads(_steps(scope, given["then"]), "key or words", is_answer=True)
    reading.leads(_steps(scope, given["no_input"]), "silence")


def say_then_one_key(reading: Reading, scope: Scope, given: Arguments) -> None:
    reading.leads(_steps(scope, given["then"]), "key or silence", is_answer=True)


def record(reading: Reading, scope: Scope, given: Arguments) -> None:
    reading.ends["recording"] = None
    reading.leads(_steps(scope, given["then"]), "after", is_answer=True)


def join_conference(reading: Reading, scope: Scope, given: Arguments) -> None:
    reading.ends["conference"] = None
    is_staff = isinstance(given["is_caller"], ast.Constant) and not given["is_caller"].value
    reading.leads(_steps(scope, given["afterwards"]), "*" if is_staff else "after")


def hang_up(reading: Reading, _scope: Scope, _given: Arguments) -> None:
    reading.ends["hang up"] = None


RULES: Final[dict[Callable[..., Any], Callable[[Reading, Scope, Arguments], None]]] = {
    voice.ask: ask,
    voice.choose: choose,
    voice.announce: play_then_one_key,
    voice.announce_then_listen: announce_then_listen,
    voice.play_then_one_key: play_then_one_key,
    voice.say_then_one_key: say_then_one_key,
    voice.record: record,
    voice.join_conference: join_conference,
    voice.hang_up: hang_up,
}


def _steps(scope: Scope, node: ast.expr) -> list[Step[Any]]:
    found = scope.steps(node)
    if not found:
        raise scope.unreadable(node, "is no step that the call map can find")
    return found


def _heard(keys: ast.expr | None) -> str:
    if keys is None or (isinstance(keys, ast.Constant) and keys.value is None):
        return "words"
    if isinstance(keys, ast.Constant):
        return "key" if keys.value == 1 else f"{keys.value!s} keys"
    return "keys"

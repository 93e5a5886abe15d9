"""What stands between the braces of Liquid: a value with its filters, or a condition."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from twilio_simulator.studio.liquid_filters import FILTERS, stray_directive, text


class LiquidError(Exception):
    """A template that is not understood here."""


@dataclass
class Scope:
    """``variables`` by name; ``now`` in the zone that Studio keeps."""

    variables: dict[str, Any]
    now: datetime

    def at(self, path: str) -> Any:
        """None for what there is not."""
        value: Any = self.variables
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value


Evaluate = Callable[[Scope], Any]

_WORD: Final = re.compile(
    r"""\s*(?:(?P<quoted>'[^']*'|"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<path>[A-Za-z_][\w-]*(?:\.[\w-]+)*)"""
    r"|(?P<sign>==|!=|<>|<=|>=|[<>|:,=]))"
)
_LITERALS: Final[dict[str, Any]] = {
    "true": True,
    "false": False,
    "nil": None,
    "null": None,
    "empty": "",
    "blank": "",
}
_COMPARED: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": lambda one, other: one == other or (other == "" and one is None),
    "!=": lambda one, other: not (one == other or (other == "" and one is None)),
    "<>": lambda one, other: not (one == other or (other == "" and one is None)),
    "<": lambda one, other: _alike(one, other) and one < other,
    ">": lambda one, other: _alike(one, other) and one > other,
    "<=": lambda one, other: _alike(one, other) and one <= other,
    ">=": lambda one, other: _alike(one, other) and one >= other,
    "contains": lambda one, other: isinstance(one, str) and text(other) in one,
}


def _alike(one: Any, other: Any) -> bool:
    """Whether two values have an order: two numbers or two strings. A key pressed is a string."""
    return all(isinstance(value, int | float) for value in (one, other)) or (
        isinstance(one, str) and isinstance(other, str)
    )


class Words:
    """The words of one pair of braces, read from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._words: list[tuple[str, str]] = []
        at, source = 0, source.rstrip()
        while at < len(source):
            found = _WORD.match(source, at)
            if found is None:
                raise LiquidError(f"{source[at:].strip()!r} is not understood")
            self._words.append((found.lastgroup or "", found[found.lastgroup or 0]))
            at = found.end()

    def next_is(self, *wanted: str) -> bool:
        """Whether the next word is one of these, which are no strings in quotes."""
        return bool(self._words) and self._words[0][0] != "quoted" and self._words[0][1] in wanted

    def take(self, *wanted: str) -> str | None:
        """The next word, when it is one of these."""
        return self._words.pop(0)[1] if self.next_is(*wanted) else None

    def name(self) -> str:
        if not self._words or self._words[0][0] != "path":
            raise LiquidError(f"a name is missing in {self._source!r}")
        return self._words.pop(0)[1]

    def end(self) -> None:
        if self._words:
            raise LiquidError(f"{self._words[0][1]!r} is too much in {self._source!r}")

    def value(self) -> Evaluate:
        if not self._words or self._words[0][0] == "sign":
            raise LiquidError(f"a value is missing in {self._source!r}")
        kind, word = self._words.pop(0)
        constant: Any
        if kind == "quoted":
            constant = word[1:-1]
        elif kind == "number":
            constant = float(word) if "." in word else int(word)
        elif word in _LITERALS:
            constant = _LITERALS[word]
        else:
            return lambda scope: scope.at(word)
        return lambda _: constant

    def expression(self) -> Evaluate:
        """A value and what its filters make of it."""
        evaluate = self.value()
        while self.take("|"):
            evaluate = self._filtered(evaluate)
        return evaluate

    def condition(self) -> Evaluate:
        """Read from the right, as Liquid does: a and b or c is a and (b or c)."""
        left = self._comparison()
        joint = self.take("and", "or")
        if joint is None:
            return left
        right = self.condition()
        if joint == "and":
            return lambda scope: left(scope) and right(scope)
        return lambda scope: left(scope) or right(scope)

    def _comparison(self) -> Evaluate:
        left = self.value()
        sign = self.take(*_COMPARED)
        if sign is None:
            return lambda scope: left(scope) not in (None, False)
        right, compare = self.value(), _COMPARED[sign]
        return lambda scope: compare(left(scope), right(scope))

    def _filtered(self, value: Evaluate) -> Evaluate:
        name = self.name()
        arguments: list[Evaluate] = []
        if self.take(":"):
            if name == "date" and self._words and self._words[0][0] == "quoted":
                self._check_date(self._words[0][1][1:-1])
            arguments.append(self.value())
            while self.take(","):
                arguments.append(self.value())
        known = FILTERS.get(name)
        if known is None or known.takes != len(arguments):
            raise LiquidError(f"the filter {name!r} with {len(arguments)} arguments is not understood")
        apply = known.apply
        return lambda scope: apply(scope.now, value(scope), *(one(scope) for one in arguments))

    @staticmethod
    def _check_date(form: str) -> None:
        stray = stray_directive(form)
        if stray is not None:
            raise LiquidError(f"Twilio does not name {stray!r} among what a date may show")

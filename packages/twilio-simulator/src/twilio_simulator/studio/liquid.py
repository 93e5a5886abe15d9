"""Liquid, the language of templates in a flow: ``{{ trigger.call.From }}``, ``{% if ... %}``.

As much of it as a flow needs that asks for hours: values, filters, assign, if, unless, case, comment. A template with
more in it is refused when the flow is made, and not passed over while somebody listens.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from twilio_simulator.studio.liquid_expressions import Evaluate, LiquidError, Scope, Words
from twilio_simulator.studio.liquid_filters import text

__all__ = ["LiquidError", "Scope", "parse", "render"]

_BRACES: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)

Render = Callable[[Scope], str]


def render(template: str, scope: Scope) -> str:
    """What the template says there. What it assigns stays in ``scope``."""
    return parse(template)(scope)


@lru_cache(1024)
def parse(template: str) -> Render:
    """Raise LiquidError."""
    reader = _Reader(_BRACES.split(template))
    body, _ = reader.block()
    return body


@dataclass(frozen=True)
class _Tag:
    name: str
    words: Words


class _Reader:
    """The pieces of a template, read from the first to the last."""

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces

    def block(self, *ends: str) -> tuple[Render, _Tag | None]:
        """Up to a tag that ends it, and that tag."""
        parts: list[Render] = []
        while self._pieces:
            piece = self._pieces.pop(0)
            if piece.startswith("{{") and piece.endswith("}}"):
                parts.append(_output(piece[2:-2].strip("-")))
            elif piece.startswith("{%") and piece.endswith("%}"):
                tag = _tag(piece[2:-2].strip("-"))
                if tag.name in ends:
                    return _joined(parts), tag
                parts.append(self._performed(tag))
            elif "{{" in piece or "{%" in piece:
                raise LiquidError(f"{piece!r} is never closed")
            else:
                parts.append(_constant(piece))
        if ends:
            raise LiquidError(f"{ends[-1]} is missing")
        return _joined(parts), None

    def _performed(self, tag: _Tag) -> Render:
        match tag.name:
            case "assign":
                return _assigned(tag.words)
            case "if":
                return self._branches(tag.words.condition(), tag.words)
            case "unless":
                condition = tag.words.condition()
                return self._branches(lambda scope: not condition(scope), tag.words, "endunless")
            case "case":
                return self._case(tag.words)
            case "comment":
                self.block("endcomment")
                return _constant("")
        raise LiquidError(f"the tag {tag.name!r} is not understood")

    def _branches(self, condition: Evaluate, words: Words, end: str = "endif") -> Render:
        words.end()
        body, tag = self.block("elsif", "else", end)
        other = _constant("")
        if tag is not None and tag.name == "elsif":
            other = self._branches(tag.words.condition(), tag.words, end)
        elif tag is not None and tag.name == "else":
            other, _ = self.block(end)
        return lambda scope: body(scope) if condition(scope) else other(scope)

    def _case(self, words: Words) -> Render:
        asked = words.value()
        words.end()
        _, tag = self.block("when", "else", "endcase")
        branches: list[tuple[list[Evaluate], Render]] = []
        other = _constant("")
        while tag is not None and tag.name == "when":
            values = [tag.words.value()]
            while tag.words.take(",", "or"):
                values.append(tag.words.value())
            tag.words.end()
            body, tag = self.block("when", "else", "endcase")
            branches.append((values, body))
        if tag is not None and tag.name == "else":
            other, _ = self.block("endcase")

        def chosen(scope: Scope) -> str:
            wanted = asked(scope)
            for values, body in branches:
                if any(value(scope) == wanted for value in values):
                    return body(scope)
            return other(scope)

        return chosen


def _tag(source: str) -> _Tag:
    name, _, rest = source.strip().partition(" ")
    return _Tag(name, Words(rest if name != "comment" else ""))


def _output(source: str) -> Render:
    words = Words(source)
    value = words.expression()
    words.end()
    return lambda scope: text(value(scope))


def _assigned(words: Words) -> Render:
    name = words.name()
    sign = words.take("=")
    if sign is None:
        raise LiquidError(f"assign {name} has no =")
    value = words.expression()
    words.end()

    def assign(scope: Scope) -> str:
        scope.variables = {**scope.variables, name: value(scope)}
        return ""

    return assign


def _constant(said: str) -> Render:
    return lambda _: said


def _joined(parts: list[Render]) -> Render:
    return lambda scope: "".join(part(scope) for part in parts)

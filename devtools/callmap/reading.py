"""Where one step leads, read from its source.

Steps name each other as Python names, so every mention of a step in a step is an arrow. A mention that no rule here
understands is an error: the map says everything or nothing.
"""

import ast
import inspect
from collections.abc import Hashable
from types import FunctionType
from typing import Any

from devtools.callmap.scope import Scope
from devtools.callmap.vocabulary import AGENT_KEY, ASKED_FOR, ENDS, RULES, STEPS, Reading
from ivr.platform.voice import Step


def read(step: Step[Any]) -> Reading:
    """Return everything that this step leads to. Raises UnreadableFlowError."""
    reading = Reading(step)
    _Reader(reading, Scope(step.perform)).read()  # type: ignore[arg-type]  # what is decorated is a function
    return reading


class _Reader(ast.NodeVisitor):
    """Reads one function for a step: the step's own, or a helper that the step calls with steps in hand."""

    def __init__(self, reading: Reading, scope: Scope, callers: tuple[FunctionType, ...] = ()) -> None:
        self.reading = reading
        self.scope = scope
        self.callers = (*callers, scope.function)

    def read(self) -> None:
        for statement in self.scope.body():
            self.visit(statement)

    def visit_Assign(self, node: ast.Assign) -> None:
        """An expression that gets a name is read where the name is used."""
        match node.targets:
            case [ast.Name(id=given)] if self.scope.is_about_steps(node.value):
                self.scope.named[given].append((node.value, self.scope))
            case _:
                self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._refuse_step(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._refuse_step(node)
        if node.attr == "wants_a_person":
            self.reading.keys.add(AGENT_KEY)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """``turn.digits == "9"``: a key that is heard without a menu."""
        match node:
            case ast.Compare(left=ast.Attribute(attr="digits"), comparators=[ast.Constant(value=str(key))]):
                self.reading.keys.add(key)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        called = self.scope.value(function)
        if steps := self.scope.steps(function):
            self.reading.leads(steps)
            self._visit_arguments(node)
        elif isinstance(function, ast.Attribute) and (steps := self.scope.steps(function.value)):
            self._method_of_step(function, steps)
            self._visit_arguments(node)
        elif isinstance(called, Hashable) and called in RULES:
            self._word(called, node)
        elif isinstance(called, FunctionType) and called.__module__.partition(".")[0] == "flows":
            self._helper(called, node)
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            self._verb(function, node)
        else:
            self.generic_visit(node)

    def _method_of_step(self, method: ast.Attribute, steps: list[Step[Any]]) -> None:
        if method.attr not in {"retry", "again", "path"}:
            raise self.scope.unreadable(method, "does with a step what the call map cannot follow")
        self.reading.leads(steps, "again" if method.attr in {"retry", "again"} else "")

    def _word(self, called: Any, node: ast.Call) -> None:
        """Read a call of the vocabulary: what it does with its steps, then its other arguments."""
        given = self._given(called, node)
        RULES[called](self.reading, self.scope, given)
        for name, value in given.items():
            if name not in STEPS:
                self._visit_all(value)

    def _helper(self, called: FunctionType, node: ast.Call) -> None:
        """Read a function of the flows that is no step, as a part of this step."""
        passed = {}
        for name, value in self._given(called, node).items():
            if isinstance(value, ast.expr) and self.scope.is_about_steps(value):
                passed[name] = (value, self.scope)
            else:
                self._visit_all(value)
        if called not in self.callers:
            _Reader(self.reading, Scope(called, passed), self.callers).read()

    def _verb(self, verb: ast.Attribute, node: ast.Call) -> None:
        """Read a verb of the reply: ``reply.hangup()``, ``reply.enqueue(..., wait_url=place.path())``."""
        if self.scope.value(verb.value) is None and verb.attr in ENDS:
            self.reading.ends[ENDS[verb.attr]] = None
        goes_on = "after" if verb.attr == "redirect" and ENDS["enqueue"] in self.reading.ends else ""
        for name, value in [
            *(("", one) for one in node.args),
            *((one.arg, one.value) for one in node.keywords),
        ]:
            match value:
                case ast.Call(func=ast.Attribute(attr="path", value=named)) if steps := self.scope.steps(
                    named
                ):
                    self.reading.leads(steps, ASKED_FOR.get(name or "", goes_on))
                case _:
                    self.visit(value)

    def _given(self, called: Any, node: ast.Call) -> dict[str, Any]:
        """Return the arguments by their names in ``called``, and those of a ``*`` parameter as a tuple."""
        if any(keyword.arg is None for keyword in node.keywords):
            raise self.scope.unreadable(node, "hides its arguments behind **")
        return (
            inspect.signature(called)
            .bind(*node.args, **{keyword.arg or "": keyword.value for keyword in node.keywords})
            .arguments
        )

    def _refuse_step(self, node: ast.expr) -> None:
        if self.scope.steps(node):
            raise self.scope.unreadable(node, "is a step, named in a way that the call map cannot follow")

    def _visit_arguments(self, node: ast.Call) -> None:
        self._visit_all(node.args)
        self._visit_all([keyword.value for keyword in node.keywords])

    def _visit_all(self, value: Any) -> None:
        for node in value if isinstance(value, list | tuple) else [value]:
            self.visit(node)

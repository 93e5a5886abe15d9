"""What the names in one function of a flow stand for: steps, menus of steps, or something else."""

import ast
import inspect
import textwrap
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from devtools.callmap.model import UnreadableFlowError
from ivr.platform.voice import Step

Expression = tuple[ast.expr, "Scope"]


@dataclass
class Scope:
    """One function: the expressions that its caller passed, and those that it names itself."""

    function: FunctionType
    passed: dict[str, Expression] = field(default_factory=dict)
    named: defaultdict[str, list[Expression]] = field(default_factory=lambda: defaultdict(list))

    def body(self) -> list[ast.stmt]:
        """Return the statements, with the line numbers of the file. Raises UnreadableFlowError if it is no ``def``."""
        tree = ast.parse(textwrap.dedent(inspect.getsource(self.function)))
        ast.increment_lineno(tree, self.function.__code__.co_firstlineno - 1)
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef):
            raise self.unreadable(definition, "is not a plain function")
        return definition.body

    def value(self, node: ast.expr) -> Any:
        """Return the object that a dotted name of the module stands for; None when only a call can tell."""
        if isinstance(node, ast.Name) and node.id not in self.function.__code__.co_varnames:
            return self.function.__globals__.get(node.id)
        if isinstance(node, ast.Attribute) and inspect.ismodule(module := self.value(node.value)):
            return getattr(module, node.attr, None)
        return None

    def steps(self, node: ast.expr) -> list[Step[Any]]:
        """Return the steps that an expression may stand for; none when it is something else."""
        found = self.value(node)
        if isinstance(found, Step):
            return [found]
        return [step for part, scope in self._parts(node) for step in scope.steps(part)]

    def menu(self, node: ast.expr) -> list[tuple[str, Step[Any]]]:
        """Return the keys of a menu and where each leads. Raises UnreadableFlowError unless it is written out."""
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return [entry for key, value in pairs for entry in self._entry(key, value)]
        if isinstance(found := self.value(node), Mapping):
            return [(key, step) for key, step in found.items() if isinstance(step, Step)]
        parts = self._parts(node)
        if not parts:
            raise self.unreadable(node, "is no menu of keys and steps")
        return [entry for part, scope in parts for entry in scope.menu(part)]

    def is_about_steps(self, node: ast.expr) -> bool:
        """Whether an expression is a step or a menu of steps, and so needs no reading until it is used."""
        if isinstance(node, ast.Dict):
            return any(self.is_about_steps(value) for value in node.values)
        return bool(self.steps(node)) or any(scope.is_about_steps(part) for part, scope in self._parts(node))

    def unreadable(self, node: ast.AST, why: str) -> UnreadableFlowError:
        """Return the error with the place: file, line, and what is written there."""
        module = self.function.__globals__.get("__name__", "?").replace(".", "/")
        line = getattr(node, "lineno", self.function.__code__.co_firstlineno)
        return UnreadableFlowError(f"{module}.py:{line}: `{ast.unparse(node)}` {why}.")

    def _entry(self, key: ast.expr | None, value: ast.expr) -> list[tuple[str, Step[Any]]]:
        if key is None:
            return self.menu(value)
        steps = self.steps(value)
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and steps):
            raise self.unreadable(value, "is not a step under a key that is written out")
        return [(key.value, step) for step in steps]

    def _parts(self, node: ast.expr) -> list[Expression]:
        """Return the parts that an expression chooses from or consists of."""
        match node:
            case ast.IfExp():
                return [(node.body, self), (node.orelse, self)]
            case ast.BoolOp():
                return [(value, self) for value in node.values]
            case ast.BinOp(op=ast.BitOr()):
                return [(node.left, self), (node.right, self)]
            case ast.Name() if node.id in self.named:
                return self.named[node.id]
            case ast.Name() if node.id in self.passed:
                return [self.passed[node.id]]
        return []

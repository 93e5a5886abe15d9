"""What stands in the source of a class beside its members: the lines above each that begin with ``#:``."""

import ast
import inspect
from functools import cache
from pathlib import Path
from types import ModuleType

from devtools.documents.markdown import prose


@cache
def _source(module: ModuleType) -> tuple[ast.Module, list[str]]:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    return ast.parse(text), text.splitlines()


@cache
def remarks(of: type) -> dict[str, str]:
    """Return the remark on each member that has one, in prose; those of the classes above it too."""
    found: dict[str, str] = {}
    for one in reversed(of.__mro__):
        if one.__module__.partition(".")[0] == "ivr" and (module := inspect.getmodule(one)) is not None:
            found |= _own(module, one.__name__)
    return found


def _own(module: ModuleType, name: str) -> dict[str, str]:
    tree, lines = _source(module)
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    return {
        target.id: remark
        for node in body
        if isinstance(node, ast.AnnAssign | ast.Assign)
        for target in ([node.target] if isinstance(node, ast.AnnAssign) else node.targets)
        if isinstance(target, ast.Name) and (remark := _above(lines, node.lineno - 1))
    }


def _above(lines: list[str], line: int) -> str:
    first = line
    while lines[first - 1].lstrip().startswith("#:"):
        first -= 1
    return prose(" ".join(one.strip().removeprefix("#:").strip() for one in lines[first:line]))

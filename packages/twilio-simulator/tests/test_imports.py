"""The simulator stands alone: it imports what its pyproject.toml names, and no file of it needs itself."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
SOURCE = PACKAGE / "src"
FILES = {
    ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in (SOURCE / "twilio_simulator").rglob("*.py")
}
#: Of the type checker's alone, and of whoever loads the plugin.
BESIDES = {"_typeshed", "pytest"}


def imports(node: ast.AST) -> Iterator[str]:
    """What is imported when the program runs, in functions too: modules, and what may be one of their modules."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from (one.name for one in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports are absolute"
            names = [f"{child.module}.{one.name}" for one in child.names]
            yield from (name if name in FILES else str(child.module) for name in names)
        else:
            yield from imports(child)


def test_it_imports_what_it_names_and_nothing_else() -> None:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {dependency.partition(">")[0] for dependency in project["dependencies"]}
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in FILES.values()]
    met = {name.partition(".")[0] for tree in trees for name in imports(tree)} - {*sys.stdlib_module_names}
    assert met - BESIDES == {"twilio_simulator", *named}


def test_no_file_needs_itself() -> None:
    """``static_order`` raises CycleError, which names the circle."""
    needs = {
        name: {one for one in imports(ast.parse(file.read_text(encoding="utf-8"))) if one in FILES}
        for name, file in FILES.items()
        if name != "twilio_simulator"  # which imports the others when it is asked for them
    }
    order = list(TopologicalSorter(needs).static_order())
    assert order.index("twilio_simulator.leg") < order.index("twilio_simulator.exchange")

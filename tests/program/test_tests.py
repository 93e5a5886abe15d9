"""Tests lie along one axis, share only what is made to be shared, and see of the code what its callers see."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FOLDERS = {"stories", "rules", "services", "web", "program", "exhaustive"}
OURS = {"ivr", "flows", "devtools", "twilio_simulator"}
TREES = {
    file.relative_to(ROOT): ast.parse(file.read_text(encoding="utf-8"))
    for top in (ROOT / "tests", ROOT / "packages" / "twilio-simulator" / "tests")
    for file in top.rglob("*.py")
}

Rule = Callable[[ast.AST], Iterator[str]]


def imports(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    """What is imported: the module, the name in it, and what it is called here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", one.name, one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.Import):
            yield from ((one.name, "", one.asname or one.name.partition(".")[0]) for one in node.names)


def attributes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each ``name.attribute``; of ``name.more.attribute`` the first and the last."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            inner = node.value
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            if isinstance(inner, ast.Name):
                yield inner.id, node.attr


def taken_from_tests(tree: ast.AST) -> Iterator[str]:
    """What is imported from a test module or a conftest. Only a whole test may be told again elsewhere."""
    modules = set()
    for module, name, bound in imports(tree):
        if re.match(r"test_|conftest$", module.rpartition(".")[2]):
            yield f"{module}.{name}"
        elif module.startswith("tests") and re.match(r"test_|conftest$", name):
            modules.add(bound)
    for name, attribute in attributes(tree):
        if name in modules and not attribute.startswith("test_"):
            yield f"{name}.{attribute}"


def underscores_of_ours(tree: ast.AST) -> Iterator[str]:
    """What the module or the class that has it keeps to itself."""
    ours = [(module, name, bound) for module, name, bound in imports(tree) if module.split(".")[0] in OURS]
    bound_here = {bound for _, _, bound in ours}
    yield from (f"{module}.{name}" for module, name, _ in ours if re.match(r"_(?!_|$)", name))
    for name, attribute in attributes(tree):
        if name in bound_here and re.match(r"_(?!_|$)", attribute):
            yield f"{name}.{attribute}"


def replaced_extensions(tree: ast.AST) -> Iterator[str]:
    """A test that wants something else in an application installs other ``ivr.services.Services``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            target = ast.unparse(node)
            if re.search(r"\bextensions\[", target):
                yield target


@pytest.mark.parametrize("rule", [taken_from_tests, underscores_of_ours, replaced_extensions])
def test_no_test_breaks_the_rule(rule: Rule) -> None:
    found = {str(file): list(rule(tree)) for file, tree in TREES.items()}
    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("rule", "source", "found"),
    [
        (taken_from_tests, "from tests.web.test_desk import desk", ["tests.web.test_desk.desk"]),
        (taken_from_tests, "from tests.web.conftest import send", ["tests.web.conftest.send"]),
        (taken_from_tests, "from tests.web import test_desk\ntest_desk.send()", ["test_desk.send"]),
        (taken_from_tests, "from tests.web import test_desk\ntest_desk.test_it()", []),
        (taken_from_tests, "from tests.support.console import send", []),
        (underscores_of_ours, "from ivr.core import clock\nclock._now()", ["clock._now"]),
        (underscores_of_ours, "from ivr.core.clock import _now", ["ivr.core.clock._now"]),
        (underscores_of_ours, "import devtools.demo\ndevtools.demo._play()", ["devtools._play"]),
        (underscores_of_ours, "from ivr.core import Row\nRow.__table__\nself._row", []),
        (underscores_of_ours, "import sys\nsys._current_frames()", []),
        (replaced_extensions, "app.extensions['queue'] = Queue()", ["app.extensions['queue']"]),
        (replaced_extensions, "assert app.extensions['line']", []),
    ],
)
def test_a_breach_is_found(rule: Rule, source: str, found: list[str]) -> None:
    assert list(rule(ast.parse(source))) == found


def elsewhere(files: list[Path]) -> list[str]:
    """Test files of the service outside the six folders."""
    tests = [file for file in files if file.parts[0] == "tests" and file.name.startswith("test_")]
    return [str(file) for file in tests if file.parts[1] not in FOLDERS]


def test_every_test_lies_in_one_of_the_six_folders() -> None:
    assert elsewhere(list(TREES)) == []
    assert elsewhere(
        [Path("tests/test_a.py"), Path("tests/calls/test_b.py"), Path("tests/web/test_c.py")]
    ) == [
        "tests/test_a.py",
        "tests/calls/test_b.py",
    ]

"""The schema knows every table, whoever imports it alone."""

import ast
from pathlib import Path

from ivr.operations import schema
from tests.support.paths import ROOT


def has_table(file: Path) -> bool:
    assigned = (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Assign))
    return any(
        isinstance(name, ast.Name) and name.id == "__tablename__" for one in assigned for name in one.targets
    )


def test_it_imports_every_module_that_has_a_table() -> None:
    modules = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in (ROOT / "ivr").rglob("*.py")
        if has_table(file)
    }
    imports = (
        node
        for node in ast.walk(ast.parse(Path(schema.__file__).read_bytes()))
        if isinstance(node, ast.Import)
    )

    assert len(modules) > 30
    assert modules <= {alias.name for one in imports for alias in one.names}

"""One name for a module, everywhere: a line can be pasted from one file into another and means the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

#: Files that every room has. Outside its room such a file bears the name of the room as well.
COMMON = {
    "service": "{room}",
    "rules": "{room}_rules",
    "queries": "{room}_queries",
    "jobs": "{room}_jobs",
    "models": "{room}_models",
    "views": "{room}_views",
}
#: In words that a variable does not need: an ``intake`` is one intake, a ``recording`` one recording.
PLURAL = {"ivr.callcenter.intake.service": "intakes", "ivr.callcenter.recording.service": "recordings"}


def files() -> Iterator[Path]:
    for top in ("ivr", "flows", "devtools", "tests", "bench"):
        yield from (ROOT / top).rglob("*.py")


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(file): file for file in files()}


def name_of(target: str, importer: Path) -> str:
    """What ``importer`` calls the module ``target``."""
    if target in PLURAL and MODULES[target].parent != importer.parent:
        return PLURAL[target]
    room, _, leaf = target.rpartition(".")
    is_common = leaf in COMMON and MODULES[target].name != "__init__.py"
    if not is_common or MODULES[target].parent == importer.parent:
        return leaf
    return COMMON[leaf].format(room=room.rpartition(".")[2])


def other_names(source: str, importer: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                target = f"{node.module}.{alias.name}"
                bound = alias.asname or alias.name
                if target in MODULES and bound != name_of(target, importer):
                    yield f"{importer.relative_to(ROOT)}: {target} is {bound}, not {name_of(target, importer)}"


def test_a_module_has_one_name() -> None:
    found = [
        line for file in MODULES.values() for line in other_names(file.read_text(encoding="utf-8"), file)
    ]

    assert found == []


def test_another_name_is_found() -> None:
    desk = ROOT / "flows" / "front_door.py"

    assert list(other_names("from ivr.company.hours import service as opening", desk)) == [
        "flows/front_door.py: ivr.company.hours.service is opening, not hours"
    ]
    assert list(other_names("from ivr.company.hours import rules", desk)) != []
    assert list(other_names("from ivr.company.hours import rules as hours_rules", desk)) == []

"""docs/architecture.md speaks of the house as it is: its bands, its names, its files."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAME = re.compile(r"`((?:ivr|flows|twilio_simulator)\.\w[\w.]*)`")
FILE = re.compile(r"`((?:[\w-]+/)+[\w.-]*|README\.md|pyproject\.toml|\.env\.example)`")


def names(text: str) -> list[str]:
    """The dotted names in backticks, in their order. A file such as ``ivr/worker.py`` is none."""
    return NAME.findall(text)


def exists(name: str) -> bool:
    """Whether this is a module, or a function, class or method in one."""
    module, *rest = longest_module(name)
    found = import_module(module)
    for part in rest:
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def longest_module(name: str) -> list[str]:
    """The module, and what is named in it: as much of the name as possible is the module."""
    parts = name.split(".")
    most = 1
    while most < len(parts) and find_submodule(".".join(parts[: most + 1])):
        most += 1
    return [".".join(parts[:most]), *parts[most:]]


def find_submodule(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # what stands before the last dot is a module without others in it
        return False


def paths(text: str) -> dict[str, list[str]]:
    """The names of each numbered path, by its title."""
    chapters = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    found = {title: names(chapter) for title, _, chapter in (one.partition("\n") for one in chapters)}
    return {title: found[title] for title in found if re.match(r"[1-4]\. ", title)}


def bands(text: str) -> list[list[str]]:
    """Row by row, the bands of the table."""
    table = text.partition("\n## Bands\n")[2].partition("\n## ")[0]
    return [re.findall(r"`([\w.]+)`", row) for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)]


def contract(name: str) -> list[list[str]]:
    """The layers of an import-linter contract, from the top."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = {one["name"]: one.get("layers") for one in pyproject["tool"]["importlinter"]["contracts"]}[name]
    return [layer.split(" | ") for layer in layers]


def committing() -> Iterator[str]:
    """The files of the service in which something is committed."""
    for top in ("ivr", "flows"):
        for file in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "commit":
                    yield file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("name", sorted(set(names(PAGE))))
def test_every_name_on_the_page_exists(name: str) -> None:
    assert exists(name)


def test_every_file_on_the_page_exists() -> None:
    files = set(FILE.findall(PAGE))

    assert len(files) > 15
    assert [one for one in sorted(files) if not (ROOT / one).exists()] == []


def test_every_path_is_followed_through() -> None:
    assert len(paths(PAGE)) == 4
    assert {title: found for title, found in paths(PAGE).items() if len(found) < 5} == {}


def test_the_bands_are_those_of_the_contract() -> None:
    assert bands(PAGE) == contract("One direction")


def test_the_drawing_has_the_layers_of_the_call_center() -> None:
    drawing = PAGE.partition("subgraph callcenter")[2].partition("end\n")[0]
    layers = [one.strip().removeprefix('under["').removesuffix('"]') for one in drawing.split("-->")]

    assert [one.split(" | ") for one in layers] == contract("Within the call center")


def test_one_place_commits() -> None:
    # The second is the connection's own, which the first ends in: it waits for the disk.
    assert sorted(committing()) == ["ivr/core/db/engine.py", "ivr/core/db/sqlite.py"]


def test_what_is_not_there_is_found() -> None:
    assert exists("ivr.callcenter.routing.offers.accept")
    assert exists("ivr.core.db.engine.Database.transaction")
    assert not exists("ivr.callcenter.routing.offers.acept")
    assert not exists("ivr.core.db.engine.Database.commit")
    assert not exists("ivr.callcenter.ringing.accept")
    assert paths("## 1. A turn\n`flows.intake.issue`\n## 5. Files\n`ivr.app`\n") == {
        "1. A turn": ["flows.intake.issue"]
    }
    assert bands("\n## Bands\n| `ivr.app`, `ivr.cli` | both |\n| `ivr.core` | the clock |\n") == [
        ["ivr.app", "ivr.cli"],
        ["ivr.core"],
    ]

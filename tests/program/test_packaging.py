"""What pyproject.toml says of this distribution is what the locks, the changelog and the hooks hold."""

import re
import tomllib
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from tests.support.paths import ROOT

PYPROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT: Final[dict[str, Any]] = PYPROJECT["project"]
RUNNING: Final = {
    *PROJECT["dependencies"],
    *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
}
GROUPS: Final[dict[str, list[str]]] = PYPROJECT["dependency-groups"]
PINNED: Final = re.compile(r"[\w.\[\]-]+==[\w.]+")


@pytest.mark.parametrize(
    ("named", "lock"),
    [
        (RUNNING, "requirements.txt"),
        (set(GROUPS["dev"]), "requirements-dev.txt"),
        (set(GROUPS["devtools"]), "devtools/requirements.txt"),
    ],
    ids=["running", "checks", "devtools"],
)
def test_whoever_changes_a_dependency_renews_the_lock(named: set[str], lock: str) -> None:
    assert all(PINNED.fullmatch(one) for one in named)
    locked = set(re.findall(r"^([\w.-]+==[\w.]+)", (ROOT / lock).read_text(), re.MULTILINE))
    assert {re.sub(r"\[.*\]", "", one) for one in named} <= locked


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    releases = re.findall(
        r"^## (\d\S*) - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    assert releases[0] == PROJECT["version"]


def test_the_hooks_are_the_static_half_of_make_check() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    (ours,) = config["repos"]
    assert ours["repo"] == "local"
    commands = [hook["entry"] for hook in ours["hooks"]]
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    checks = [
        line.removeprefix("\t@").replace("$(PY)", ".venv/bin/python") for line in recipe[1].splitlines()
    ]
    assert commands == [check for check in checks if "pytest" not in check]

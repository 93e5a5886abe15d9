"""What the service is made of: its licences, its bill of materials, the holes that are known of it, and pip itself."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from devtools.audit import LOCKS, answers, findings
from devtools.licences import EXCEPTIONS, is_free, licence_of, locked
from tests.support.paths import ROOT


def test_each_package_is_under_a_licence_that_may_be_used() -> None:
    """A new dependency under another licence is thought about first."""
    told = {name: licence_of(name) for name in locked()}
    others = {name: licence for name, licence in told.items() if licence is not None and not is_free(licence)}

    assert others == {name: licence for name, (licence, _) in EXCEPTIONS.items()}


@pytest.mark.parametrize(
    ("licence", "may_be_used"),
    [
        ("MIT", True),
        ("Apache-2.0 AND (MIT)", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_a_licence_is_read(licence: str, may_be_used: bool) -> None:  # noqa: FBT001
    assert is_free(licence) == may_be_used


def test_the_bill_of_materials_has_every_package_and_is_the_same_each_time() -> None:
    recipe = re.search(
        r"cyclonedx-py (requirements .*?)--output-file", (ROOT / "Makefile").read_text(), re.DOTALL
    )
    assert recipe is not None
    words = [word for word in recipe[1].split() if word != "\\"]

    made = subprocess.run(  # noqa: S603  # the words of our Makefile; to validate it takes ten times as long
        [ROOT / ".venv/bin/cyclonedx-py", *words, "--no-validate"],
        cwd=ROOT,
        env={"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        check=True,
    )

    bill = json.loads(made.stdout)
    assert bill["bomFormat"] == "CycloneDX"
    assert {one["name"]: one["version"] for one in bill["components"]} == locked()
    assert "serialNumber" not in bill
    assert "timestamp" not in bill["metadata"]


def test_a_hole_is_a_finding_and_so_is_what_nobody_knows() -> None:
    """pip-audit says "No known vulnerabilities found" when it has found no package at all."""
    report = {
        "dependencies": [
            {"name": "jinja2", "version": "3.1.2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.3"]}]},
            {"name": "click", "version": "8.5.1", "vulns": []},
            {
                "name": "flask",
                "skip_reason": "Dependency not found on PyPI and could not be audited: flask (3.1.3)",
            },
        ]
    }
    pins = {"jinja2": "3.1.2", "click": "8.5.1", "flask": "3.1.3"}

    assert list(findings(pins, answers(report))) == [
        "flask 3.1.3: nothing is known of it",
        "jinja2 3.1.2: PYSEC-1, mended in 3.1.3",
    ]
    assert "click 8.5.2: nothing is known of it" in findings(pins | {"click": "8.5.2"}, answers(report))


def test_everything_is_installed_by_its_hash_pip_too() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        pinned = re.findall(r"^[\w.-]+==[^\\]*\\\n    --hash=sha256:[0-9a-f]{64}\b", text, re.MULTILINE)
        assert len(pinned) == len(locked(ROOT / lock)) > 0
    assert "$(PIP) -r devtools/pip.txt" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize(
    ("target", "program"), [("browser", "chromium-headless-shell"), ("voice", "espeak-ng")]
)
@pytest.mark.parametrize("ci", ["", "true"])
def test_a_machine_is_changed_only_when_somebody_has_said_yes(
    tmp_path: Path, target: str, program: str, ci: str
) -> None:
    """On a bare machine, as root, without a terminal: CI has said yes."""
    for name in ("sh", "cat", "cksum"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    for name, does in {"id": "echo 0", "apt-get": f'echo "$@" >> {tmp_path}/asked'}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o700)

    made = subprocess.run(  # noqa: S603  # our own words
        [shutil.which("make") or "make", target],
        cwd=ROOT,
        env={"PATH": str(tmp_path), "CI": ci},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )

    asked = tmp_path / "asked"
    assert (asked.exists() and f"install {program}" in asked.read_text()) == bool(ci)
    assert (f"No {program} here" in made.stdout) != bool(ci)

"""The service as it is installed: the folder that deploy/tree makes, for an image and for a plain machine."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from devtools.licences import locked
from tests.support.paths import ROOT

#: Where both keep what they write. A release leads there by ``var``.
STATE: Final = "/var/lib/support-line"


class Installed:
    """A release in ``folder``. Nothing of this environment is known to what runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.release = Path(tree("release", folder))
        self.packages = (self.release / "venv").resolve(strict=False)

    @property
    def site(self) -> Path:
        """Where the packages lie."""
        (site,) = self.packages.glob("lib/python*/site-packages")
        return site

    def run(self, *words: str, **environment: str) -> str:
        """Return what a command of the release prints. It must not fail."""
        done = subprocess.run(  # noqa: S603  # our own words
            (self.release / "run", *words),
            cwd="/",
            env={"PATH": "/usr/bin:/bin", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def lend_packages(self) -> None:
        """Put what is locked, and no more, in its place: as links to what this environment has of it."""
        subprocess.run((sys.executable, "-m", "venv", "--without-pip", self.packages), check=True)  # noqa: S603
        site = self.site
        for file in _files():
            if file.parent.name == "bin":
                script = self.packages / "bin" / file.name
                script.write_text(f"#!{self.packages}/bin/python3\n" + file.read_text().partition("\n")[2])
                script.chmod(0o755)
            elif not (site / file.name).is_symlink():  # several packages may share a folder
                (site / file.name).symlink_to(file)


def tree(part: str, folder: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Have deploy/tree make "packages" or a "release" in the folder. Returns where it is."""
    command = (ROOT / "deploy/tree", part, folder)
    made = subprocess.run(command, env={**environment}, capture_output=True, text=True, check=True)  # noqa: S603
    return made.stdout.strip()


def size(*folders: Path, bytecode: bool) -> int:
    """Return the bytes of all files in these folders, those behind links too; of bytecode only if asked."""
    return sum(
        Path(place, name).stat().st_size
        for folder in folders
        for place, _, names in os.walk(folder, followlinks=True)
        for name in names
        if bytecode or not name.endswith(".pyc")
    )


def _files() -> Iterator[Path]:
    """Yield each program of the locked packages, and each file and folder that lies in site-packages because of one."""
    for name in locked():
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue  # for another machine
        of = distribution(name)
        yield from (Path(str(of.locate_file(one))) for one in files if one.parts[-2:-1] == ("bin",))
        tops = {one.parts[0] for one in files} - {"..", "__pycache__"}
        yield from (Path(str(of.locate_file(top))) for top in sorted(tops))

"""podman on a store of its own, wherever it works at all: in a sandbox without cgroups of its own, too."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.paths import ROOT

#: Where Debian keeps certificates of this machine's own network. A build behind a proxy that signs needs them.
_CERTIFICATES: Final = Path("/usr/local/share/ca-certificates")
#: What the compose file and a careful host allow: nothing.
CAREFUL: Final = ("--read-only", "--tmpfs=/tmp", "--cap-drop=all", "--security-opt=no-new-privileges")


class Engine:
    """``folder`` keeps its images. Raises AssertionError with the words of whatever fails."""

    def __init__(self, folder: Path) -> None:
        self._settings = folder / "containers.conf"
        # Limits that any machine grants, and no service of systemd's to be asked for anything.
        self._settings.write_text(
            '[containers]\nnetns = "host"\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'
            f'[engine]\nruntime = "{_runtime()}"\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n'
        )
        places = f"--root {folder / 'images'} --runroot {folder / 'running'}"
        self.command = f"podman {places} --storage-driver {os.environ.get('STORAGE_DRIVER', 'overlay')}"

    def __call__(self, *words: str, seconds: float = 120) -> str:
        """Return what a command of the engine prints."""
        return self._told(*self.command.split(), *words, seconds=seconds)

    def base(self, tag: str) -> None:
        """Have deploy/base make the Debian."""
        self._told(str(ROOT / "deploy/base"), tag, seconds=600)

    def build(self, target: str, base: str) -> None:
        """Have ``make image`` build this target."""
        flags = f"--network host {self.own_certificates()}"
        self._told("make", "image", f"TARGET={target}", f"BASE={base}", f"BUILD={flags}", seconds=900)

    def own_certificates(self) -> str:
        return f"--volume {_CERTIFICATES}:{_CERTIFICATES}:ro" if any(_CERTIFICATES.glob("*")) else ""

    @contextmanager
    def running(self, *words: str) -> Iterator[str]:
        """A container in the background; the block has its name."""
        name = self("run", "--detach", *words).strip()
        try:
            yield name
        finally:
            self("rm", "--force", "--volumes", name)

    def _told(self, *command: str, seconds: float) -> str:
        done = subprocess.run(  # noqa: S603  # our own words
            command,
            cwd=ROOT,
            env=os.environ | {"CONTAINERS_CONF": str(self._settings), "ENGINE": self.command},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout


def why_none() -> str | None:
    """Return why no image can be built here; None when it can."""
    if os.geteuid() != 0:
        return "debootstrap and this store need root"
    missing = [one for one in ("podman", "debootstrap") if shutil.which(one) is None]
    if missing or not _runtime():
        return "apt-get install --no-install-recommends podman buildah runc debootstrap"
    return None


def _runtime() -> str:
    """Runc first: crun refuses a machine that mixes both versions of cgroups."""
    return next((one for one in ("runc", "crun") if shutil.which(one)), "")

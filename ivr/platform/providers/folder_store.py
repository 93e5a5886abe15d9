"""Copies in a folder: of this machine, or of another that is mounted here."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.platform.providers.backup_store import Kept, StoreError


class FolderStore:
    """A ``BackupStore`` in a folder, which is made where it is missing. Nobody else on the machine reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = str(folder)

    def put(self, file: Path, name: str) -> None:
        with self._told():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with file.open("rb") as written:
                os.fsync(written.fileno())
            file.replace(self.folder / name)
            self._settle()

    def digest(self, name: str) -> str:
        with self._told(), (self.folder / name).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()

    def get(self, name: str, file: Path) -> None:
        with self._told():
            shutil.copyfile(self.folder / name, file)

    def all(self) -> list[Kept]:
        with self._told():
            if not self.folder.is_dir():
                return []
            files = sorted(one for one in self.folder.iterdir() if one.is_file())
            return [Kept(one.name, one.stat().st_size) for one in files]

    def delete(self, name: str) -> None:
        with self._told():
            (self.folder / name).unlink(missing_ok=True)

    def _settle(self) -> None:
        """A rename is on the disk once its folder is."""
        number = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as wrong:
            raise StoreError(f"{self.place}: {wrong.strerror or wrong}") from wrong

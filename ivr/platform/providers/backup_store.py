"""Where copies of the database are kept: what every store does."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class StoreError(Exception):
    """The store did not do it. The message says where and why, in words for people, and names no secret."""


@dataclass(frozen=True)
class Kept:
    """One file in a store. ``size`` in bytes."""

    name: str
    size: int


class BackupStore(Protocol):
    """Keeps files by name. Each method raises StoreError."""

    @property
    def place(self) -> str:
        """Where it is, for people: without user and password."""

    @property
    def folder(self) -> Path | None:
        """Where a copy can be made so that ``put`` need only rename it; None where there is no such folder."""

    def put(self, file: Path, name: str) -> None:
        """Keep the file under this name: whole, or not at all. ``file`` may be gone afterwards."""

    def digest(self, name: str) -> str:
        """Read it back, and return its SHA-256."""

    def get(self, name: str, file: Path) -> None:
        """Write what is kept under this name into a new file."""

    def all(self) -> list[Kept]:
        """Return what is kept, sorted by name."""

    def delete(self, name: str) -> None:
        """Delete it. It may be gone already."""


@dataclass(frozen=True)
class Backups:
    """Where copies go. ``days`` is how long each is kept; ``recipient`` a public key of age, "" for copies in clear."""

    store: BackupStore
    days: int
    recipient: str = field(repr=False)

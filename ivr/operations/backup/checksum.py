"""A copy is only worth what it can be checked by: its SHA-256, in a file beside it as ``sha256sum -c`` reads it."""

import hashlib
from pathlib import Path

from ivr.operations.backup.errors import BackupFailedError


def seal(file: Path) -> str:
    """Write the checksum beside the file; it is returned too."""
    digest = _digest(file)
    _beside(file).write_text(f"{digest}  {file.name}\n", encoding="utf-8")
    return digest


def check_seal(file: Path) -> None:
    """Raises BackupFailedError when the file is not the one that was sealed; without a seal any file will do."""
    if not file.is_file():
        raise BackupFailedError(f"There is no file {file}.")
    beside = _beside(file)
    if beside.is_file() and beside.read_text(encoding="utf-8").split(" ")[0] != _digest(file):
        raise BackupFailedError(f"{file} is not what it was when it was made: {beside.name} does not agree.")


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

"""A copy from the store, ready to be restored: fetched, compared with its checksum, and decrypted."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ivr.operations.backups import rules
from ivr.operations.backups.copies import BackupFailedError
from ivr.platform.providers.backup_store import BackupStore


def fetch(store: BackupStore, name: str, folder: Path, key: Path | None) -> Path:
    """Write the copy of this name, in clear, into the folder, and return its file. Raises BackupFailedError.

    ``key`` is a file with the secret key that opens it. The list of whom this service has erased comes with it.
    """
    kept = [one.name for one in store.all()]
    if rules.moment_of(name) is None or name not in kept:
        raise BackupFailedError(
            f"There is no copy {name} in {store.place}: flask --app ivr db backups lists them."
        )
    file = folder / name
    store.get(name, file)
    _compare(store, file, kept)
    return decrypted(file, folder, key)


def erased(store: BackupStore, folder: Path, key: Path | None) -> list[dict[str, Any]]:
    """Return whom this service has erased, as the last backup has noted it: a copy that is older brings them back."""
    names = {one.name for one in store.all()} & {rules.ERASED, rules.ERASED + rules.SEALED}
    for name in sorted(names):
        store.get(name, folder / name)
    newest = max((folder / name for name in names), key=lambda one: one.name, default=None)
    if newest is None:
        return []
    found: list[dict[str, Any]] = json.loads(decrypted(newest, folder, key).read_text(encoding="utf-8"))
    return found


def decrypted(file: Path, folder: Path, key: Path | None) -> Path:
    """Return the file itself, or, where it is encrypted, the clear one that is written into the folder."""
    if file.suffix != rules.SEALED:
        return file
    if key is None:
        raise BackupFailedError(f"{file.name} is encrypted: --key names the file with its secret key.")
    from ivr.operations.backups.encryption import decrypt  # noqa: PLC0415  # few processes need it

    clear = folder / file.name.removesuffix(rules.SEALED)
    decrypt(file, clear, key)
    return clear


def _compare(store: BackupStore, file: Path, kept: list[str]) -> None:
    checksum = file.with_name(file.name + rules.CHECKSUM)
    if checksum.name not in kept:
        return
    store.get(checksum.name, checksum)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if checksum.read_text(encoding="utf-8").split(" ")[0] != digest:
        raise BackupFailedError(f"{file.name} in {store.place} is not what it was when it was made.")

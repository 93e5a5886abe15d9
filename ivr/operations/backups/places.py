"""Where the configuration wants copies, for how long, and who can read them."""

from dataclasses import dataclass, field
from pathlib import Path

from ivr.core.config import Config
from ivr.platform.providers.backup_store import BackupStore
from ivr.platform.providers.folder_store import FolderStore


@dataclass(frozen=True)
class Backups:
    """Where copies go. ``days`` is how long each is kept; ``recipient`` a public key of age, "" for copies in clear."""

    store: BackupStore
    days: int
    recipient: str = field(repr=False)


def wanted(config: Config) -> Backups | None:
    """Return it; None where BACKUP_TO is empty."""
    if not config.backup_to:
        return None
    return Backups(store(config.backup_to), int(config.backup_days), config.backup_recipient)


def store(address: str) -> BackupStore:
    """Return the store at this address, as BACKUP_TO has it."""
    if not address.startswith("s3://"):
        return FolderStore(Path(address))
    from ivr.platform.providers.s3_store import S3Store  # noqa: PLC0415  # few processes need it, and it is large

    return S3Store(address)

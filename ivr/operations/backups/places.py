"""Where the configuration wants copies of the database."""

from pathlib import Path

from ivr.core.config import Config
from ivr.platform.providers.backup_store import Backups, BackupStore
from ivr.platform.providers.folder_store import FolderStore


def wanted(config: Config) -> Backups | None:
    """Return where, for how long, and for whom; None where BACKUP_TO is empty."""
    if not config.backup_to:
        return None
    return Backups(store(config.backup_to), int(config.backup_days), config.backup_recipient)


def store(address: str) -> BackupStore:
    """Return the store at this address, as BACKUP_TO has it."""
    if not address.startswith("s3://"):
        return FolderStore(Path(address))
    from ivr.platform.providers.s3_store import S3Store  # noqa: PLC0415  # few processes need it, and it is large

    return S3Store(address)

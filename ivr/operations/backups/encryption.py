"""Copies are encrypted to a public key, in the format of age: the service itself cannot read what it has put away.

The tool ``age`` opens them too (https://age-encryption.org). Why: docs/decisions/0039-backups.md.
"""

from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io, x25519

from ivr.operations.backups.copies import BackupFailedError


def new_key() -> tuple[str, str]:
    """Return the two halves of a new key: the public one, which encrypts, and the secret one, which opens."""
    secret = x25519.Identity.generate()
    return str(secret.to_public()), str(secret)


def encrypt(file: Path, to: Path, recipient: str) -> None:
    """Write the file encrypted to this public key. Raises BackupFailedError, and OSError."""
    try:
        key = x25519.Recipient.from_str(recipient)
    except RecipientError as wrong:
        raise BackupFailedError(
            "BACKUP_RECIPIENT is no public key of age. This makes one: flask --app ivr db backup-key"
        ) from wrong
    # Between two pieces other threads go on: ``encrypt_file`` would stop the whole process.
    with file.open("rb") as clear, to.open("wb") as sealed:
        encrypt_io(clear, sealed, [key])


def decrypt(file: Path, to: Path, key_file: Path) -> None:
    """Write the file in clear, with the secret key in ``key_file``. Raises BackupFailedError, and OSError."""
    lines = key_file.read_text(encoding="ascii", errors="replace").split()
    try:
        keys = [x25519.Identity.from_str(one) for one in lines if one.startswith("AGE-SECRET-KEY-")]
        if not keys:
            raise BackupFailedError(f"There is no line with AGE-SECRET-KEY- in {key_file}.")
        with file.open("rb") as sealed, to.open("wb") as clear:
            decrypt_io(sealed, clear, keys)
    except (DecryptError, IdentityError) as wrong:
        raise BackupFailedError(f"The key in {key_file} does not open {file.name}: {wrong}") from wrong

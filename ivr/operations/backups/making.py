"""One run: a copy is made, checked, encrypted, put away, read back, and only then are old ones deleted.

Whatever stops it leaves no file under the name of a copy: work is done in a folder of its own, which the next run
empties. A lock of the operating system, which dies with its process, lets one run at a time work there.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from ivr.backoffice.personal_data import service as personal_data
from ivr.core import clock
from ivr.core.db import Database
from ivr.operations.backups import rules, service
from ivr.operations.backups.copies import BackupFailedError, back_up
from ivr.platform.providers.backup_store import Backups, BackupStore, StoreError

_WORK: Final = ".line-backup"
_LOCK: Final = "lock"
#: What a run leaves free on the disk: the database may be on the same one, and it grows meanwhile.
_LEFT_FREE: Final = 256 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024


class BusyError(Exception):
    """Another process makes a backup here now."""


def make(database: Database, wanted: Backups) -> str:
    """Make a backup, note how it went, and return its name. Raises BackupFailedError, and BusyError.

    It opens its own transactions, and none is open while it works: nobody waits for it.
    """
    try:
        work = _folder(wanted.store, database.engine)
    except BackupFailedError as wrong:
        with database.transaction():
            service.ended(service.begun(wanted.store.place), why=str(wrong))
        raise
    with _alone(work):
        with database.transaction():
            run = service.begun(wanted.store.place)
        try:
            name, size = _made(database, wanted, work)
            why = _tidied(wanted)
        except (BackupFailedError, StoreError, OSError) as wrong:
            words = f"{work}: {wrong.strerror or wrong}" if isinstance(wrong, OSError) else str(wrong)
            with database.transaction():
                service.ended(run, why=words)
            raise BackupFailedError(words) from wrong
        with database.transaction():
            service.ended(run, name=name, size=size, why=why)
        return name


def _made(database: Database, wanted: Backups, work: Path) -> tuple[str, int]:
    engine = database.engine
    _need_room(engine, work, copies=2 if wanted.recipient else 1)
    with database.reading():
        erased = personal_data.erased()
    copy = work / rules.name_of(clock.now(), is_sqlite=engine.dialect.name == "sqlite")
    back_up(engine, copy)
    copy = _sealed(copy, wanted)
    size, digest = copy.stat().st_size, _digest(copy)
    checksum = work / f"{copy.name}{rules.CHECKSUM}"
    checksum.write_text(f"{digest}  {copy.name}\n", encoding="utf-8")
    wanted.store.put(checksum, checksum.name)  # first: whoever finds the copy finds its checksum
    wanted.store.put(copy, copy.name)
    if wanted.store.digest(copy.name) != digest:
        wanted.store.delete(copy.name)
        raise BackupFailedError(
            f"{wanted.store.place} gave back something else than it was given: {copy.name}"
        )
    _put_erased(erased, wanted, work)
    return copy.name, size


def _sealed(file: Path, wanted: Backups) -> Path:
    """Encrypt the file where that is wanted, and delete the clear one."""
    if not wanted.recipient:
        return file
    from ivr.operations.backups.encryption import encrypt  # noqa: PLC0415  # few processes make backups

    sealed = file.with_name(file.name + rules.SEALED)
    encrypt(file, sealed, wanted.recipient)
    file.unlink()
    return sealed


def _put_erased(erased: list[dict[str, Any]], wanted: Backups, work: Path) -> None:
    list_ = work / rules.ERASED
    list_.write_text(json.dumps(erased, indent=1), encoding="utf-8")
    list_ = _sealed(list_, wanted)
    wanted.store.put(list_, list_.name)


def _tidied(wanted: Backups) -> str | None:
    """Delete the copies that have had their time. Returns what went wrong with it: the new copy is good."""
    try:
        names = [one.name for one in wanted.store.all()]
        for name in rules.outdated(names, clock.now(), days=wanted.days):
            wanted.store.delete(name)
            wanted.store.delete(name + rules.CHECKSUM)
    except StoreError as wrong:
        return f"Old copies could not be deleted. {wrong}"
    return None


def _need_room(engine: Engine, work: Path, *, copies: int) -> None:
    """Raise BackupFailedError unless there is room for the copy. What PostgreSQL needs is not known before."""
    file = Path(engine.url.database or "")
    is_file = engine.dialect.name == "sqlite" and file.is_file()
    needed = copies * file.stat().st_size + _LEFT_FREE if is_file else _LEFT_FREE
    free = shutil.disk_usage(work).free
    if free < needed:
        raise BackupFailedError(
            f"The disk of {work.parent} is too full: a backup needs {needed // _MEGABYTE:,} MB there, and "
            f"{free // _MEGABYTE:,} MB are free. Make room, or let BACKUP_DAYS keep fewer copies."
        )


def _folder(store: BackupStore, engine: Engine) -> Path:
    """Return the folder to work in: in the store's, beside SQLite's file, or a temporary one."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    around = store.folder or (Path(file).absolute().parent if file else Path(tempfile.gettempdir()))
    work = around / _WORK
    try:
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        if work.stat().st_uid != os.getuid():  # among temporary files anybody may have made it
            raise BackupFailedError(f"{work} belongs to another user of this machine: delete it.")
        (work / _LOCK).touch(mode=0o600)
    except OSError as wrong:
        raise BackupFailedError(f"{work}: {wrong.strerror or wrong}") from wrong
    return work


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Have the folder, empty, for this run alone. Raises BusyError."""
    with (work / _LOCK).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BusyError from taken
        _empty(work)  # what a run that was killed has left
        try:
            yield
        finally:
            _empty(work)


def _empty(work: Path) -> None:
    for left in work.iterdir():
        if left.name != _LOCK:
            left.unlink()


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

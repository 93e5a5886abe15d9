"""The record of backups."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.text import readable
from ivr.operations.backups.models import BackupRun

_KEPT: Final = timedelta(days=400)
_LONGEST: Final = 500


def last_good_backup() -> BackupRun | None:
    """Return the last run whose copy was kept and read back whole; None when there has been none.

    ``ended_at`` says how old it is, ``size`` and ``name`` what it is, ``place`` where. Its file may have been deleted
    by hand since: ``flask db backups`` looks.
    """
    good = select(BackupRun).where(BackupRun.is_good).order_by(BackupRun.begun_at.desc()).limit(1)
    return session.scalar(good)


def latest(count: int) -> Sequence[BackupRun]:
    """Return the latest runs, the latest first."""
    return session.scalars(select(BackupRun).order_by(BackupRun.begun_at.desc()).limit(count)).all()


def begun(place: str) -> int:
    """Note that a run begins, and return its id. Runs of more than a year ago are forgotten."""
    changed(delete(BackupRun).where(BackupRun.begun_at < clock.now() - _KEPT), in_session=False)
    run = BackupRun(begun_at=clock.now(), place=place[:_LONGEST])
    session.add(run)
    session.flush()
    return run.id


def ended(run_id: int, *, name: str | None = None, size: int | None = None, why: str | None = None) -> None:
    """Note how it ended: with a ``name`` and a ``size`` when its copy is kept and whole, with a reason when not."""
    values = {
        "ended_at": clock.now(),
        "is_good": name is not None,
        "name": name,
        "size": size,
        "why": readable(why)[:_LONGEST] if why else None,
    }
    changed(update(BackupRun).where(BackupRun.id == run_id).values(values), in_session=False)

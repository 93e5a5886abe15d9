"""Each run of the backup, and how it ended."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class BackupRun(Base):
    """One run. Without ``ended_at`` it goes on, or its process was stopped."""

    __tablename__ = "backup_run"
    __table_args__ = (Index("ix_backup_run_begun_at", "begun_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: Where to: no user and no password.
    place: Mapped[str] = mapped_column(String(500))
    #: The copy is there, was read back, and is whole.
    is_good: Mapped[bool] = mapped_column(default=False, server_default=false())
    name: Mapped[str | None] = mapped_column(String(100))
    #: Bytes, as it is kept.
    size: Mapped[int | None] = mapped_column(BigInteger)
    #: What went wrong, in words.
    why: Mapped[str | None] = mapped_column(String(500))

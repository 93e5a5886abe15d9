"""The owner's settings, and who changed what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class PolicyValue(Base):
    """One value that differs from its default. ``value`` is what its type wrote."""

    __tablename__ = "policies"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(500))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(100))


class SettingsVersion(Base):
    """The only row: a new version after each change of the owner's settings."""

    __tablename__ = "settings_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(String(16))


class Audit(Base):
    """One line of the audit trail (``trail``): who, when, what, before and after, in words for people."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_kind", "kind"),
        Index("ix_audit_once", "once", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: A code of ``trail.Kind``. The release before writes changes only.
    kind: Mapped[str] = mapped_column(String(12), default="change", server_default="change")
    at: Mapped[datetime]
    #: Of a refused log-in: whose it would have been. None for a command, or for a person who was never on the roster.
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    staff_name: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[str] = mapped_column(String(2000))
    after: Mapped[str] = mapped_column(String(2000))
    #: What there may be one line of, with its hour; None for what is written each time.
    once: Mapped[str | None] = mapped_column(String(200))

"""The timeline's table."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class CallEvent(Base):
    """One event. It is appended once: the unique key makes a repeat vanish.

    An event without an intake is about the staff. A live page knows the last id that it has shown.
    """

    __tablename__ = "call_event"
    __table_args__ = (
        UniqueConstraint("intake_id", "key"),
        Index("ix_call_event_intake_id_at", "intake_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

"""What people have asked about their data, and what must not be deleted."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base, Word

LONGEST_WHY: Final = 300


class RequestKind(StrEnum):
    """What somebody asks for."""

    EXPORT = "export"
    ERASE = "erase"


class RequestState(StrEnum):
    """How far it has come. Only DONE says that it is done, here and at every provider."""

    ASKED = "asked"
    #: Erased in the database; something is left to do, here or at a provider.
    WORKING = "working"
    DONE = "done"
    #: A person has decided that nothing is to be done.
    DECLINED = "declined"


class PersonRequest(Base):
    """One request of one person about their data. Once it is done, the row says nothing about the person."""

    __tablename__ = "person_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RequestKind] = mapped_column(Word(RequestKind, 8))
    state: Mapped[RequestState] = mapped_column(Word(RequestState, 10))
    asked_at: Mapped[datetime]
    #: When it must be answered by law.
    due_at: Mapped[datetime]
    #: Who wrote it down, and who did it.
    noted_by: Mapped[str] = mapped_column(String(100))
    done_by: Mapped[str | None] = mapped_column(String(100))
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    #: The numbers, addresses and names that it is about; empty once it is done.
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: The ids and references of the matters.
    matters: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    #: How many of each kind were erased or exported.
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    #: What is left to do: see ``personal_data.tasks``.
    left: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class Hold(Base):
    """While it lasts, nothing of this matter is deleted: not when its time is over, and not on request."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_intake_id", "intake_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    why: Mapped[str] = mapped_column(String(LONGEST_WHY))
    placed_by: Mapped[str] = mapped_column(String(100))
    placed_at: Mapped[datetime]
    until_at: Mapped[datetime]
    #: When somebody lifted it before its time, and who.
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(100))

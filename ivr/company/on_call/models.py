"""The rotation of whoever is on call, and the turns that are given to somebody else."""

from datetime import date, datetime, time
from typing import Final

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ivr.company.on_call.rules import Turn
from ivr.company.shifts.rules import Span
from ivr.core.db import Base

THE_ROW: Final = 1


class OnCallRotation(Base):
    """The only row: who takes turns, and when they change."""

    __tablename__ = "on_call_rotation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Callers may ask for whoever is on call while the office is closed.
    is_on: Mapped[bool]
    #: Ids of staff, in their order. Not foreign keys: whoever has left is passed over.
    people: Mapped[list[int]] = mapped_column(JSON)
    #: The day on which the turn changes, Monday is 0; None: every day.
    weekday: Mapped[int | None]
    #: When it changes, by the clock on the company's wall.
    changes_at: Mapped[time]
    starts_on: Mapped[date]


class OnCallOverride(Base):
    """Somebody is on call in this time, whoever's turn it is."""

    __tablename__ = "on_call_override"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    cancelled_at: Mapped[datetime | None]

    @property
    def turn(self) -> Turn:
        return Turn(Span(self.starts_at, self.ends_at), self.staff_id)

"""Shifts: the week of a person, what changes it, and the shifts that follow from both."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.company.shifts.rules import (
    LONGEST_REASON,
    Change,
    RequestState,
    ShiftRequestKind,
    Span,
    WeeklyHours,
)
from ivr.core.db import Base, Word


class WeeklyShift(Base):
    """A shift of every week, by the clock on the wall of the person's zone."""

    __tablename__ = "weekly_shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    #: Monday is 0.
    weekday: Mapped[int]
    starts: Mapped[time]
    #: Not after the start: on the next day.
    ends: Mapped[time]

    @property
    def hours(self) -> WeeklyHours:
        return WeeklyHours(self.weekday, self.starts, self.ends)


class ShiftChange(Base):
    """On shift, or off, from one moment to another, whatever the week says: leave, an extra shift, a swap."""

    __tablename__ = "shift_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_on: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    cancelled_at: Mapped[datetime | None]

    @property
    def change(self) -> Change:
        return Change(Span(self.starts_at, self.ends_at), self.is_on)


class Shift(Base):
    """A person is on shift in it. Worked out anew with each change from that moment on; what was stays as it was.

    Whoever has a week has these rows for ``service.AHEAD``; who has none is on shift but for their leave.
    """

    __tablename__ = "shift"
    __table_args__ = (Index("ix_shift_staff_id_ends_at", "staff_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


class ShiftRequest(Base):
    """A person wants to be off in this time: on leave, which an owner decides, or because a colleague works instead."""

    __tablename__ = "shift_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ShiftRequestKind] = mapped_column(Word(ShiftRequestKind, 8))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    #: Who works instead, and is asked; None of leave.
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    state: Mapped[RequestState] = mapped_column(Word(RequestState, 10), index=True)
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: The changes that it has made: the one is off, and the other on shift.
    off_id: Mapped[int | None] = mapped_column(ForeignKey("shift_change.id"))
    on_id: Mapped[int | None] = mapped_column(ForeignKey("shift_change.id"))

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


class CoverageWatch(Base):
    """The only row: which gaps were known at the last look, so that those which a change has opened are told once."""

    __tablename__ = "coverage_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: How far ahead that look went.
    looked_until: Mapped[datetime]
    #: [["2026-12-01T17:00:00+00:00", "2026-12-01T20:00:00+00:00", "operator"]].
    gaps: Mapped[list[Any]] = mapped_column(JSON)
    #: The day, on the company's calendar, of the last letter about the next open day.
    told_on: Mapped[date]

"""The stored opening hours (one row, because every call reads all of it), and the closings by hand."""

from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from ivr.company.hours.rules import Calendar, Closure, SpecialDay, Window
from ivr.core.db import Base
from ivr.core.errors import Refusal

THE_ROW: Final = 1


class UnreadableHoursError(Exception):
    """The row of the opening hours is damaged; the code must not assume that the company is open."""


class StoredCalendar(Base):
    """The only row. ``week``: {"0": ["07:00:00", "16:00:00"]}, Monday is "0".

    ``special_days``: [{"day": "2026-12-24", "window": ["07:00:00", "12:00:00"] or null, "reason": "...",
    "spanish": "..."}].
    """

    __tablename__ = "calendar"
    __table_args__ = (CheckConstraint(f"id = {THE_ROW}", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    zone: Mapped[str] = mapped_column(String(64))
    week: Mapped[dict[str, Any]] = mapped_column(JSON)
    special_days: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    observes_holidays: Mapped[bool]
    updated_at: Mapped[datetime]

    @classmethod
    def of(cls, calendar: Calendar, *, at: datetime) -> "StoredCalendar":
        return cls(
            id=THE_ROW,
            zone=calendar.zone,
            week={str(weekday): _hours(window) for weekday, window in calendar.week.items()},
            special_days=[
                {
                    "day": special.day.isoformat(),
                    "window": _hours(special.window),
                    "reason": special.reason,
                    "spanish": special.spanish,
                }
                for special in calendar.special_days
            ],
            observes_holidays=calendar.observes_holidays,
            updated_at=at,
        )

    def to_calendar(self) -> Calendar:
        """Raise UnreadableHoursError."""
        try:
            return Calendar(
                zone=self.zone,
                week={int(weekday): _window(hours) for weekday, hours in self.week.items()},
                special_days=tuple(_special(kept) for kept in self.special_days),
                observes_holidays=self.observes_holidays,
            )
        except (AttributeError, KeyError, TypeError, ValueError, Refusal) as fault:
            raise UnreadableHoursError(repr(fault)) from fault


class Closing(Base):
    """An owner closed the service by hand. It reopens by itself at ``until_at``, or earlier at ``ended_at``."""

    __tablename__ = "closing"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime] = mapped_column(index=True)
    #: When a person reopened it before its time.
    ended_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: The owner's own call in which they recorded what callers hear: the recording is that intake's clip.
    message_intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))

    def to_closure(self) -> Closure:
        return Closure(self.from_at, self.ended_at or self.until_at)


class PinCall(Base):
    """A call of one of staff, to be let in by PIN. Until ``let_in_at`` the caller may be anyone with their number."""

    #: Named for the first who had a PIN.
    __tablename__ = "owner_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_sid: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    #: The carrier vouches for the number. Wrong PINs of other calls, which anybody can make, are counted apart.
    is_vouched: Mapped[bool] = mapped_column(default=False, server_default=false())
    wrong_pins: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime]
    let_in_at: Mapped[datetime | None]
    #: When they want the closing, or their absence, to end; the call reads it back before it holds.
    until_at: Mapped[datetime | None]


def _hours(window: Window | None) -> list[str] | None:
    if window is None:
        return None
    return [window.opens.isoformat(), window.closes.isoformat()]


def _window(hours: list[str]) -> Window:
    opens, closes = hours
    return Window(time.fromisoformat(opens), time.fromisoformat(closes))


def _special(kept: dict[str, Any]) -> SpecialDay:
    hours = kept["window"]
    return SpecialDay(
        date.fromisoformat(kept["day"]),
        None if hours is None else _window(hours),
        kept["reason"],
        kept.get("spanish", ""),  # older rows lack it
    )

"""The opening hours as they are kept: one row, because every call reads all of it."""

from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base
from ivr.errors import Refusal
from ivr.hours.rules import Calendar, SpecialDay, Window

THE_ROW: Final = 1


class UnreadableHoursError(Exception):
    """The row of the opening hours is damaged; nobody may guess that the line is open."""


class StoredCalendar(Base):
    """The only row. ``week``: {"0": ["07:00:00", "16:00:00"]}, Monday is "0".

    ``special_days``: [{"day": "2026-12-24", "window": ["07:00:00", "12:00:00"] or null, "reason": "..."}].
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
                {"day": special.day.isoformat(), "window": _hours(special.window), "reason": special.reason}
                for special in calendar.special_days
            ],
            observes_holidays=calendar.observes_holidays,
            updated_at=at,
        )

    def to_calendar(self) -> Calendar:
        """Raises UnreadableHoursError."""
        try:
            return Calendar(
                zone=self.zone,
                week={int(weekday): _window(hours) for weekday, hours in self.week.items()},
                special_days=tuple(_special(kept) for kept in self.special_days),
                observes_holidays=self.observes_holidays,
            )
        except (AttributeError, KeyError, TypeError, ValueError, Refusal) as fault:
            raise UnreadableHoursError(repr(fault)) from fault


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
        date.fromisoformat(kept["day"]), None if hours is None else _window(hours), kept["reason"]
    )

"""What was used on a day that is over: a page of a year reads 365 rows, and not two million calls."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class CostDay(Base):
    """One day in a time zone, from midnight to midnight. Three days after its end it is not counted again.

    What it had cost stays, also when its calls are deleted or the messages of a person erased.
    """

    __tablename__ = "cost_day"
    __table_args__ = (UniqueConstraint("zone", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    zone: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(Date)
    #: A ``rules.Used``: amounts, not prices, so that a price that was wrong can be put right.
    used: Mapped[dict[str, Any]] = mapped_column(JSON)

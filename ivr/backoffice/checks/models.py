"""What all checks have found the last time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class HealthReport(Base):
    """The only row. ``results`` are as ``checkup.as_json`` writes them."""

    __tablename__ = "health_report"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(100))
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

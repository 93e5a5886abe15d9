"""How each person last looked at the list of intakes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base

LONGEST_VIEW = 300


class KeptView(Base):
    """What one person last wanted of the list. Whoever looks at all intakes, newest first, has no row."""

    __tablename__ = "kept_view"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    #: As the page's address has it: filters and order, and nothing that anybody has typed freely.
    query: Mapped[str] = mapped_column(String(LONGEST_VIEW))
    kept_at: Mapped[datetime]

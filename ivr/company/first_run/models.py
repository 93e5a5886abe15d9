"""What the first run keeps: the code that makes the first owner, and how the items of the checklist were found."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class SetupCode(Base):
    """The only row, until an owner is made with the code. The code itself is not here: see ``setup_code``."""

    __tablename__ = "setup_code"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nonce: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime]


class SetupCheck(Base):
    """What was found the last time that somebody looked, and who that was."""

    __tablename__ = "setup_check"

    #: A code of ``items.Item``, or of ``items.Said``.
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    is_well: Mapped[bool]
    words: Mapped[str] = mapped_column(String(1000))
    checked_at: Mapped[datetime]
    checked_by: Mapped[str] = mapped_column(String(100))

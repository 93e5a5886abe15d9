"""The members of staff."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base, Word


class Role(StrEnum):
    """What a member of staff may do, and what calls they are rung for."""

    TECHNICIAN = "technician"
    OPERATOR = "operator"
    #: Does what operators do, and sets how the company works.
    OWNER = "owner"


class Staff(Base):
    """A member of staff. ``offer_id`` is a claim: while it is set, they get no other offer."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(Word(Role, 12))
    phone: Mapped[str] = mapped_column(String(16), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["en"])
    password_hash: Mapped[str | None] = mapped_column(String(200))
    #: Hash of an owner's PIN, which identifies them on the telephone.
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    is_available: Mapped[bool] = mapped_column(default=True)
    #: Works here. A person who left stays in the table, is never rung and cannot log in.
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Raised when the links to their page are revoked: a link with an older version is invalid.
    link_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: Not a foreign key: it points back at the offer that claims this row, and is cleared when the offer ends.
    #: How their telephone answered when it last rang: a code of ``callcenter.calls.outcomes``, which is above.
    last_outcome: Mapped[str | None] = mapped_column(String(12))
    offer_id: Mapped[int | None]
    idle_since: Mapped[datetime]
    #: Until then they are in wrap-up and are not rung.
    wraps_up_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

"""The members of staff, and their sessions."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import JSON, ForeignKey, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base, Word

LONGEST_AWAY_REASON: Final = 100


class Role(StrEnum):
    """What a member of staff may do, and what calls they are rung for."""

    TECHNICIAN = "technician"
    #: Drives to the customers' sites. Never rung for calls.
    FIELD = "field"
    OPERATOR = "operator"
    #: Does what operators do, and sets how the company works.
    OWNER = "owner"

    @property
    def is_called(self) -> bool:
        """Whether calls are offered to them."""
        return self in {Role.TECHNICIAN, Role.OPERATOR}


#: The roles that calls are offered to.
CALLED: Final = tuple(role for role in Role if role.is_called)


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
    #: Hash of their PIN, which identifies them on the telephone.
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    is_available: Mapped[bool] = mapped_column(default=True)
    #: When they are available again by themselves, and why they are not; both None while they are available.
    away_until: Mapped[datetime | None]
    away_reason: Mapped[str | None] = mapped_column(String(LONGEST_AWAY_REASON))
    #: How many of their last rings in a row nobody answered.
    unanswered: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: They have weekly shifts, and are rung in these only.
    has_shifts: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Where their week is meant; None: in the company's zone.
    zone: Mapped[str | None] = mapped_column(String(64))
    #: Raised when the address of their calendar is revoked.
    calendar_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: Works here. A person who left stays in the table, is never rung and cannot log in.
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Raised when the links to their page are revoked: a link with an older version is invalid.
    link_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: How their telephone answered when it last rang: a code of ``callcenter.calls.outcomes``, which is above.
    last_outcome: Mapped[str | None] = mapped_column(String(12))
    #: Not a foreign key: it points back at the offer that claims this row, and is cleared when the offer ends.
    offer_id: Mapped[int | None]
    idle_since: Mapped[datetime]
    #: Until then they are in wrap-up and are not rung.
    wraps_up_until: Mapped[datetime | None]
    #: When they last pressed the key of a test call, at this telephone number.
    phone_tested_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SessionKind(StrEnum):
    """What began the session, and so which pages it opens."""

    CONSOLE = "console"
    #: A link to the technician's own page.
    LINK = "link"


class SessionEnd(StrEnum):
    """What ended a session before its time."""

    LOGGED_OUT = "logged_out"
    #: By the same person, from elsewhere.
    FROM_ELSEWHERE = "from_elsewhere"
    BY_OWNER = "by_owner"
    PASSWORD = "password"  # noqa: S105  # a word for what was changed
    SECOND_FACTOR = "second_factor"
    ROLE = "role"
    LEFT = "left"
    RETURNED = "returned"
    LINK_REVOKED = "link_revoked"


class StaffSession(Base):
    """One browser that a log-in or a link has let in. It holds a secret, of which this is the hash."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[SessionKind] = mapped_column(Word(SessionKind, 8))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: Such as "Firefox on Windows".
    browser: Mapped[str] = mapped_column(String(40))
    #: Where it began; None when that is unknown.
    network: Mapped[str | None] = mapped_column(String(50))
    created_at: Mapped[datetime]
    #: The last request, to some minutes.
    used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[SessionEnd | None] = mapped_column(Word(SessionEnd, 14))

"""Staff, and the offers of a caller that are made to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import JSON, ForeignKey, Index, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.db import Base
from ivr.dispatch import rules

if TYPE_CHECKING:
    from ivr.intake.models import Intake

TECHNICIAN: Final = "technician"
OPERATOR: Final = "operator"
OWNER: Final = "owner"


class Staff(Base):
    """A member of staff. ``offer_id`` is the claim: while it is set, nobody else's caller is offered to them."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(12))
    phone: Mapped[str] = mapped_column(String(16), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["en"])
    password_hash: Mapped[str | None] = mapped_column(String(200))
    #: Of an owner's PIN, by which they are known on the telephone.
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    is_available: Mapped[bool] = mapped_column(default=True)
    #: Works here. Whoever has left is kept for the records, is never rung and cannot log in.
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Raised when the links to their own page are revoked: one of an older version opens nothing.
    link_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: Not a foreign key: it points back at the offer that claims this row, and is cleared when that ends.
    offer_id: Mapped[int | None]
    idle_since: Mapped[datetime]
    #: Until then they are finishing the last call and are not rung.
    wraps_up_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Offer(Base):
    """One caller offered to one member of staff, once."""

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_intake_id_state", "intake_id", "state"),
        # Whose telephone rings or is in use now: no more than there are staff.
        Index(
            "ix_offer_live",
            "staff_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default=rules.RINGING)
    #: What the brief is spoken in: the caller's language, so that their words sound right, if it is understood.
    language: Mapped[str] = mapped_column(String(5))
    #: The promise that this offer is to keep: the customer is not on the line, and is rung once it is accepted.
    #: Not a foreign key: a promise is made of staff, and the tables would need each other first.
    callback_id: Mapped[int | None]
    made_at: Mapped[datetime]
    #: Set just before the provider is asked to ring, so that a lost answer is known to be one.
    placed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: They hear that the caller has gone; to send them there once more would swallow the key they press.
    told_gone: Mapped[bool] = mapped_column(default=False)
    #: They pressed star: their telephone is at the desk menu and not in the conference.
    at_desk: Mapped[bool] = mapped_column(default=False, server_default=false())

    staff: Mapped[Staff] = relationship(lazy="raise")
    intake: Mapped["Intake"] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

"""Offers of a caller to a member of staff, and the calls that ring for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.callcenter.calls.models import CallProgress
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import rules
from ivr.callcenter.routing.rules import OfferState
from ivr.company.staff.models import Staff
from ivr.core.db import Base, Word


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
    state: Mapped[OfferState] = mapped_column(Word(OfferState, 12), default=OfferState.RINGING)
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
    heard_caller_left: Mapped[bool] = mapped_column("told_gone", default=False)
    #: They pressed star: their telephone is at the desk menu and not in the conference.
    in_menu: Mapped[bool] = mapped_column("at_desk", default=False, server_default=false())

    staff: Mapped[Staff] = relationship(lazy="raise")
    intake: Mapped[Intake] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


class StaffCall(CallProgress, Base):
    """A member of staff's telephone, rung for an offer."""

    __tablename__ = "leg"
    __table_args__ = (
        # Which are connected now.
        Index(
            "ix_leg_live",
            "offer_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)

    offer: Mapped[Offer] = relationship(lazy="raise")

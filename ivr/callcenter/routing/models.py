"""Offers of a caller to a member of staff, and the legs that ring for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.callcenter.calls.models import CallProgress, Rung
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import rules
from ivr.callcenter.routing.rules import OfferState
from ivr.company.staff.models import Role, Staff
from ivr.core.db import Base, Word


class Offer(Rung, Base):
    """One caller offered to one member of staff, once."""

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_intake_id_state", "intake_id", "state"),
        # Telephones that ring or are in use now: no more than there are staff.
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
    role: Mapped[Role] = mapped_column(Word(Role, 12))
    state: Mapped[OfferState] = mapped_column(Word(OfferState, 12), default=OfferState.RINGING)
    #: The language of the brief: the caller's, so that their words sound right, if the member of staff speaks it.
    language: Mapped[str] = mapped_column(String(5))
    #: The callback that this offer is for: the customer is on no call, and is rung once the offer is accepted.
    #: Not a foreign key: a callback refers to staff, and each table would need the other first.
    callback_id: Mapped[int | None]
    made_at: Mapped[datetime]
    #: Set just before the request to ring, so that a retry knows that an answer may be lost.
    placed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: They hear that the caller has left. To send them there again would swallow the key that they press.
    heard_caller_left: Mapped[bool] = mapped_column("told_gone", default=False)
    #: They pressed star: their leg is in the star menu and not in the conference.
    in_menu: Mapped[bool] = mapped_column("at_desk", default=False, server_default=false())

    staff: Mapped[Staff] = relationship(lazy="raise")
    intake: Mapped[Intake] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


class StaffCall(CallProgress, Base):
    """A leg to a member of staff, rung for an offer."""

    __tablename__ = "leg"
    __table_args__ = (
        # Legs that are connected now.
        Index(
            "ix_leg_live",
            "offer_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # The legs of a day.
        Index("ix_leg_started_at", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)

    offer: Mapped[Offer] = relationship(lazy="raise")

"""A warm transfer: the caller is on hold, an operator hears the brief and then takes the caller."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.callcenter.transfers import rules
from ivr.callcenter.transfers.rules import Reason, TransferState
from ivr.core.db import Base, Word


class Transfer(Base):
    """A transfer from the member of staff who has the caller to the one who takes them."""

    __tablename__ = "transfer"
    __table_args__ = (
        # Transfers that are going on now.
        Index(
            "ix_transfer_open",
            "intake_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    from_offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    to_offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"), index=True)
    state: Mapped[TransferState] = mapped_column(Word(TransferState, 12), default=TransferState.RINGING)
    #: Why the transfer was given up.
    reason: Mapped[Reason | None] = mapped_column(Word(Reason, 20))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

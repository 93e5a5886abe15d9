"""Callbacks: what the line has promised to a caller who is not on it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.core.db import Base, Word


class Callback(Base):
    """One promise to ring one number, not before ``due_at``."""

    __tablename__ = "callback"
    __table_args__ = (Index("ix_callback_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    #: None when the caller withheld their number and gave none: a task for a person.
    number: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[CallbackReason] = mapped_column(Word(CallbackReason, 20))
    state: Mapped[CallbackState] = mapped_column(Word(CallbackState, 10), default=CallbackState.PROMISED)
    due_at: Mapped[datetime]
    #: The place in line it keeps.
    arrived_at: Mapped[datetime]
    created_at: Mapped[datetime]
    #: How often the customer, or everybody on shift, was rung in vain.
    tries: Mapped[int] = mapped_column(default=0)
    #: Who is to ring first: the one the caller was talking to.
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: Who has taken it upon themselves: from then on the line offers it to nobody else.
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

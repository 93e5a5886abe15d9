"""Callbacks promised to customers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.company.dialing.rules import NotDialed
from ivr.core.db import Base, Word
from ivr.core.phone_numbers import LONGEST_EXTENSION


class Callback(Base):
    """One promise to ring one number, not before ``due_at``."""

    __tablename__ = "callback"
    __table_args__ = (Index("ix_callback_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    #: None when the caller withheld their number and gave none: a task for a person.
    number: Mapped[str | None] = mapped_column(String(16))
    #: The digits that are sent as keys once it is answered.
    extension: Mapped[str | None] = mapped_column(String(LONGEST_EXTENSION))
    reason: Mapped[CallbackReason] = mapped_column(Word(CallbackReason, 20))
    state: Mapped[CallbackState] = mapped_column(Word(CallbackState, 10), default=CallbackState.PROMISED)
    due_at: Mapped[datetime]
    #: When the caller first arrived: the callback keeps that place in the queue.
    arrived_at: Mapped[datetime]
    created_at: Mapped[datetime]
    #: Failed attempts: the customer, or all technicians on shift, did not answer.
    tries: Mapped[int] = mapped_column(default=0)
    #: How the last attempt ended: an outcome, or one of ``callbacks.rules.NotTried``.
    last_try: Mapped[str | None] = mapped_column(String(20))
    #: Why the number is not dialed: a task for a person, who may have another number.
    not_dialed: Mapped[NotDialed | None] = mapped_column(Word(NotDialed, 20))
    #: The member of staff to ring first: the caller was talking with them.
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: The member of staff who has claimed it: routing offers it to no other.
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

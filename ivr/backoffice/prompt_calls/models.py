"""The calls that play a prompt to whoever asked for it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.backoffice.prompt_calls.rules import PlayState
from ivr.company.staff.models import Staff
from ivr.core.db import Base, Word


class PromptCall(Base):
    """One such call. The row exists before the network is asked to ring."""

    __tablename__ = "prompt_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    #: The prompt in the script, in English.
    prompt: Mapped[str] = mapped_column(String(1000))
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[PlayState] = mapped_column(Word(PlayState, 10), default=PlayState.CALLING)
    made_at: Mapped[datetime] = mapped_column(index=True)
    #: Set before the network is asked: who finds it set does not know whether a telephone rings.
    begun_at: Mapped[datetime | None]
    sid: Mapped[str | None] = mapped_column(String(64), index=True)

    staff: Mapped[Staff] = relationship(lazy="raise")

"""The flow of ours that the telephone network hosts, and the calls that it has taken."""

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base

THE_ROW: Final = 1


class KeptFlow(Base):
    """The flow that was published last; one row, with the id ``THE_ROW``."""

    __tablename__ = "hosted_flow"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(40))
    #: A number that leads there has its calls taken by it.
    url: Mapped[str] = mapped_column(String(300))
    #: Whom it rings for a caller who presses 1, E.164.
    rings: Mapped[str] = mapped_column(String(16))
    #: Our number leads there when we do not answer. Calls that it took before are still fetched.
    is_on: Mapped[bool]
    #: When the network was last asked for its calls, and since when some may not have been fetched yet.
    looked_at: Mapped[datetime | None]
    open_since: Mapped[datetime]


class HostedCall(Base):
    """One call that the hosted flow has taken."""

    __tablename__ = "hosted_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The network's name for it: it is fetched once.
    execution_sid: Mapped[str] = mapped_column(String(40), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    #: For how long the caller was connected with whoever was rung; None: with nobody.
    talked_seconds: Mapped[int | None]

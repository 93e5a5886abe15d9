"""When the telephone network did not answer."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class Outage(Base):
    """A time during which the workers sent no requests to the network."""

    __tablename__ = "outage"
    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: True during the outage and None afterwards, so that the database allows one at a time.
    lasts: Mapped[bool | None] = mapped_column(unique=True)

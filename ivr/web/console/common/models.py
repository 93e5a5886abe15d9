"""Recent failed log-ins."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class LoginAttempt(Base):
    """One failed attempt to log in, deleted once it no longer counts."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_email_at", "email", "at"),
        Index("ix_login_attempt_network_at", "network", "at"),
        Index("ix_login_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The e-mail address that was typed, whether or not it belongs to staff.
    email: Mapped[str] = mapped_column(String(254))
    network: Mapped[str] = mapped_column(String(50))
    at: Mapped[datetime]

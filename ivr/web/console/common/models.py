"""Recent failed log-ins, and forms that a lapsed log-in kept from being sent."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
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
    #: The email address that was typed, whether or not it belongs to staff.
    email: Mapped[str] = mapped_column(String(254))
    network: Mapped[str] = mapped_column(String(50))
    #: The known browser that tried; None for any other.
    device: Mapped[str | None] = mapped_column(String(24))
    at: Mapped[datetime]


class UnsentForm(Base):
    """The last form of one person that could not be taken; deleted once it is shown again, or after minutes."""

    __tablename__ = "unsent_form"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    #: The path of the page with the form, and the path that the form is sent to.
    page: Mapped[str] = mapped_column(String(500))
    action: Mapped[str] = mapped_column(String(500))
    #: Names and values, in the order of the form.
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    kept_at: Mapped[datetime]

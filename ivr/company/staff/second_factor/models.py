"""The second factors of the members of staff."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class OneTimeCodes(Base):
    """The app of one person that shows a code every 30 seconds (RFC 6238)."""

    __tablename__ = "one_time_codes"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    #: Encrypted for this person (ivr.core.sealing).
    secret: Mapped[str] = mapped_column(String(255))
    #: The number of the 30 seconds whose code was taken last: it and all before it are used up.
    last_step: Mapped[int]
    created_at: Mapped[datetime]


class Passkey(Base):
    """One passkey: what the browser calls it, and the public key that its signatures are checked with."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    #: What the person calls it.
    name: Mapped[str] = mapped_column(String(60))
    #: Both in base64url, without padding.
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(String(1400))
    #: How often the device says that it has signed; 0 from those that do not count.
    sign_count: Mapped[int]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One code that is left, for whoever has lost the device. It is deleted when it is used."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    #: SHA-256, in hexadecimal digits: a code has 79 random bits, so nobody guesses it from this.
    digest: Mapped[str] = mapped_column(String(64))

"""Alarms, the channels by which they leave, what was sent, and the links to the wall."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.backoffice.alarms.rules import ChannelKind, NoticeState, What
from ivr.callcenter.calls.models import Rung
from ivr.company.policy.causes import Cause
from ivr.company.staff.models import Staff
from ivr.core.db import Base, SealedJSON, Word

# A literal: PostgreSQL does not recognize a partial index by a bound parameter.
_UNSETTLED = text("over_at IS NULL")


class Alarm(Base):
    """A cause that held, from when it was raised until it is over. Of one key only one is not over."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "uq_alarm_key_unsettled", "key", unique=True, sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED
        ),
        Index("ix_alarm_raised_at", "raised_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    cause: Mapped[Cause] = mapped_column(Word(Cause, 20))
    #: As the finding said when it was raised.
    about: Mapped[str | None] = mapped_column(String(20))
    figure: Mapped[int | None]
    raised_at: Mapped[datetime]
    #: How often the cause came.
    times: Mapped[int] = mapped_column(default=1)
    #: How many steps of escalation were told, and when the first was.
    steps_told: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(100))
    #: Since when the cause does not hold; None while it does.
    ended_at: Mapped[datetime | None]
    #: When its end was final: the cause had not come back.
    over_at: Mapped[datetime | None]


class AlarmChannel(Base):
    """A way by which alarms leave. A removed one stays in the table, for what was sent."""

    __tablename__ = "alarm_channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ChannelKind] = mapped_column(Word(ChannelKind, 8))
    name: Mapped[str] = mapped_column(String(60))
    #: ``url`` of a service, ``addresses`` of mail. An address of a service opens it, so nobody sees it again.
    target: Mapped[dict[str, Any]] = mapped_column(SealedJSON)
    #: Who is called.
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    causes: Mapped[list[str]] = mapped_column(JSON)
    step: Mapped[int]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    staff: Mapped[Staff | None] = relationship(lazy="raise")


class AlarmNotice(Rung, Base):
    """One alarm told by one channel. Where the channel is a telephone, the notice is its call."""

    __tablename__ = "alarm_notice"
    __table_args__ = (
        UniqueConstraint("alarm_id", "channel_id", "what"),
        Index(
            "ix_alarm_notice_queued",
            "made_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None of a test.
    alarm_id: Mapped[int | None] = mapped_column(ForeignKey("alarm.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("alarm_channel.id"), index=True)
    what: Mapped[What] = mapped_column(Word(What, 8))
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState, 8), default=NoticeState.QUEUED)
    made_at: Mapped[datetime]
    #: Set before it is sent and taken back when that has failed: who finds it set does not know whether it arrived.
    begun_at: Mapped[datetime | None]
    #: How often it was begun.
    tries: Mapped[int] = mapped_column(default=0)
    #: How often a process died while it sent.
    lost: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    #: Why it was not sent: a sentence of ours, never the words of a server.
    why: Mapped[str | None] = mapped_column(String(200))
    #: The leg of a call.
    sid: Mapped[str | None] = mapped_column(String(64))

    alarm: Mapped[Alarm | None] = relationship(lazy="raise")
    channel: Mapped[AlarmChannel] = relationship(lazy="raise")

    @property
    def cause(self) -> Cause | None:
        """What it is about; None of a test."""
        return self.alarm.cause if self.alarm else None

    @property
    def called(self) -> str:
        """Who is called, by name."""
        return self.channel.staff.name if self.channel.staff else "somebody"

    @property
    def language(self) -> str:
        """Of whoever is called."""
        return (
            self.channel.staff.languages[0] if self.channel.staff and self.channel.staff.languages else "en"
        )


class WallLink(Base):
    """A link to the wall. It opens the wall by itself, so this is the hash of it."""

    __tablename__ = "wall_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    revoked_at: Mapped[datetime | None]


class AlarmWatch(Base):
    """The only row: when a worker last looked for causes. A web that finds it old tells that the worker is away."""

    __tablename__ = "alarm_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime]

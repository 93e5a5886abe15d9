"""The estimate: what a visit, or more time on site, costs the customer of an intake."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, UniqueConstraint, func, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from ivr.backoffice.estimates import rules
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.core.db import Base, Word

_DRAFT = text("state = 'draft'")
_SENT = text("state = 'sent'")


class Estimate(Base):
    """One version. A draft may change; a sent one can only be superseded, withdrawn or paid.

    Sums are integer cents. The database enforces one draft and one payable estimate of a kind for an intake.
    """

    __tablename__ = "quote"
    __table_args__ = (
        UniqueConstraint("intake_id", "version"),
        Index(
            "uq_quote_draft", "intake_id", "kind", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT
        ),
        Index("uq_quote_sent", "intake_id", "kind", unique=True, sqlite_where=_SENT, postgresql_where=_SENT),
        Index("ix_quote_state_id", "state", "id"),
        # The estimates of a day.
        Index("ix_quote_sent_at", "sent_at"),
        # What customers may still pay.
        Index("ix_quote_state_valid_until", "state", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    #: 1, 2, 3 … within the intake, both kinds together.
    version: Mapped[int]
    kind: Mapped[EstimateKind] = mapped_column(Word(EstimateKind, 10), default=EstimateKind.VISIT)
    state: Mapped[EstimateState] = mapped_column(Word(EstimateState, 10), default=EstimateState.DRAFT)

    base_cents: Mapped[int]
    #: Hours that the base includes: 1 for a visit, 0 for more time.
    hours_included: Mapped[int]
    extra_hours: Mapped[int]
    rate_cents: Mapped[int]
    #: Why the rate differs from the agreed one.
    rate_reason: Mapped[str | None] = mapped_column(String(rules.LONGEST_REASON))
    surcharge_cents: Mapped[int]
    surcharge_reason: Mapped[str | None] = mapped_column(String(rules.LONGEST_REASON))
    increment_cents: Mapped[int]
    total_cents: Mapped[int]
    #: How many increments the customer pays on top of the base.
    units: Mapped[int]

    #: The last day on which it can be paid, in the company's time zone.
    valid_until: Mapped[date] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(5))
    #: More time only: who agreed to it on site, and when.
    agreed_by: Mapped[str | None] = mapped_column(String(200))
    agreed_at: Mapped[datetime | None]
    #: The leg in which they said yes, where the service called them.
    agreed_leg: Mapped[str | None] = mapped_column(String(64))

    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    #: SHA-256 of the secret in the customer's link: a reader of this table cannot make a link.
    secret_hash: Mapped[str | None] = mapped_column(String(64))

    @hybrid_property
    def is_good(self) -> bool:
        """Whether it counts for the customer. One that has expired is among them: that is seen by its last day."""
        return self.state in rules.GOOD

    @is_good.inplace.expression
    @classmethod
    def _is_good(cls) -> ColumnElement[bool]:
        # Nearly all are. By an index of states SQLite would read them all, and leave an index of the intakes aside.
        return func.coalesce(cls.state, "").in_(rules.GOOD)

    @property
    def price(self) -> rules.Price:
        """The items of the total."""
        return rules.Price(
            self.kind,
            self.base_cents,
            self.extra_hours,
            self.rate_cents,
            self.surcharge_cents,
            self.increment_cents,
        )

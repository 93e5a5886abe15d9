"""What was counted of the calls of a day that is over: a report of a year reads 365 rows, and not two million.

A stored day is right or it is not there: triggers delete it in the transaction that changes one of its calls, so that
no write can miss it (docs/decisions/0031-days-that-are-counted.md). A migration holds the same statements, frozen.
SQLite drops a table's triggers when a batch migration rebuilds the table: such a migration must create them again
(tests/program/test_migrations.py compares them).
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import JSON, Connection, Date, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.payments.models import LedgerEntry
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers.models import Transfer
from ivr.company.hours.models import PinCall
from ivr.core.db import Base


class ReportDay(Base):
    """One day in a time zone, from midnight to midnight. Counted, or being counted: then ``counted`` is None."""

    __tablename__ = "report_day"
    __table_args__ = (UniqueConstraint("zone", "day"), Index("ix_report_day_until_at", "until_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    zone: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(Date)
    first_at: Mapped[datetime]
    until_at: Mapped[datetime]
    #: The rules by which it was counted (``stored_days.RULES``): by others it counts for nothing.
    rules: Mapped[str] = mapped_column(String(16))
    #: A ``day.Day``, as JSON.
    counted: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: By figure, the ids of the latest intakes that it counts.
    latest: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


#: By table: the column with the intake's id, the column with a moment of its own, and what the reports read.
_READ: Final[dict[str, tuple[str, str | None, str]]] = {
    Intake.__tablename__: (
        "id",
        "created_at",
        "id, created_at, arrived_at, state, stage, closed_from, is_silent, kind, language",
    ),
    CustomerCall.__tablename__: (
        "intake_id",
        "started_at",
        "intake_id, direction, started_at, ended_at, outcome, shield",
    ),
    Offer.__tablename__: (
        "intake_id",
        None,
        "intake_id, role, callback_id, accepted_at, outcome, staff_id, made_at, ended_at",
    ),
    Transfer.__tablename__: ("intake_id", None, "intake_id, state"),
    Callback.__tablename__: ("intake_id", None, "intake_id, state, reason"),
    PinCall.__tablename__: ("intake_id", None, "intake_id"),
    Estimate.__tablename__: ("intake_id", "sent_at", "intake_id, sent_at, sent_by, total_cents, state"),
    LedgerEntry.__tablename__: ("intake_id", "at", "intake_id, quote_id, kind, cents, at"),
}


def _forget_in_sqlite(id_: str, own: str | None, *rows: str) -> str:
    """Return the statement that deletes the days of these rows' intakes, of their calls, and of the rows."""
    ids = ", ".join(f"{row}.{id_}" for row in rows)
    # built from the names above only
    moments = f"SELECT created_at AS at FROM intake WHERE id IN ({ids})"  # noqa: S608
    moments += f" UNION ALL SELECT started_at FROM call WHERE intake_id IN ({ids})"  # noqa: S608
    moments += "".join(f" UNION ALL SELECT {row}.{own}" for row in rows if own)
    return (
        f"DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM ({moments}))"  # noqa: S608
        f" AND EXISTS (SELECT 1 FROM ({moments}) WHERE at >= first_at AND at < until_at);"
    )


def _in_sqlite() -> tuple[str, ...]:
    made = []
    for table, (id_, own, columns) in _READ.items():
        for name, when, rows in (
            ("added", "INSERT", ("NEW",)),
            ("changed", f"UPDATE OF {columns}", ("OLD", "NEW")),
            ("removed", "DELETE", ("OLD",)),
        ):
            does = _forget_in_sqlite(id_, own, *rows)
            made.append(f"CREATE TRIGGER report_{table}_{name} AFTER {when} ON {table} BEGIN {does} END")
    return tuple(made)


def _in_postgresql() -> tuple[str, ...]:
    made = [_FORGET]
    for table, (id_, own, columns) in _READ.items():
        moments = f"ARRAY[OLD.{own}, NEW.{own}]" if own else "ARRAY[]::timestamptz[]"
        made += (
            f"""CREATE FUNCTION report_{table}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.{id_}, NEW.{id_}], {moments});
  RETURN NULL;
END $$""",
            f"""CREATE TRIGGER report_{table}_changed AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table}
    FOR EACH ROW EXECUTE FUNCTION report_{table}_changed()""",
        )
    return tuple(made)


#: The class of the advisory locks: one for each quarter of an hour, shared by whoever changes one of its calls. All
#: that a day can begin with is a quarter.
QUARTERS: Final = 42
#: The lock tells who begins to count a day (``stored_days.begin``) of changes that are not committed yet.
_FORGET: Final = f"""CREATE FUNCTION report_day_forget(matters integer[], moments timestamptz[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz;
  quarter integer;
  before integer := -1;
BEGIN
  FOREACH moment IN ARRAY moments || ARRAY(SELECT created_at FROM intake WHERE id = ANY (matters))
    || ARRAY(SELECT started_at FROM call WHERE intake_id = ANY (matters))
  LOOP
    quarter := floor(extract(epoch FROM moment) / 900);
    CONTINUE WHEN quarter IS NULL OR quarter = before;
    before := quarter;
    PERFORM pg_advisory_xact_lock_shared({QUARTERS}, quarter);
    DELETE FROM report_day WHERE until_at > moment AND first_at <= moment;
  END LOOP;
END $$"""  # noqa: S608

SQLITE: Final = _in_sqlite()
POSTGRESQL: Final = _in_postgresql()


for _table in _READ:  # the triggers stand on them
    ReportDay.metadata.tables["report_day"].add_is_dependent_on(Base.metadata.tables[_table])


@event.listens_for(ReportDay.__table__, "after_create")
def _make(_table: object, connection: Connection, **_more: Any) -> None:
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
        connection.exec_driver_sql(statement)


@event.listens_for(ReportDay.__table__, "before_drop")
def _drop(_table: object, connection: Connection, **_more: Any) -> None:
    is_postgresql = connection.dialect.name == "postgresql"
    for table in _READ:
        for name in ("changed",) if is_postgresql else ("added", "changed", "removed"):
            what, more = ("FUNCTION", " CASCADE") if is_postgresql else ("TRIGGER", "")
            connection.exec_driver_sql(f"DROP {what} IF EXISTS report_{table}_{name}{more}")
    if is_postgresql:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS report_day_forget")

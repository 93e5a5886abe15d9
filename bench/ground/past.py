"""Past intakes with all that belongs to them, which the database itself makes: a million in minutes.

The last thousand are of one day, whatever their number, and those before came at five thousand a day: what happens
today and what is open now are the same in a small database and in a large one.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    String,
    Table,
    case,
    cast,
    create_engine,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments.models import LedgerEntry
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, IntakeState, Stage
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import TransferState
from ivr.core.db import Database, UTCDateTime
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.timeline.models import CallEvent

#: A customer has several intakes, as in production.
_CUSTOMERS: Final = 200_000
_LAST_DAY: Final = 1_000
_A_DAY: Final = 5_000
#: The calls of a day come within these hours.
_HOURS: Final = 10
#: Of twenty customers so many, and all before them: gave up early, left the queue, chose a callback, talked with a
#: technician alone, with an operator too, got an estimate. The rest have paid and were visited.
_EARLY, _LEFT, _CHOSE, _TALKED, _HANDED_OVER, _ESTIMATE = 2, 4, 7, 10, 16, 17
_LINES: Final = ("call_arrived", "line_joined", "offer_made", "offer_ended", "settled")


def make_past(url: str, count: int, end: datetime) -> None:
    """Add so many intakes to a database without any, the last at ``end``. Staff 1 handled them.

    Most are settled. Of the last few some wait for a callback, or for the day of their visit.
    """
    engine = create_engine(Database(url).engine.url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":  # nobody else reads it yet, and what fails is made anew
            driver: Any = connection.connection.driver_connection
            driver.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;"
            )
        _make(connection, count, end)
        if engine.dialect.name == "sqlite":
            # Or the first calls would do the merging that years of calls have done bit by bit.
            connection.exec_driver_sql("INSERT INTO intake_search (intake_search) VALUES ('optimize')")
        connection.commit()
    if engine.dialect.name == "postgresql":  # which does so by itself; nobody does for SQLite
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _make(connection: Connection, count: int, end: datetime) -> None:
    _intakes(connection, count, end)
    if connection.dialect.name == "postgresql":
        # No day is stored that the triggers could forget. They would look for each row in a table that grows, as they
        # do in an empty one.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    number = Intake.id % 20
    at, staff = Intake.created_at, literal(1, Integer)
    text = cast(Intake.id, String)
    over = {"status": "completed", "sequence": 0, "started_at": at, "answered_at": at}

    def fill(table: Any, which: Any = None, **values: Any) -> None:
        rows = select(Intake.id)
        _fill(connection, table, rows if which is None else rows.where(which), values)

    fill(
        CustomerCall,
        sid="CAPAST" + text,
        intake_id=Intake.id,
        **over,
        direction="inbound",
        **dict.fromkeys(("goes_on", "is_joined", "on_hold"), False),
        ended_at=_later(at, 20 + Intake.id % 600),
    )
    for seconds, kind in enumerate(_LINES):
        fill(
            CallEvent,
            intake_id=Intake.id,
            at=_later(at, seconds * 10),
            kind=kind,
            key=f"{kind}:" + text,
            data=literal({}, JSON),
        )
    fill(WebhookReply, key="past-" + text, answer="<Response/>", at=at, about="CAPAST" + text, path="/voice")
    is_open = Intake.id > count - 40
    fill(
        Callback,
        (number >= _LEFT) & (number < _CHOSE),
        intake_id=Intake.id,
        number=Intake.callback_number,
        reason=CallbackReason.ASKED,
        state=case((is_open, CallbackState.TASK), else_=CallbackState.DONE),
        due_at=at,
        arrived_at=at,
        created_at=at,
        tries=0,
    )
    taken = {"intake_id": Intake.id, "staff_id": staff, "state": "accepted", "outcome": "reached"}
    asked = {"language": "en", "made_at": at, "told_gone": False, "at_desk": False}
    ended = _later(at, 400)
    is_answered = number >= _CHOSE
    fill(
        Offer,
        is_answered,
        **taken,
        **asked,
        role="technician",
        accepted_at=_later(at, 15 + Intake.id % 100),
        ended_at=ended,
    )
    _fill(
        connection,
        StaffCall,
        select(Offer.id),
        {"sid": "CALEG" + cast(Offer.id, String), "offer_id": Offer.id, "status": "completed", "sequence": 0}
        | {"started_at": Offer.made_at, "answered_at": Offer.accepted_at, "ended_at": Offer.ended_at},
    )
    _fill(
        connection,
        Transfer,
        select(Offer.id).where(Offer.intake_id % 20 >= _TALKED),
        {"intake_id": Offer.intake_id, "from_offer_id": Offer.id, "state": TransferState.HANDED_OVER}
        | {"begun_at": Offer.accepted_at, "ended_at": Offer.ended_at},
    )
    _money(fill, number, at)


def _intakes(connection: Connection, count: int, end: datetime) -> None:
    first = select(literal(1).label("n")).cte("past", recursive=True)
    past = first.union_all(select(first.c.n + 1).where(first.c.n < count))
    n = past.c.n
    ago, of_twenty = count - n, n % 20
    earlier = ago - _LAST_DAY
    back = case(
        (ago < _LAST_DAY, ago * (_HOURS * 3600) // _LAST_DAY),
        else_=86400 * (1 + earlier // _A_DAY) + earlier % _A_DAY * (_HOURS * 3600) // _A_DAY,
    )
    at = _later(literal(end, UTCDateTime()), -back)
    number = "+1510" + cast(2_000_000 + n % _CUSTOMERS, String)
    person = "person" + cast(n % _CUSTOMERS, String)
    is_to_book = (ago < 200) & (of_twenty == _ESTIMATE)
    came_to = case(
        (of_twenty >= _ESTIMATE, Stage.PAID), (of_twenty == _HANDED_OVER, Stage.QUOTED), else_=Stage.OPEN
    )
    said = {"kind": "onsite", "language": "en", "issue": "the phones at the front desk are dead"}
    _fill(
        connection,
        Intake,
        select(n),
        {
            "reference": "P" + cast(n, String),
            "room": "past-" + cast(n, String),
            "stage": case((is_to_book, Stage.PAID), else_=Stage.CLOSED),
            "closed_from": case((is_to_book, None), else_=came_to),
            "call_state": CallState.SETTLED,
            "state": case((is_to_book, IntakeState.PAID), else_=IntakeState.CLOSED),
            "is_silent": of_twenty == 0,
            "wrong_keys": 0,
            **said,
            **dict.fromkeys(("caller_number", "callback_number", "contact_number"), number),
            "contact_name": person + " of company" + cast(n % 5_000, String),
            "contact_email": person + "@example.com",
            "site_address": cast(n % 9_000, String) + " Mission Street\nOakland, CA 94607",
            "detailed_issue": "no dial tone on extension " + cast(n % 700, String) + " since the storm",
            **dict.fromkeys(("created_at", "heard_at"), at),
            **dict.fromkeys(("arrived_at", "waiting_since"), case((of_twenty >= _EARLY, at))),
        },
    )


def _money(fill: Any, number: ColumnElement[int], at: Any) -> None:
    has_paid = number >= _ESTIMATE
    text = cast(Intake.id, String)
    fill(
        Estimate,
        number >= _HANDED_OVER,
        intake_id=Intake.id,
        version=1,
        kind=EstimateKind.VISIT,
        state=case((has_paid, EstimateState.PAID), else_=EstimateState.WITHDRAWN),
        **dict.fromkeys(("base_cents", "total_cents"), 20_000),
        **dict.fromkeys(("extra_hours", "surcharge_cents", "units"), 0),
        hours_included=1,
        rate_cents=10_000,
        increment_cents=2_500,
        valid_until=func.date(at),
        language="en",
        created_at=at,
        sent_at=at,
    )
    quote = select(Estimate.id).where(Estimate.intake_id == Intake.id).scalar_subquery()
    for kind, cents in ((payments_rules.CHARGE, -20_000), (payments_rules.PAYMENT, 20_000)):
        fill(
            LedgerEntry,
            has_paid,
            intake_id=Intake.id,
            quote_id=quote,
            kind=kind,
            cents=cents,
            ref=f"{kind}-" + text,
            at=at,
        )
    fill(
        Booking,
        has_paid & (Intake.stage == Stage.CLOSED),
        intake_id=Intake.id,
        starts_at=_later(at, 86400),
        ends_at=_later(at, 2 * 86400),
        sequence=0,
        booked_by=1,
        booked_at=at,
    )


def _fill(connection: Connection, table: Any, source: Any, values: dict[str, Any]) -> None:
    given = [value if hasattr(value, "compare") else literal(value) for value in values.values()]
    whole: Table = table.__table__
    connection.execute(
        insert(whole).from_select(list(values), source.with_only_columns(*given, maintain_column_froms=True))
    )


class _Later(FunctionElement[datetime]):
    """The moment so many seconds after another, in the form in which the database keeps it."""

    type = UTCDateTime()
    inherit_cache = True


def _later(at: Any, seconds: Any) -> Any:
    return _Later(at, seconds if hasattr(seconds, "compare") else literal(seconds, Integer))


@compiles(_Later)
def _in_postgresql(element: _Later, compiler: Any, **more: Any) -> str:
    at, seconds = (compiler.process(clause, **more) for clause in element.clauses)
    return f"({at} + make_interval(secs => {seconds}))"


@compiles(_Later, "sqlite")
def _in_sqlite(element: _Later, compiler: Any, **more: Any) -> str:
    at, seconds = (compiler.process(clause, **more) for clause in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {at}, ({seconds}) || ' seconds')"

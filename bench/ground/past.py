"""Past intakes with their calls, offers, legs, timelines and answered webhooks, which the database itself makes."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Integer, String, Table, cast, insert, literal, select
from sqlalchemy.engine import Connection

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.core.db import Database, UTCDateTime
from ivr.platform.idempotency.models import WebhookReply
from ivr.platform.timeline.models import CallEvent

#: A customer has several intakes, as in production.
_CUSTOMERS: Final = 200_000


def make_past(url: str, count: int, at: datetime) -> None:
    """Add so many intakes of that moment to a database without any. All are settled; staff 1 handled them."""
    database = Database(url)
    with database.engine.begin() as connection:
        _make(connection, count, literal(at, UTCDateTime()))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    database.engine.dispose()


def _make(connection: Connection, count: int, at: Any) -> None:
    first = select(literal(1).label("n")).cte("past", recursive=True)
    past = first.union_all(select(first.c.n + 1).where(first.c.n < count))
    named = cast(past.c.n, String)
    number = "+1510" + cast(2_000_000 + past.c.n % _CUSTOMERS, String)
    on_the_line = {"direction": "inbound", "goes_on": False, "is_joined": False, "on_hold": False}
    over = {"status": "completed", "sequence": 0, "started_at": at, "answered_at": at, "ended_at": at}

    def fill(table: Any, source: Any, **values: Any) -> None:
        names = list(values)
        given = [value if hasattr(value, "compare") else literal(value) for value in values.values()]
        whole: Table = table.__table__
        connection.execute(insert(whole).from_select(names, select(*given).select_from(source)))

    moments = dict.fromkeys(("created_at", "heard_at", "arrived_at", "waiting_since"), at)
    numbers = {"caller_number": number, "callback_number": number}
    said = {"kind": "onsite", "language": "en", "issue": "the phones at the front desk are dead"}
    fill(
        Intake,
        past,
        reference="P" + named,
        conference_name="past-" + named,
        stage=Stage.CLOSED,
        call_state=CallState.SETTLED,
        state="closed",
        **said,
        **numbers,
        **moments,
    )
    intake = cast(Intake.id, String)
    fill(CustomerCall, Intake, sid="CAPAST" + intake, intake_id=Intake.id, **on_the_line, **over)
    happened = {"at": at, "kind": "call_arrived", "data": literal({}, JSON)}
    fill(CallEvent, Intake, intake_id=Intake.id, key="call_arrived:" + intake, **happened)
    fill(CallEvent, Intake, intake_id=Intake.id, key="settled:" + intake, **happened | {"kind": "settled"})
    fill(
        WebhookReply,
        Intake,
        key="past-" + intake,
        answer="<Response/>",
        at=at,
        about="CAPAST" + intake,
        path="/voice",
    )
    talk = {"role": "technician", "state": "accepted", "language": "en", "told_gone": False, "at_desk": False}
    staff = literal(1, Integer)
    fill(Offer, Intake, intake_id=Intake.id, staff_id=staff, made_at=at, accepted_at=at, ended_at=at, **talk)
    fill(StaffCall, Offer, sid="CALEG" + cast(Offer.id, String), offer_id=Offer.id, **over)

"""Each law of the long run is broken by hand: what is not noticed here would not be noticed there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.paid_time.models import TimeCheck
from ivr.backoffice.payments.models import Checkout, LedgerEntry, RefundOrder
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.transfers.models import Transfer
from ivr.company.dialing.models import Dial
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.jobs import enqueue
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.jobs.models import JobRow
from ivr.platform.timeline import service as timeline
from tests.exhaustive.durability.laws import Journal, breaches
from tests.exhaustive.durability.laws_of_sales import breaches_of_sales
from tests.support.serving import served
from tests.support.states import in_state

NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)
ROSA, SAM = "+14155552671", "+14155552672"


@pytest.fixture
def database(sqlite_alone: str) -> Iterator[Database]:
    """Rosa talked with Dana and is done; Sam was cut off and is owed a call."""
    database = Database(sqlite_alone, queue=EmbeddedQueue())
    with database.transaction() as session:
        roster.add("Dana", "technician", "+14155550111", "dana@example.com", ["en"], None)
        session.flush()
        for number, (caller, state) in enumerate(((ROSA, "closed"), (SAM, "abandoned")), 1):
            of_it: dict[str, Any] = {"id": number, "intake_id": number}
            session.add(
                Intake(
                    id=number,
                    reference=f"R{number}",
                    conference_name=f"room {number}",
                    **in_state(state),
                    caller_number=caller,
                    created_at=NOON,
                    heard_at=NOON,
                )
            )
            session.flush()
            over = {"started_at": NOON, "ended_at": NOON, "status": "completed"}
            session.add(CustomerCall(sid=f"CA{number}", **of_it, **over))
            session.add(
                Offer(**of_it, staff_id=1, role="technician", language="en", made_at=NOON, ended_at=NOON)
            )
            session.flush()
            session.add(StaffCall(id=number, sid=f"CA1{number}", offer_id=number, **over))
        session.add(owed(2))
        session.add_all(permit(attempt) for attempt in range(2))
    yield database
    database.engine.dispose()


def owed(intake_id: int) -> Callback:
    return Callback(intake_id=intake_id, reason="dropped", due_at=NOON, arrived_at=NOON, created_at=NOON)


def permit(attempt: int, callback_id: int = 1) -> Dial:
    return Dial(key=f"{callback_id}-{NOON + timedelta(seconds=attempt)}", at=NOON, number=SAM, intake_id=2)


def reached(intake_id: int = 2) -> CustomerCall:
    over = {"started_at": NOON, "ended_at": NOON, "status": "completed", "outcome": "reached"}
    return CustomerCall(sid="CA98", intake_id=intake_id, direction="callback", **over)


def journal_of(*rung: str, first: int = 1) -> Flask:
    """A network that was asked to ring so, one call for each. What came before the first it has forgotten."""
    app = Flask("network")
    asked = [
        {
            "id": number,
            "kind": "rest",
            "method": "POST",
            "url": "/2010-04-01/Accounts/AC1/Calls.json",
            "status": 201,
            "params": {"Url": f"https://line.test/voice/x?{about}"},
        }
        for number, about in enumerate(rung, first)
    ]
    app.add_url_rule("/requests.json", "requests", lambda: {"requests": asked})
    return app


def found(database: Database, *rung: str, first: int = 1, dialled: str = SAM) -> list[str]:
    with served(journal_of(*rung, first=first)) as network:
        return breaches(database, Journal(network), {ROSA, dialled})


def test_nothing_is_wrong_with_two_calls_that_went_well(database: Database) -> None:
    assert found(database, "offer=1", "offer=2", "callback=1", "callback=1") == []


def reopened(kind: type[CustomerCall] | type[StaffCall] | type[Offer]) -> Callable[[Session], Any]:
    return lambda session: session.execute(update(kind).where(kind.id == 1).values(ended_at=None))


BROKEN: dict[str, Callable[[Session], Any]] = {
    "intake 2 is abandoned and nothing is promised": lambda session: session.execute(
        update(Callback).values(state="done")
    ),
    "intake 2 has 2 open promises": lambda session: session.add(owed(2)),
    "call 1 is open": reopened(CustomerCall),
    "leg 1 is open": reopened(StaffCall),
    "offer 1 is open": reopened(Offer),
    "transfer 1 is open": lambda session: session.add(Transfer(intake_id=1, from_offer_id=1, begun_at=NOON)),
    "Dana is engaged with nobody": lambda session: session.execute(update(Staff).values(offer_id=1)),
    "offer 1 has 2 legs": lambda session: session.add(
        StaffCall(sid="CA99", offer_id=1, started_at=NOON, ended_at=NOON, status="completed")
    ),
}


@pytest.mark.parametrize("breach", BROKEN)
def test_rows_that_break_a_law_are_noticed(database: Database, breach: str) -> None:
    with database.transaction() as session:
        BROKEN[breach](session)
    assert found(database) == [breach]


@pytest.mark.parametrize(
    ("rung", "breach"),
    [
        (["offer=1", "offer=1"], "offer 1: rung 2 times"),
        (["callback=1", "callback=1", "callback=1"], "callback 1: rung 3 times"),
    ],
)
def test_a_person_who_is_rung_too_often_is_noticed(database: Database, rung: list[str], breach: str) -> None:
    assert found(database, *rung) == [breach]


def test_a_customer_who_is_reached_and_asks_for_one_more_call_may_be_rung_once_more(
    database: Database,
) -> None:
    with database.transaction() as session:
        session.add_all([permit(2), reached()])
    assert found(database, *["callback=1"] * 3) == []


def test_a_customer_who_is_tried_in_vain_three_times_is_noticed(database: Database) -> None:
    with database.transaction() as session:
        session.add(permit(2))
    assert found(database, *["callback=1"] * 3) == ["callback 1: rung 3 times"]


def test_an_attempt_that_rings_twice_is_noticed(database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(Dial).where(Dial.id == 1))
    assert found(database, *["callback=1"] * 2) == ["callback 1: rung 2 times"]


def test_requests_that_the_network_forgot_before_they_were_read_are_noticed(database: Database) -> None:
    assert found(database, "offer=2", first=4) == ["3 requests were never looked at"]


def test_a_caller_of_whom_nothing_is_kept_is_noticed(database: Database) -> None:
    assert found(database, dialled="+14155559999") == ["+14155559999 rang and is not known"]


@pytest.mark.parametrize(
    ("state", "word"), [("dead", "dead=1"), ("running", "running=1"), ("ready", "due=1")]
)
def test_work_that_is_left_is_noticed(database: Database, state: str, word: str) -> None:
    with database.transaction() as session:
        enqueue("calls.look_after", run_at=datetime.now(UTC) - timedelta(minutes=1), sid="CA1")
        session.flush()
        session.execute(update(JobRow).values(state=state))
    (breach,) = found(database)
    assert breach.startswith("jobs:")
    assert word in breach


# Money, time on site, follow-ups, shifts


def entry(kind: str, ref: str = "back", cents: int = -25_00) -> LedgerEntry:
    return LedgerEntry(intake_id=1, quote_id=1, kind=kind, ref=ref, cents=cents, at=NOON)


def order(state: str, refund_id: str | None = None) -> RefundOrder:
    asked = {"intake_id": 1, "checkout_id": 1, "payment": "p", "cents": 25_00, "reason": "-", "asked_by": 1}
    return RefundOrder(key=f"{state}", state=state, refund_id=refund_id, asked_at=NOON, **asked)


def check(state: str, **more: Any) -> TimeCheck:
    return TimeCheck(id=1, intake_id=1, ends_at=NOON, made_at=NOON, state=state, **more)


def visit() -> Booking:
    times = {"starts_at": NOON, "ends_at": NOON, "booked_at": NOON}
    return Booking(intake_id=1, booked_by=1, arrived_at=datetime.now(UTC) - timedelta(hours=1), **times)


def follow_up(session: Session) -> None:
    its = {"intake_id": 1, "subject_id": 1, "owner_id": 1, "made_at": NOON, "due_at": NOON}
    session.add(FollowUp(cause="unpaid", **its))


def money(*rows: object) -> Callable[[Session], None]:
    """These rows, and the estimate and the page that they are about."""

    def add(session: Session) -> None:
        session.add(estimate("visit"))
        session.flush()
        its = {"intake_id": 1, "quote_id": 1, "number": 1, "cents": 25_00, "asked": {}, "created_at": NOON}
        session.add(Checkout(id=1, key="key", provider="sandbox", state="paid", **its))
        session.flush()
        session.add_all(rows)

    return add


def estimate(kind: str) -> Estimate:
    words = {"version": 1, "kind": kind, "state": "sent", "language": "en", "agreed_leg": "CA7"}
    cents = {"base_cents": 0, "rate_cents": 1, "surcharge_cents": 0, "increment_cents": 1, "total_cents": 1}
    hours = {"hours_included": 0, "extra_hours": 1, "units": 1}
    made = {"created_at": NOON, "created_by": 1, "valid_until": NOON.date()}
    return Estimate(id=1, intake_id=1, **words, **cents, **hours, **made)


def is_rung_though_away(_session: Session) -> None:
    timeline.append(None, "staff_away", staff="Dana", staff_id=1)
    timeline.append(1, "offer_made", key="1", staff="Dana", staff_id=1)


def is_rung_off_shift(session: Session) -> None:
    session.execute(update(Staff).values(has_shifts=True))
    timeline.append(1, "offer_made", key="1", staff="Dana", staff_id=1)


BROKEN_SALES: dict[str, Callable[[Session], Any]] = {
    "estimate 1 bills time without a yes": lambda session: session.add(estimate("more_time")),
    "check 1: the customer agreed, and no link is sent": lambda session: session.add(check("agreed")),
    "check 1: nobody asks the customer": lambda session: session.add(check("customer")),
    "check 1: no operator owes the customer a call": lambda session: session.add(check("operator")),
    "visit 1 goes on unpaid, and is no task": lambda session: session.add(visit()),
    "intake 1 has paid 2 times": money(entry("payment", "one"), entry("payment", "two")),
    "refund 1 is asked, and entered 0 times": money(order("asked")),
    "refund 1 is sent, and entered 0 times": money(order("sent", "re_1")),
    "intake 1 was refunded 1 times, and 0 times asked for": money(entry("refund")),
    "follow-up 1 is Dana's, who cannot have it": follow_up,
    "Dana is away after the end": lambda session: session.execute(
        update(Staff).values(is_available=False, away_until=NOON)
    ),
    "offer 1: Dana is rung though away": is_rung_though_away,
    "offer 1: Dana is rung off shift": is_rung_off_shift,
}


@pytest.mark.parametrize("breach", BROKEN_SALES)
def test_sales_that_break_a_law_are_noticed(database: Database, breach: str) -> None:
    with database.transaction() as session:
        BROKEN_SALES[breach](session)
    assert breaches_of_sales(database, agreed={ROSA}, paid=set(), refunded=set()) == [breach]


def test_money_that_somebody_was_told_of_and_that_is_nowhere_is_noticed(database: Database) -> None:
    assert breaches_of_sales(database, agreed=set(), paid={1}, refunded={1}) == [
        "the payment of intake 1 is lost",
        "the refund of intake 1 is lost",
    ]
    assert breaches_of_sales(database, agreed=set(), paid=set(), refunded=set()) == []

"""What a day of calls cost: counted by hand, at the prices of that day, whatever becomes of its rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update

from ivr.app import create_app
from ivr.backoffice.costs import price_list
from ivr.backoffice.costs import queries as costs_queries
from ivr.backoffice.costs import rules as costs_rules
from ivr.backoffice.costs import service as costs
from ivr.backoffice.costs.models import CostDay
from ivr.backoffice.costs.rules import PRICES
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.payments.models import LedgerEntry
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Clip
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.company.hours.rules import COMPANY, local
from ivr.company.staff import roster
from ivr.core import clock
from ivr.core.config import DESK, from_environment
from ivr.core.db import Database, session
from ivr.core.errors import BadConfigError
from ivr.worker import ROUTINES
from tests.support.intake_rows import an_intake
from tests.support.kept import kept_database
from tests.support.memory import most_bytes
from tests.support.windows import Window
from tests.support.world import World

MONDAY = date(2026, 11, 2)
NINE = datetime(2026, 11, 2, 17, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return NINE + timedelta(seconds=seconds)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = kept_database(database_url)
    with database.transaction():
        roster.add("Dana", "technician", "+14155550111", "dana@example.com")
    yield database
    database.engine.dispose()


def a_monday() -> None:
    """One caller who was helped, one who left a message and was called back, and one who is a robot."""
    session.add(an_intake(1, created_at=NINE, heard_at=NINE, arrived_at=NINE, issue="It hums."))
    session.add_all(an_intake(n, created_at=NINE, heard_at=NINE) for n in (2, 3))
    session.flush()
    helped = CustomerCall(sid="CA1", intake_id=1, started_at=NINE, ended_at=after(301), is_joined=True)
    message = CustomerCall(sid="CA2", intake_id=2, started_at=NINE, ended_at=after(60))
    back = CustomerCall(sid="CA3", intake_id=2, direction="callback", started_at=after(600), is_joined=True)
    back.answered_at, back.ended_at = after(620), after(741)
    busy = CustomerCall(sid="CA4", intake_id=2, direction="callback", started_at=NINE, ended_at=after(9))
    robot = CustomerCall(sid="CA5", intake_id=3, started_at=NINE, ended_at=after(15))
    session.add_all([helped, message, back, busy, robot])
    session.flush()
    session.add(Recording(call_id=helped.id, intake_id=1, announced_at=NINE, state="completed", seconds=200))
    session.add(
        Clip(intake_id=2, url="u", content_type="audio/x-wav", made_at=after(50), seconds=61, transcript="Hi")
    )
    for number, (made, answered, accepted, ended) in enumerate(
        ((20, 30, 41, 301), (20, None, None, 40), (580, 585, 595, 741))
    ):
        offer = Offer(
            intake_id=1 if number < 2 else 2, staff_id=1, role="technician", language="en",
            made_at=after(made), state="accepted" if accepted else "no_answer",
            accepted_at=after(accepted) if accepted else None,
        )  # fmt: skip
        session.add(offer)
        session.flush()
        session.add(
            StaffCall(
                sid=f"CS{number}", offer_id=offer.id, started_at=after(made),
                answered_at=after(answered) if answered else None, ended_at=after(ended),
            )
        )  # fmt: skip
    session.add(
        LedgerEntry(intake_id=1, quote_id=_quote(1), kind="payment", cents=350_00, ref="pi_1", at=NINE)
    )


def _quote(intake_id: int, **more: object) -> int:
    sums = dict.fromkeys(("hours_included", "extra_hours", "rate_cents", "surcharge_cents", "units"), 0)
    values = {
        "version": 1,
        "base_cents": 350_00,
        "increment_cents": 25_00,
        "total_cents": 350_00,
        "state": "paid",
        "valid_until": MONDAY,
    }
    quote = Estimate(intake_id=intake_id, language="en", created_at=NINE, **(sums | values | more))
    session.add(quote)
    session.flush()
    return quote.id


#: By hand: 6 + 1 + 1 minutes of calls to us, 3 to the customer, 5 + 3 to staff, and so on.
USED = {
    "calls": 5,
    "toll_free": 8,
    "callbacks": 3,
    "staff": 8,
    "conferences": 5 + 3 + 5 + 3,
    "recordings": 4,
    "messages": 2,
    "transcripts": 2,
    "speech": 1,
    "payments": 1,
    "paid_cents": 350_00,
}
#: In micro-dollars.
COST = 8 * 22_000 + 11 * 14_000 + 16 * 1_800 + 6 * 2_500 + 2 * 50_000 + 20_000 + 300_000 + 350 * 29_000


def test_a_day_costs_what_its_legs_cost(database: Database) -> None:
    with database.transaction():
        a_monday()
    with database.reading():
        used = costs.days(COMPANY, MONDAY, MONDAY)[MONDAY].used

        assert {name: n for name, n in used.items() if n} == USED
        assert costs.spent_on(MONDAY) == COST
        assert costs.spent_on(MONDAY + timedelta(days=1)) == 0
    assert costs_rules.dollars(COST) == "$10.94"


def test_a_day_of_many_calls_takes_no_more_memory_than_one_of_few(database: Database) -> None:
    numbers = iter(range(1, 3000))

    def bytes_at_most(calls: int) -> int:
        with database.transaction():
            for number in islice(numbers, calls):
                session.add(an_intake(number, created_at=NINE, heard_at=NINE, issue="It hums."))
                call = CustomerCall(sid=f"CA{number}", intake_id=number, started_at=NINE, ended_at=after(9))
                session.add(call)
        with database.reading():
            most = most_bytes(lambda: costs.days(COMPANY, MONDAY, MONDAY))
            assert costs.days(COMPANY, MONDAY, MONDAY)[MONDAY].used["calls"] >= calls
        return most

    bytes_at_most(400)  # SQLAlchemy builds its statements once
    few, many = bytes_at_most(400), bytes_at_most(1600)

    assert many - few < 150 * 1600, "a call and its row take 700 bytes and more"


def test_a_call_that_goes_on_counts_up_to_now_and_a_lost_row_does_not(database: Database) -> None:
    now = clock.now()
    with database.transaction():
        session.add(an_intake(1, created_at=now, heard_at=now))
        session.flush()
        began = now - timedelta(seconds=150)
        session.add(CustomerCall(sid="CA1", intake_id=1, started_at=began))
        session.add(CustomerCall(sid="CA2", intake_id=1, started_at=now - timedelta(days=2)))
    with database.reading():
        today = local(COMPANY, now).date()
        days = costs.days(COMPANY, today - timedelta(days=3), today)
    assert costs_rules.total(days.values()).used["toll_free"] == 3


def test_a_settled_day_costs_what_it_cost_whatever_becomes_of_its_rows(world: World) -> None:
    then, late = (world.clock.now() - timedelta(days=days) for days in (6, 2))
    with world.database.transaction():
        for number, at in enumerate((then, late)):
            session.add(an_intake(number + 1, created_at=at, heard_at=at))
            session.flush()
            ended_at = at + timedelta(seconds=61)
            session.add(
                CustomerCall(sid=f"CA{number}", intake_id=number + 1, started_at=at, ended_at=ended_at)
            )
        clip = {"intake_id": 1, "url": "u", "content_type": "audio/x-wav", "made_at": then, "seconds": 5}
        session.add(Clip(**clip))
        next(one for one in ROUTINES if one.name == "costs.count_days").plan()
    world.advance(11 * 60)
    with world.database.transaction():
        stored = session.scalars(select(CostDay).order_by(CostDay.day)).all()
        assert [sum(one.used.values()) for one in stored] == [4, 0, 0, 0, 3, 0], "until yesterday"
        session.execute(delete(Clip))
        session.execute(update(CustomerCall).values(ended_at=late + timedelta(days=1)))

    def cost(at: datetime) -> int:
        with world.database.reading():
            return costs.spent_on(local(COMPANY, at).date())

    assert cost(then) == 2 * 22_000 + 2_500
    assert cost(late) == 2 * 22_000
    world.advance(10 * 60)
    assert cost(then) == 2 * 22_000 + 2_500
    assert cost(late) == 24 * 60 * 22_000, "a report that came late"


def test_a_day_keeps_the_prices_that_it_had(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text(
        "[[table]]\nsince = 2026-11-03\noutbound = 0.0123\n[[table]]\nsince = 2026-11-01\noutbound = 0.013\n"
    )
    prices = price_list.tariff("+14155550100", str(own))

    def price(day: int) -> int:
        return prices.cost(Counter(staff=1), date(2026, 11, day)).total

    assert [price(day) for day in (1, 2, 3, 4)] == [13_000, 13_000, 12_300, 12_300]
    assert prices.on(date(2020, 1, 1)).micros["outbound"] == 14_000, "before the first table: its prices"
    assert (prices.inbound, price_list.usual().inbound) == ("local", "toll_free")
    assert all(set(one.micros) == PRICES for one in prices.tables)


@pytest.mark.parametrize(
    "wrong",
    ["", "table", "[[table]]\noutbound = 1", "[[table]]\nsince = 2026-11-01\n" + "outbond = 1",
     "[[table]]\nsince = 2026-11-01\noutbound = -1", "[[table]]\nsince = 2026-11-01\noutbound = 0.00000001",
     "[[table]]\nsince = 2026-11-01\noutbound = 'much'", "[[table]]\nsince = 5\noutbound = 1"],
)  # fmt: skip
def test_a_file_of_prices_that_cannot_be_read_is_refused_at_the_start(tmp_path: Path, wrong: str) -> None:
    own = tmp_path / "prices.toml"
    own.write_text(wrong)

    with pytest.raises(BadConfigError, match="PRICES_FILE"):
        create_app(from_environment(DESK | {"PRICES_FILE": str(own)}))


def test_the_owner_reads_what_the_days_and_a_call_cost(world: World) -> None:
    with world.database.transaction():
        a_monday()
        _quote(2, state="sent", total_cents=425_00, valid_until=date(2999, 1, 1))
        _quote(3, state="sent", total_cents=999_00, valid_until=date(2000, 1, 1))
    ruth = Window(world, "Ruth")
    days = "from=2026-10-31&to=2026-11-02"

    page = ruth.sees(f"/reports/costs?{days}")
    for words in (
        "$10.94",
        "Calls to staff 8 minutes $0.11",
        "November 2026",
        "$425",
        "1 that customers can",
    ):
        assert words in page
    sheet = ruth.client.get(f"/reports/costs.csv?{days}").text.splitlines()
    assert sheet[0].startswith("\ufeffday,calls,toll_free_minutes,local_minutes,staff_minutes")
    assert [line.split(",")[0] for line in sheet[1:]] == ["2026-10-31", "2026-11-01", "2026-11-02"]
    assert sheet[3].startswith("2026-11-02,5,8,0,8,3,16,4,2,2,1,1,35000,0.176,0.00,0.112")
    assert sheet[3].endswith(f",{costs_rules.exact(COST)}")
    # 6 minutes to us, 5 to Dana, 10 in a conference, 4 recorded, and the issue that was said.
    assert "phone costs $0.25" in ruth.sees("/intakes/R1")
    olive = Window(world, "Olive")
    assert "phone costs" not in olive.sees("/intakes/R1")
    assert olive.client.get("/reports/costs").status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_days_are_found_by_an_index(database: Database) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cur, sql, values, *_: asked.append((sql, values)),
    )
    with database.reading():
        costs.spent_on(MONDAY)
        costs_queries.unpaid_cents()
    with database.engine.connect() as look:
        plans = [
            step[3]
            for sql, values in asked
            if sql.startswith("SELECT")
            for step in look.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
    for index in ("ix_call_started_at", "ix_leg_started_at", "ix_clip_made_at", "ix_intake_created_at",
                  "ix_ledger_entry_at", "ix_quote_state_valid_until"):  # fmt: skip
        assert any(index in one for one in plans), index
    assert [
        one for one in plans if one.startswith("SCAN") and one.split()[1] in {"call", "leg", "clip", "intake"}
    ] == []

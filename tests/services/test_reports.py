"""The figures of a small history, counted by hand, on both databases; and the pages that show them."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import event, select, text

from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.reports import counting, day, periods, svg
from ivr.backoffice.reports import queries as reports_queries
from ivr.backoffice.reports import rules as reports_rules
from ivr.backoffice.reports.robots import Robots
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import TransferState
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import COMPANY
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.core.db import Database, session
from ivr.platform.providers.outbox import SavedLetter
from tests.support.intake_rows import an_estimate
from tests.support.kept import kept_database
from tests.support.memory import most_bytes
from tests.support.states import in_state
from tests.support.windows import Window
from tests.support.world import World, pacific

#: The Sunday on which the clocks go back, and the Monday after: 25 and 24 hours.
SUNDAY, MONDAY = date(2026, 11, 1), date(2026, 11, 2)
numbers = count(1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = kept_database(database_url)
    with database.transaction():
        roster.add("Dana", "technician", "+14155550111", "dana@example.com")
    yield database
    database.engine.dispose()


def rang(
    at: datetime,
    state: str,
    *,
    joined: int | None = None,
    answered: int | None = None,
    transfer: TransferState | None = None,
    callback: tuple[str, str] | None = None,
) -> Intake:
    """A caller: seconds from the ring to joining the line, and from there to the technician's yes."""
    number = next(numbers)
    arrived = None if joined is None else at + timedelta(seconds=joined)
    intake = Intake(
        reference=f"R{number}",
        conference_name=f"r{number}",
        created_at=at,
        heard_at=at,
        arrived_at=arrived,
        **in_state(state),
    )
    session.add(intake)
    session.flush()
    if arrived and answered is not None:
        yes = arrived + timedelta(seconds=answered)
        offer = Offer(
            intake_id=intake.id,
            staff_id=1,
            role="technician",
            language="en",
            made_at=arrived,
            accepted_at=yes,
            state="accepted",
        )
        session.add(offer)
        session.flush()
        if transfer:
            session.add(Transfer(intake_id=intake.id, from_offer_id=offer.id, state=transfer, begun_at=yes))
    if callback:
        reason, kept = callback
        session.add(
            Callback(intake_id=intake.id, reason=reason, state=kept, due_at=at, arrived_at=at, created_at=at)
        )
    return intake


def history() -> None:
    """Ten callers of two days, one before and one after."""
    rang(datetime(2026, 11, 1, 6, 59, tzinfo=UTC), "closed", joined=10, answered=5)  # 23:59 PDT on Saturday
    rang(
        datetime(2026, 11, 1, 7, 0, tzinfo=UTC), "message", callback=("closed", CallbackState.PROMISED)
    )  # 00:00 PDT
    rang(datetime(2026, 11, 2, 7, 59, tzinfo=UTC), "abandoned")  # 23:59 PST
    monday = pacific("2026-11-02 09:00:00")
    rang(monday, "paid", joined=40, answered=15, transfer=TransferState.HANDED_OVER)
    rang(monday + timedelta(minutes=1), "quoted", joined=40, answered=60, transfer=TransferState.HANDED_OVER)
    rang(
        monday + timedelta(minutes=2),
        "with_technician",
        joined=40,
        answered=61,
        transfer=TransferState.GIVEN_UP,
    )
    rang(
        monday + timedelta(hours=1),
        "closed",
        joined=40,
        answered=130,
        callback=("dropped", CallbackState.DONE),
    )
    rang(monday + timedelta(hours=1), "abandoned", joined=40, callback=("dropped", CallbackState.PROMISED))
    rang(monday + timedelta(hours=1), "message", joined=40, callback=("left_line", CallbackState.DONE))
    rang(monday + timedelta(hours=2), "waiting", joined=40)
    rang(monday + timedelta(hours=2), "booked", joined=40, answered=20)
    rang(pacific("2026-11-03 00:00:00"), "closed", joined=1, answered=1)


def test_the_figures_are_those_counted_by_hand(database: Database) -> None:
    with database.transaction():
        history()
    with database.reading():
        facts = list(reports_queries.facts(COMPANY, MONDAY))
        days = counting.days(COMPANY, SUNDAY, MONDAY)

    total = day.total(days.values())
    assert total.figures == {
        "rang": 10,
        "offered": 8,
        "answered": 5,
        "in_time": 3,
        "left_early": 1,
        "left_line": 1,
        "called_back": 2,
        "dropped": 1,
        "transferred": 3,
        "handed_over": 2,
        "promised": 4,
        "kept": 2,
        "quoted": 3,
        "paid": 2,
    }
    assert day.service_level(total) == 37  # 3 of 8
    assert day.median_wait(total) == 60  # of 15, 20, 60, 61, 130
    assert day.waits(total) == {
        "to 20 s": 2,
        "to 40 s": 0,
        "to 1 min": 1,
        "to 2 min": 1,
        "to 5 min": 1,
        "to 10 min": 0,
        "longer": 0,
    }
    assert [(row.label, row.rang, row.answered) for row in day.by_day(days)] == [
        ("Nov 1", 2, 0),
        ("Nov 2", 8, 5),
    ]
    by_hour = {hour: row.rang for hour, row in day.by_hour(total).items() if row.rang}
    assert by_hour == {0: 1, 23: 1, 9: 3, 10: 3, 11: 2}
    assert sum(1 for one in facts if one.outcome == reports_rules.STILL_HERE) == 1


def many_rang(callers: int) -> None:
    """So many callers of Monday, a second apart."""
    for number in (next(numbers) for _ in range(callers)):
        at = pacific("2026-11-02 09:00:00") + timedelta(seconds=number)
        names = {"reference": f"R{number}", "conference_name": f"r{number}"}
        session.add(Intake(**names, created_at=at, heard_at=at, **in_state("abandoned")))


@pytest.mark.parametrize(
    "count_them",
    [
        lambda: counting.counted(COMPANY, MONDAY)[0].figures["left_early"],
        lambda: counting.behind(COMPANY, MONDAY, MONDAY, "left_early", most=5)[0],
    ],
    ids=["figures", "calls behind one"],
)
def test_a_day_of_many_callers_takes_no_more_memory_than_one_of_few(
    database: Database, count_them: Callable[[], int]
) -> None:
    def bytes_at_most(callers: int) -> int:
        with database.transaction():
            many_rang(callers)
        with database.reading():
            most = most_bytes(count_them)
            assert count_them() >= callers
        return most

    bytes_at_most(400)  # SQLAlchemy builds its statements once
    few, many = bytes_at_most(400), bytes_at_most(1600)

    assert many - few < 150 * 1600, "a caller and their row take 700 bytes and more"


def test_days_are_as_long_as_the_clock_makes_them() -> None:
    after = {
        one: hours_rules.midnight(COMPANY, one + timedelta(days=1)) - hours_rules.midnight(COMPANY, one)
        for one in (date(2026, 3, 8), SUNDAY, MONDAY)
    }

    assert [length // timedelta(hours=1) for length in after.values()] == [23, 25, 24]


def test_nobody_rang() -> None:
    nothing, latest = day.counted([], Counter(), Robots())

    assert set(nothing.figures.values()) == {0}
    assert latest == {}
    assert day.service_level(nothing) is None
    assert day.median_wait(nothing) is None
    assert "<rect" not in svg.bars([("Nov 1", 0, 0)], title="Calls")


def test_a_chart_says_its_numbers_and_trusts_nobody() -> None:
    chart = svg.bars([("<b>", 7, 3), ("Tue", 10, 10)], title='"quoted"')

    assert "<title>&lt;b&gt;: 3 of 7</title>" in chart
    assert 'aria-label="&#34;quoted&#34;"' in chart
    assert "style=" not in chart
    assert 'height="142.0"' in chart  # 10 of 10: the whole height


def test_the_owner_reads_them_and_opens_the_calls_of_a_figure(world: World) -> None:
    with world.database.transaction():
        history()
    ruth = Window(world, "Ruth")
    days = "from=2026-11-01&to=2026-11-02"

    page = ruth.sees(f"/reports?{days}")
    assert "37%" in page
    calls = ruth.sees(f"/reports/calls?figure=handed_over&{days}")
    assert "Handed over: 2" in calls
    sheet = ruth.client.get(f"/reports.csv?{days}")
    lines = sheet.text.splitlines()
    assert sheet.mimetype == "text/csv"
    assert len(lines) == 11
    assert sheet.data.startswith(b"\xef\xbb\xbf"), "so that Excel reads it as UTF-8"
    assert lines[0].startswith("\ufeffreference,day,hour,outcome,wait_seconds,state,rang,offered,answered")
    assert ",2026-11-02,9,answered,15,Paid,1,1,1,1,0,0,0,0,1,1,0,0,1,1" in lines[3]
    assert "Nobody called on these days" in ruth.sees("/reports?from=2020-01-01&to=2020-01-02")


def test_the_file_of_a_day_with_many_callers_is_sent_in_parts(world: World) -> None:
    with world.database.transaction():
        many_rang(1200)

    answer = Window(world, "Ruth").client.get("/reports.csv?from=2026-11-02&to=2026-11-02")
    lines = [part.count(b"\n") for part in answer.iter_encoded()]

    assert sum(lines) == 1 + 1200
    assert max(lines) <= 500


@pytest.mark.parametrize(
    "asked",
    ["from=x&to=y", "from=2026-11-02&to=2026-11-01", "from=1999-01-01&to=2026-01-01", "to=2026-01-01"],
)
def test_days_that_cannot_be_are_refused_beside_the_field(world: World, asked: str) -> None:
    answer = Window(world, "Ruth").client.get(f"/reports?{asked}")

    assert answer.status_code == 422
    assert "Below are the last four weeks" in answer.text


def test_a_year_of_two_digits_is_one_of_this_century(world: World) -> None:
    answer = Window(world, "Ruth").client.get("/reports?from=11/02/26&to=0026-11-03")
    assert answer.status_code == 200
    assert 'value="2026-11-02"' in answer.text
    assert 'value="2026-11-03"' in answer.text


def test_only_the_owner_reads_reports(world: World) -> None:
    for path in ("/reports", "/reports/calls", "/reports.csv"):
        assert Window(world, "Olive").client.get(path).status_code == 403
    assert Window(world, "Ruth").client.get("/reports/calls?figure=no").status_code == 404


def test_the_days_are_found_by_an_index(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("a planner with statistics chooses for itself on an empty table")
    with database.reading():
        plan = session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT id FROM intake WHERE created_at >= '2026' AND created_at < '2027'"
            )
        )
        assert "ix_intake_created_at" in str(plan.all())


def test_days_before_the_first_call_and_to_come_ask_the_database_nothing(database: Database) -> None:
    with database.transaction():
        history()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        asked.append(sql)

    first, last = SUNDAY - timedelta(days=1), MONDAY + timedelta(days=1)
    with database.reading():
        event.listen(database.engine, "before_cursor_execute", note)
        few = counting.days(COMPANY, first, last)
        short = len(asked)
        year = counting.days(COMPANY, first - timedelta(days=300), last)

    assert len(year) == 304
    assert day.total(year.values()) == day.total(few.values())
    assert len(asked) == 2 * short, "no more for a year than for the days since the first call"


def test_each_figure_stands_beside_that_of_the_days_before(world: World) -> None:
    with world.database.transaction():
        history()
    ruth = Window(world, "Ruth")

    page = ruth.sees("/reports?from=2026-11-02&to=2026-11-02")
    assert "Mon, Nov 2, 2026, compared with Sun, Nov 1, 2026. All times are Pacific time." in page
    assert "Called Everyone who called. 8 ▲ up 300% from 2" in page
    assert "Answered A technician pressed 1. 5 before: 0" in page, "no percent of nothing"
    not_said = (
        "Not said 8 ▲ 6 up 6 from 2 5 ▲ 5 up 5 from 0 2 ▲ 2 up 2 from 0 3 ▲ 3 up 3 from 0 2 ▲ 2 up 2 from 0"
    )
    assert f"By kind Kind Called Answered Handed over Estimate sent Prepaid {not_said}" in page
    assert "9 AM 3 3" in page
    assert ":00" not in page
    calls = ruth.sees("/reports/calls?figure=handed_over&kind=&from=2026-11-02&to=2026-11-02")
    assert "Handed over, Not said: 2" in calls
    assert "Mon, Nov 2, 2026, 9 AM" in calls
    sheet = ruth.client.get("/reports/figures.csv?from=2026-11-02&to=2026-11-02").text.splitlines()
    assert sheet[0] == '\ufeffpart,of,figure,"Mon, Nov 2, 2026","Sun, Nov 1, 2026",change'
    assert "All,,Called,8,2,up 300%" in sheet
    assert "By kind,Not said,Called,8,2,up 300%" in sheet
    assert "By kind,Not said,Answered,5,0," in sheet


def test_a_period_is_asked_for_by_its_name(world: World) -> None:
    with world.database.transaction():
        rang(world.clock.now(), "waiting", joined=1)

    ruth = Window(world, "Ruth").client
    for name, words in periods.NAMES.items():
        page = ruth.get(f"/reports?period={name}").text
        assert f'period={name}" aria-current="true">{words}' in page
        assert page.count('aria-current="true"') == 1


def test_what_somebody_did_opens_its_calls(world: World) -> None:
    today = "from=2026-11-23&to=2026-11-23"
    with world.database.transaction():
        staff = {one.name: one.id for one in roster.everyone()}
        intake = rang(world.clock.now(), "paid", joined=10, answered=12, transfer=TransferState.HANDED_OVER)
        offer = session.scalars(select(Offer)).one()
        offer.staff_id, offer.outcome = staff["Tomas"], Outcome.REACHED
        offer.ended_at = offer.made_at + timedelta(seconds=132)
        estimate = an_estimate(intake.id, "paid", 700_00)
        estimate.sent_at, estimate.sent_by = world.clock.now(), staff["Olive"]
        session.add(estimate)
        session.flush()
        its = {"intake_id": intake.id, "quote_id": estimate.id, "at": world.clock.now()}
        session.add(LedgerEntry(kind="payment", cents=700_00, ref="pay_1", **its))
        session.add(LedgerEntry(kind="refund", cents=-50_00, ref="re_1", **its))
    ruth = Window(world, "Ruth")

    page = ruth.sees(f"/reports?{today}")
    assert "Olive 0 0 none none 1 $700" in page
    assert "Tomas 1 1 2 min 12 s 0 $0" in page
    assert "Refunded Sent back to customers on these days. $50" in page
    taken = ruth.sees(f"/reports/calls?figure=taken&person={staff['Tomas']}&{today}")
    assert "Tomas, calls taken: 1" in taken
    assert intake.reference in taken
    olive = f"person={staff['Olive']}"
    assert "Olive, paid on their estimates: $700" in ruth.sees(
        f"/reports/calls?figure=paid_cents&{olive}&{today}"
    )
    for asked in ("figure=estimates", f"figure=estimates&{olive}", f"figure=paid_cents&{olive}"):
        assert intake.reference in ruth.sees(f"/reports/calls?{asked}&{today}")
    for asked in (
        "figure=taken&person=999",
        "figure=kept&person=1",
        "figure=kept&kind=onsite",
        "figure=rang&kind=x",
    ):
        assert ruth.client.get(f"/reports/calls?{asked}").status_code == 404


def test_owners_hear_on_monday_how_last_week_went_and_only_once(world: World) -> None:
    with world.database.transaction():
        rang(pacific("2026-11-24 10:00:00"), "quoted", joined=10, answered=20)
        rang(pacific("2026-11-24 11:00:00"), "abandoned", joined=10)
        rang(pacific("2026-11-17 11:00:00"), "abandoned", joined=10)

    def letters() -> list[SavedLetter]:
        return [one for one in world.letters() if one.subject.startswith("Last week")]

    world.is_now("2026-11-30 06:40:00")
    world.does_routinely("reports.mail_week")
    world.advance(19 * 60)
    assert letters() == []
    world.advance(2 * 60)
    (letter,) = letters()
    assert letter.to == "ruth@example.com"
    assert letter.subject == "Last week: Mon, Nov 23 to Sun, Nov 29, 2026"
    assert "Called: 2 (up 100% from 1)" in letter.text
    assert "Service level: 50% (up 50 points from 0%)" in letter.text
    assert "/reports?from=2026-11-23&to=2026-11-29" in letter.text
    world.advance(30 * 60)
    assert len(letters()) == 1
    with world.database.transaction():
        policy.change("monday_letter", "no", policy.Command("test"))
    world.is_now("2026-12-07 08:00:00")
    world.advance(16 * 60)
    assert len(letters()) == 1, "the owner has switched it off"

"""What is read again and again is read by an index: SQLite says so itself, and what it reads does not grow."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, event

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import look_after, releases, technicians
from ivr.backoffice.estimates.bookings import queries as bookings_queries
from ivr.backoffice.follow_ups import causes, owners, reminders
from ivr.backoffice.follow_ups import queries as follow_ups_queries
from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.backoffice.reports import counting, people, sales
from ivr.backoffice.search import queries as search_queries
from ivr.backoffice.search import rules as search_rules
from ivr.callcenter.continuity import service as continuity
from ivr.callcenter.routing import assignment, visible_matters
from ivr.callcenter.supervision import reconciler
from ivr.company.hours.rules import COMPANY
from ivr.core.db import Database, session
from ivr.operations.schema import metadata
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.providers.hosted_flows import HostedFlow
from ivr.web.console.board import queries as board_queries
from ivr.web.console.callbacks import queries as callbacks_queries
from ivr.web.console.intake import queries as intake_queries
from ivr.web.console.intake_list import filters
from ivr.web.console.intake_list import queries as intake_list_queries
from ivr.web.console.intake_list.rules import Show, Sort, View
from ivr.web.console.live import events
from ivr.web.health import queries as health_queries

#: These grow with every call.
_GROW = (
    "booking|call|call_event|callback|clip|given_answer|hosted_call|intake|ledger_entry|leg|mail|offer|quote|recording"
    "|transfer"
)
#: Read from the one end to the other; not by an index of the few that are live.
_WHOLE = re.compile(
    rf"SCAN ({_GROW})(_\d+)?(?! USING (COVERING )?INDEX ix_\w+_(live|open|to_visit|unassigned))\b"
)
_BY_STATE = re.compile(r"SEARCH quote USING INDEX ix_quote_state_\w+ \(state=\?\)")
DAY = date(2026, 11, 2)
#: As many as a page of a list shows.
PAGE = range(1, 26)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'line.db'}", queue=EmbeddedQueue())
    metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


def looks_for_hosted_calls() -> None:
    continuity.published(HostedFlow("FW1", "https://webhooks.twilio.com", 1, {}), rings="+14155550199")
    session.flush()
    assert continuity.to_look_at()
    continuity.is_taken("FN1")


def looks_for_follow_ups() -> None:
    since = datetime(2026, 11, 2, tzinfo=UTC)
    follow_ups_queries.perhaps_over(since)
    causes.estimates(since, since)
    causes.calls(since, since)
    causes.messages(since, since)
    owners.hand_on()
    reminders.waiting()
    follow_ups_queries.waiting(1, of_all=True)
    follow_ups_queries.figures(since, since)


def looks_for_visits() -> None:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    bookings_queries.without_technician(now)
    bookings_queries.paid_without_day()
    look_after.to_remind()
    releases.to_release()
    paid_time_queries.on_site()


def looks_through_the_list() -> None:
    views = (
        *(View(show=Show.UNASSIGNED), View(show=Show.MINE), View(show=Show.UNPAID)),
        *(View(state="paid"), View(language="es"), View(person=1), View(person=1, state="closed")),
    )
    for view in views:
        intake_list_queries.listed(filters.wanted(view, me=1, calendar=COMPANY, among=None), Sort.NEWEST, 1)


def earlier_matters() -> None:
    number = "+14155552671"
    one = {"id": 9, "caller_number": number, "callback_number": number, "contact_number": None}
    intake_queries.earlier(SimpleNamespace(**one, contact_email="a@example.com", system_number=number))


def estimates_of_a_page() -> None:
    estimates_queries.total_cents(PAGE)
    paid_time_queries.paid_hours(PAGE)
    technicians.hours_of(PAGE)


def sales_of_a_day() -> None:
    sales.of_day(COMPANY, DAY)
    people.estimates_behind(COMPANY, DAY, DAY, None, most=50)


@pytest.mark.parametrize(
    "read",
    [
        board_queries.board,
        callbacks_queries.owed,
        lambda: events.since(5_000_000, limit=50),
        lambda: session.execute(visible_matters.visible_to(1)).all(),
        lambda: counting.counted(COMPANY, DAY),
        assignment.assign,
        reconciler.repair,
        looks_for_hosted_calls,
        lambda: list(health_queries.gauges()),
        looks_for_follow_ups,
        looks_for_visits,
        looks_through_the_list,
        lambda: search_queries.find_intakes(search_rules.terms("front 415 555 0100"), limit=50),
        earlier_matters,
    ],
    ids=[
        *("board", "owed", "stream", "visible", "report", "assign", "repair", "hosted calls", "metrics"),
        *("follow-ups", "visits", "list", "search", "earlier matters"),
    ],
)
def test_no_table_that_grows_is_read_whole(database: Database, read: Callable[[], object]) -> None:
    plans = plans_of(database, read)

    assert plans
    assert [one for one in plans if _WHOLE.match(one)] == []


@pytest.mark.parametrize("read", [estimates_of_a_page, sales_of_a_day])
def test_estimates_are_not_found_by_the_state_that_nearly_all_have(
    database: Database, read: Callable[[], object]
) -> None:
    plans = plans_of(database, read)

    assert plans
    assert [one for one in plans if _BY_STATE.match(one)] == []


def plans_of(database: Database, read: Callable[[], object]) -> list[str]:
    """How SQLite would answer each statement."""
    plans: list[str] = []

    def explain(connection: Connection, _cursor: object, sql: str, values: object, *_: object) -> None:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")):
            driver: Any = connection.connection.driver_connection
            plans.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", values))

    event.listen(database.engine, "before_cursor_execute", explain)
    with database.transaction():
        read()
    return plans

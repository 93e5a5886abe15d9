"""What the tests of durability begin with: a database with people in it, and leave to take so long."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

import pytest

from devtools.local_stack import ROOT
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import zones
from ivr.company.hours.rules import COMPANY
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import changes, roster
from ivr.core.db import Database
from ivr.platform.jobs.distributed import DistributedQueue
from ivr.platform.jobs.embedded import EmbeddedQueue
from tests.exhaustive.durability.release import finished, upgrading
from tests.support.hashes import cheaply_hashed
from tests.support.owners import PIN


def _next_monday() -> str:
    """Nine o'clock on the next Monday on which the company works.

    A fleet whose clock is behind the database's begins each job at once, and looks at each call without a pause.
    """
    day = hours_rules.local(COMPANY, datetime.now(UTC)).replace(hour=9, minute=0, tzinfo=None)
    while True:
        day += timedelta(days=1)
        if day.weekday() == 0 and hours_rules.is_open(COMPANY, hours_rules.moment(COMPANY, day)):
            return f"{day:%Y-%m-%d %H:%M}"


#: When the fleet's clock begins: a Monday to come, well within hours.
BEGINS: Final = _next_monday()
BY: Final = Command("the test")
#: Some technicians are on shift from, or until, a moment of the run; one comes back to a second shift.
WEEKS: Final = (
    [(time(7), time(9, 6))],
    [(time(9, 4), time(16))],
    [(time(7), time(9, 3)), (time(9, 8), time(16))],
)


def only_when_whole(config: pytest.Config) -> None:
    if not config.getoption("--whole"):
        pytest.skip("hours of telephone: --whole")


def prepared(url: str, staff: dict[str, str], folder: Path) -> Database:
    """Tables, people, and an owner who lets nobody rest between two calls, and every customer be rung back."""
    finished(upgrading(ROOT, url, folder / "first.log"))
    queue = EmbeddedQueue() if url.startswith("sqlite") else DistributedQueue()
    database = Database(url, queue=queue)
    with database.transaction():
        policy.change("wrap_up_seconds", "0", BY)
        policy.change("dial_hour_limit", "3000", BY)
        policy.change("dial_day_limit", "3000", BY)
        for phone, role in staff.items():
            roster.add(f"{role} {phone[-4:]}", role, phone, f"{phone[1:]}@example.com", ["en"], None)
            person = roster.by_name_or_phone(phone)
            changes.set_pin(BY, person, PIN)
            person.pin_hash = cheaply_hashed(PIN)
    return database


def begins() -> datetime:
    """The moment at which the fleet's clock begins."""
    return zones.moment(COMPANY.zone, datetime.fromisoformat(BEGINS))


def have_shifts(database: Database, technicians: list[str]) -> None:
    """The first of them have weekly shifts, the next one is on leave for a while; all others work all day."""
    with database.transaction():
        for phone, week in zip(technicians, WEEKS, strict=False):
            shifts.set_week(BY, roster.by_name_or_phone(phone), [WeeklyHours(0, *hours) for hours in week])
        for phone in technicians[len(WEEKS) : len(WEEKS) + 1]:
            leave = Span(begins() + timedelta(minutes=3), begins() + timedelta(minutes=9))
            shifts.add_change(roster.by_name_or_phone(phone), leave, is_on=False, reason="Dentist")

"""What a customer is told of the day of their visit: reminded the day before, told who is on the way; each once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from ivr.backoffice import cancellation
from ivr.backoffice.estimates.bookings import look_after, marks
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.marks import TOLD_AFTER
from ivr.backoffice.estimates.bookings.rules import Mark, Who, Window
from ivr.callcenter.intake import service as intakes
from ivr.company.mail.models import Mail
from ivr.company.mail.rendering import render
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.estimates import MONDAY, Somebody
from tests.support.world import pacific

DAY = timedelta(days=1)
DAY_BEFORE = pacific("2026-11-29 15:00:00")


@pytest.fixture
def sam(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Sam Ortiz", "field", "+14155550113", "sam@example.com")


def book(database: Database, by: Staff, who: int | None, window: Window = MONDAY) -> None:
    with database.transaction():
        whom = Who(who, is_remote=False)
        bookings.book(1, window, by=Somebody(by.id, is_owner=True), who=whom, reason="A contract")


def looks(database: Database, at: datetime, clock: time_machine.Traveller) -> list[str]:
    """The reminders there are once the routine has looked, twice, at that moment: of which window."""
    clock.move_to(at)
    for _ in range(2):
        with database.reading():
            to_remind = look_after.to_remind()
        for one in to_remind:
            with database.transaction():
                look_after.remind(one)
    return told(database, "visit_reminder")


def told(database: Database, kind: str) -> list[str]:
    with database.reading() as session:
        letters = session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id))
        return [f"{letter.values['technician']} {letter.values['starts_at'][:16]}" for letter in letters]


@pytest.mark.usefixtures("intake_id")
def test_a_customer_is_reminded_once_the_day_before_and_of_the_new_day_after_a_move(
    database: Database, olive: Staff, sam: Staff, clock: time_machine.Traveller
) -> None:
    book(database, olive, sam.id)
    assert looks(database, DAY_BEFORE - timedelta(seconds=1), clock) == []
    first = "Sam 2026-11-30T17:00"
    assert looks(database, DAY_BEFORE, clock) == [first]
    assert looks(database, DAY_BEFORE + timedelta(hours=1), clock) == [first]
    book(database, olive, sam.id, Window(*(at + DAY for at in MONDAY)))
    assert looks(database, MONDAY.starts_at, clock) == [first], "not on the day that it was moved from"
    assert looks(database, DAY_BEFORE + DAY, clock) == [first, "Sam 2026-12-01T17:00"]


@pytest.mark.usefixtures("intake_id")
def test_nobody_is_reminded_of_a_visit_that_was_canceled_or_is_done(
    database: Database, olive: Staff, clock: time_machine.Traveller
) -> None:
    book(database, olive, None)
    with database.transaction():
        cancellation.cancel(1, "ours", "", by=olive)
    assert looks(database, DAY_BEFORE, clock) == []
    clock.move_to(DAY_BEFORE + timedelta(hours=2))
    book(database, olive, None)
    assert looks(database, DAY_BEFORE + timedelta(hours=2), clock) == [" 2026-11-30T17:00"], (
        "booked late: at once"
    )


@pytest.mark.usefixtures("intake_id")
def test_a_customer_is_told_once_who_is_on_the_way_unless_that_was_a_wrong_tap(
    database: Database, olive: Staff, sam: Staff, clock: time_machine.Traveller
) -> None:
    book(database, olive, sam.id)
    clock.move_to(MONDAY.starts_at)

    def taps() -> str:
        with database.transaction():
            booking = marks.note(1, Mark.ON_THE_WAY, by=sam, seen=0)
            assert booking.on_the_way_at is not None
            return booking.on_the_way_at.isoformat()

    def tells(at: str) -> list[str]:
        clock.shift(TOLD_AFTER)
        for _ in range(2):
            with database.transaction():
                look_after.tell_on_the_way(1, sequence=0, at=at)
        return told(database, "visit_on_the_way")

    wrong = taps()
    with database.transaction():
        marks.undo(1, by=sam, seen=0)
    assert tells(wrong) == []
    right = taps()
    assert tells(wrong) == []
    assert tells(right) == ["Sam 2026-11-30T17:00"]


WORDS = {
    "en": (
        "Hi Maria,",
        "Sam will come to your site in this window:",
        "Sam, our technician, is on the way",
    ),
    "es": (
        "Hola, Maria:",
        "Sam irá a su sitio en este horario:",
        "Sam, de nuestro equipo técnico, ya va",
    ),
}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.usefixtures("intake_id")
def test_both_are_told_in_the_customers_language(
    database: Database, olive: Staff, sam: Staff, clock: time_machine.Traveller, language: str
) -> None:
    hello, reminder, on_the_way = WORDS[language]
    with database.transaction():
        intakes.get(1).language = language
    book(database, olive, sam.id)
    looks(database, DAY_BEFORE, clock)
    clock.move_to(MONDAY.starts_at)
    with database.transaction():
        booking = marks.note(1, Mark.ON_THE_WAY, by=sam, seen=0)
        assert booking.on_the_way_at is not None
        look_after.tell_on_the_way(1, sequence=0, at=booking.on_the_way_at.isoformat())
    with database.reading() as session:
        known = {"company": policy.current(), "address": "https://line.test"}
        letters = session.scalars(select(Mail).where(Mail.kind.like("visit_%")).order_by(Mail.id)).all()
        texts = [render(one.kind, one.language, {**one.values, **known}).text for one in letters]
    assert all(text.startswith(hello) for text in texts)
    assert reminder in texts[0]
    assert on_the_way in texts[1]
    assert "1 Main St, Oakland" in texts[0]

"""A visit is canceled: its day goes, the money stays in a list, the customer's calendar follows; on both databases."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from ivr.backoffice import cancellation, closing
from ivr.backoffice.cancellation import CancelledAlreadyError, VisitOverError
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.conflicts import UnconfirmedError
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import (
    ChangedMeanwhileError,
    LongWordsError,
    NoCancelReasonError,
    Window,
)
from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments.models import LedgerEntry
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours import service as hours
from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.providers.mailer import Letter
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.board import queries as board_queries
from ivr.web.console.common import time_format
from ivr.web.console.intake import timeline
from tests.support.estimates import MONDAY, Book, Somebody, event_in, letters, sent

TUESDAY = Window(*(at + timedelta(days=1) for at in MONDAY))


class Visit:
    """Booked for Monday; each act in a transaction of its own."""

    def __init__(self, database: Database, intake_id: int, estimate_id: int, by: Staff) -> None:
        self.database, self.id, self.estimate_id, self.by = database, intake_id, estimate_id, by

    def is_paid(self) -> None:
        with self.database.transaction() as session:
            estimates.paid(self.estimate_id)
            paid = {"kind": payments_rules.PAYMENT, "cents": 650_00, "ref": "p"}
            session.add(
                LedgerEntry(intake_id=self.id, quote_id=self.estimate_id, at=MONDAY.starts_at, **paid)
            )

    def is_cancelled(self, because: str = "ours", words: str = "", seen: int | None = None) -> None:
        with self.database.transaction():
            cancellation.cancel(self.id, because, words, by=self.by, seen=seen)

    def stage(self) -> Stage:
        with self.database.reading():
            return intakes.get(self.id).stage

    def row(self) -> Booking:
        with self.database.reading():
            booking = bookings.latest_booking(self.id)
            assert booking
            return booking

    def letter(self) -> Letter:
        """The one that says so, as it is sent."""
        with self.database.reading() as session:
            (mail_id,) = session.scalars(select(Mail.id).where(Mail.kind == "booking_cancelled"))
            found = mail.letter(mail_id, address="https://line.test", sender="line@line.test")
        assert found
        return found

    def told(self) -> list[str]:
        with self.database.reading() as session:
            rows = session.scalars(select(CallEvent).order_by(CallEvent.id)).all()
            calendar = hours.calendar()
            told = timeline.describe(rows, lambda at: time_format.moment(at, calendar))
            return [one.words for one in told]

    def to_book(self) -> list[tuple[Stage, Any]]:
        """The board's list of visits: the stage, and the day that it shows."""
        with self.database.reading():
            return [(one.stage, one.starts_at) for one in board_queries.board().visits]


@pytest.fixture
def visit(database: Database, intake_id: int, estimate_id: int, olive: Staff, book: Book) -> Visit:
    book(intake_id, MONDAY)
    return Visit(database, intake_id, estimate_id, olive)


def test_money_that_was_paid_is_on_the_board_again_and_cannot_be_closed(visit: Visit) -> None:
    visit.is_paid()
    assert visit.to_book() == [(Stage.BOOKED, MONDAY.starts_at)], "nobody is chosen for it yet"
    visit.is_cancelled(words="The van  broke down.")

    assert visit.stage() is Stage.PAID
    assert visit.to_book() == [(Stage.PAID, None)]
    day, why = "Mon, Nov 30, 2026, 9:00 AM PST", "we cannot come at that time (“The van broke down.”)"
    assert f"Olive canceled the visit of {day}: {why}." in visit.told()
    with visit.database.transaction(), pytest.raises(closing.PaidError):
        closing.close(visit.id, "Nothing more", by=visit.by)


def test_without_money_it_is_quoted_again_and_nothing_stands_in_the_way_of_closing(visit: Visit) -> None:
    with visit.database.transaction(), pytest.raises(closing.VisitAheadError):
        closing.close(visit.id, "Nothing more", by=visit.by)
    visit.is_cancelled()
    assert visit.stage() is Stage.QUOTED
    with visit.database.transaction():
        closing.close(visit.id, "Nothing more", by=visit.by)
    assert visit.stage() is Stage.CLOSED


def test_without_an_estimate_it_is_open_again(visit: Visit) -> None:
    with visit.database.transaction():
        estimates.withdraw(visit.estimate_id, by=visit.by)
    visit.is_cancelled()
    assert visit.stage() is Stage.OPEN


def test_money_for_an_estimate_that_another_has_replaced_stays_in_the_list(visit: Visit) -> None:
    visit.is_paid()
    sent(visit.database, visit.id, visit.by, seen=1)
    visit.is_cancelled()
    assert visit.to_book() == [(Stage.PAID, None)]


@pytest.mark.parametrize(
    ("language", "subject", "says"),
    [
        (
            "en",
            "Your onsite visit is canceled: Monday, November 30, 2026, 9:00 AM Pacific, reference ",
            ("Our technician cannot come at that time.", "Your payment of $650 stays with us until we agree"),
        ),
        (
            "es",
            "Su visita en sitio está cancelada: lunes, 30 de noviembre de 2026, 9:00 a.m. hora del Pacífico, ",
            (
                "Nuestro técnico no puede ir en ese horario.",
                "Conservamos su pago de $650 hasta que acordemos",
            ),
        ),
    ],
)
def test_the_customer_reads_why_and_what_becomes_of_the_money(
    visit: Visit, language: str, subject: str, says: tuple[str, ...]
) -> None:
    with visit.database.transaction():
        intakes.get(visit.id).language = language
    visit.is_paid()
    visit.is_cancelled(words="<b>The van</b> broke down")

    letter = visit.letter()
    assert letter.subject.replace("\xa0", " ").startswith(subject)
    for sentence in (*says, "<b>The van</b> broke down"):
        assert sentence in letter.text.replace("\xa0", " ")
    assert "&lt;b&gt;The van" in letter.html
    assert "refund" not in letter.text, "nobody has decided on one"


def test_nothing_is_said_of_money_that_was_not_paid(visit: Visit) -> None:
    visit.is_cancelled("asked")
    text = visit.letter().text
    assert "You asked us to cancel it." in text
    assert "payment" not in text


def test_the_calendar_drops_the_visit_and_takes_it_up_again_on_its_new_day(visit: Visit, book: Book) -> None:
    """RFC 5546, 3.2.5: the same UID, a higher SEQUENCE; and METHOD in the file and in the part that carries it."""
    (booked,) = letters(visit.database)
    visit.is_cancelled()
    (file,) = visit.letter().attachments
    book(visit.id, TUESDAY)

    assert "METHOD:CANCEL\r\n" in file.text
    assert file.params == {"method": "CANCEL"}
    with visit.database.reading() as session:
        cancelled = session.scalars(select(Mail).where(Mail.kind == "booking_cancelled")).one()
    before, gone, again = (event_in(one) for one in (booked, cancelled, letters(visit.database)[-1]))
    assert (before["STATUS"], gone["STATUS"], again["STATUS"]) == ("CONFIRMED", "CANCELLED", "CONFIRMED")
    assert (before["SEQUENCE"], gone["SEQUENCE"], again["SEQUENCE"]) == (0, 1, 2)
    assert len({before["UID"], gone["UID"], again["UID"]}) == 1
    assert (gone["ORGANIZER"], gone["ATTENDEE"]) == ("mailto:line@localhost", "mailto:maria@example.com")
    assert gone["DTSTART"].dt == MONDAY.starts_at
    assert again["DTSTART"].dt == TUESDAY.starts_at
    assert "has moved" not in letters(visit.database)[-1].subject, "there was no day to move it from"


def test_without_an_address_nothing_is_mailed(visit: Visit) -> None:
    with visit.database.transaction():
        intakes.get(visit.id).contact_email = None
    visit.is_cancelled()
    with visit.database.reading() as session:
        assert session.scalars(select(Mail).where(Mail.kind == "booking_cancelled")).all() == []


def test_its_window_is_free_for_others(visit: Visit, book: Book) -> None:
    with visit.database.transaction():
        neighbor_id = new_intake("+14155550188").id
    with pytest.raises(UnconfirmedError):
        book(neighbor_id, MONDAY)
    visit.is_cancelled()
    book(neighbor_id, MONDAY)
    with visit.database.reading():
        assert bookings.find_booking(visit.id) is None
        assert bookings.find_booking(neighbor_id)


def test_it_cannot_be_done_nor_canceled_twice_until_it_is_booked_again(visit: Visit, book: Book) -> None:
    visit.is_paid()
    visit.is_cancelled()
    with pytest.raises(CancelledAlreadyError):
        visit.is_cancelled()
    with visit.database.transaction(), pytest.raises(closing.CanceledVisitError):
        closing.visit_done(visit.id, by=visit.by, written=time_format.moment)

    book(visit.id, TUESDAY)
    visit.is_cancelled()
    assert visit.row().sequence == 3


def test_a_visit_that_is_over_or_was_never_booked_is_not_canceled(
    visit: Visit, clock: time_machine.Traveller
) -> None:
    with visit.database.transaction(), pytest.raises(bookings.NotBookedError):
        cancellation.cancel(new_intake("+14155550188").id, "ours", "", by=visit.by)
    clock.move_to(MONDAY.starts_at)
    with visit.database.transaction():
        closing.visit_done(visit.id, by=visit.by, written=time_format.moment)
    with pytest.raises(VisitOverError):
        visit.is_cancelled()
    with visit.database.transaction():
        closing.reopen(visit.id, by=visit.by)
    clock.move_to(MONDAY.ends_at)
    with pytest.raises(VisitOverError) as refused:
        visit.is_cancelled()
    assert refused.value.shown == "The visit is over. Mark it as done, or move it to a new day."


@pytest.mark.parametrize(
    ("because", "words", "refusal"),
    [
        ("", "", NoCancelReasonError),
        ("rain", "", NoCancelReasonError),
        ("ours", "x" * 201, LongWordsError),
        ("ours", "a\x00b", LongWordsError),
    ],
)
def test_it_wants_a_reason_that_the_customer_can_read(
    visit: Visit, because: str, words: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        visit.is_cancelled(because, words)
    assert visit.stage() is Stage.BOOKED


def test_of_two_operators_at_once_the_second_is_told(visit: Visit) -> None:
    """One cancels while the other moves; then one moves while the other cancels."""
    owner = Somebody(visit.by.id, is_owner=True)

    def moves(seen: int) -> None:
        with visit.database.transaction():
            bookings.book(visit.id, TUESDAY, by=owner, reason="A contract customer", seen=seen)

    with ThreadPoolExecutor(1) as pool:
        with visit.database.transaction():
            cancellation.cancel(visit.id, "ours", "", by=visit.by, seen=0)
            second: Future[None] = pool.submit(moves, 0)
            assert wait_for([second], timeout=1).done == set(), "they wait for the first to be done"
        with pytest.raises(ChangedMeanwhileError):
            second.result(timeout=20)
        assert visit.row().is_cancelled

        with visit.database.transaction():
            bookings.book(visit.id, MONDAY, by=owner, reason="A contract customer", seen=1)
            second = pool.submit(visit.is_cancelled, seen=0)
            assert wait_for([second], timeout=1).done == set(), "they wait for the first to be done"
        with pytest.raises(ChangedMeanwhileError):
            second.result(timeout=20)
    assert not visit.row().is_cancelled
    moves(2)
    assert visit.row().window == TUESDAY


def test_what_the_release_before_books_again_is_booked(visit: Visit, clock: time_machine.Traveller) -> None:
    """It runs on for a while, and knows of no cancellation: it writes the window, the sequence and the time."""
    visit.is_cancelled()
    clock.shift(1)
    with visit.database.transaction() as session:
        session.execute(update(Booking).values(sequence=Booking.sequence + 1, booked_at=MONDAY.starts_at))
        intakes.get(visit.id).stage = Stage.BOOKED
    assert not visit.row().is_cancelled
    with visit.database.reading() as session:
        assert session.scalars(select(Booking.intake_id).where(~Booking.is_cancelled)).all() == [visit.id]

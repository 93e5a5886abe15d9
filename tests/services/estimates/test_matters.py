"""How far a matter has come: moved by what is sold, closed by a person with a reason, reopened by whatever goes on."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from ivr.backoffice import closing
from ivr.backoffice.estimates import promises
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.payments import rules as payments_rules
from ivr.backoffice.payments.models import LedgerEntry, PaymentTask
from ivr.callcenter.intake import matters
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import CallState, OutOfOrderError, Stage
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.timeline.models import CallEvent
from ivr.web.console.board import queries as board_queries
from ivr.web.console.common import time_format
from tests.support.estimates import Somebody, sent
from tests.support.world import pacific

TUESDAY = Window(pacific("2026-11-24 09:00:00"), pacific("2026-11-24 11:00:00"))


class Matter:
    """The only one, and what is done about it; each in a transaction of its own."""

    def __init__(self, database: Database, intake_id: int, olive: Staff) -> None:
        self.database, self.id, self.olive = database, intake_id, olive
        self.by = Somebody(olive.id)
        self.quote_id = 0

    def stage(self) -> Stage:
        with self.database.reading():
            return intakes.get(self.id).stage

    def is_sent(self, seen: int = 0) -> None:
        self.quote_id, _ = sent(self.database, self.id, self.olive, seen=seen)

    def is_paid(self, cents: int = 650_00) -> None:
        with self.database.transaction() as session:
            estimates.paid(self.quote_id)
            self._enters(session, payments_rules.PAYMENT, cents)

    def is_refunded(self, cents: int = 650_00) -> None:
        with self.database.transaction() as session:
            self._enters(session, payments_rules.REFUND, -cents)

    def _enters(self, session: Any, kind: str, cents: int) -> None:
        session.add(
            LedgerEntry(
                intake_id=self.id,
                quote_id=self.quote_id,
                kind=kind,
                cents=cents,
                ref=f"{kind}-{cents}",
                at=TUESDAY.starts_at,
            )
        )

    def is_booked(self) -> None:
        with self.database.transaction():
            bookings.book(self.id, TUESDAY, by=self.by)

    def closes(self, why: str = "They called it off") -> None:
        with self.database.transaction():
            closing.close(self.id, why, by=self.by)

    def reopens(self) -> None:
        with self.database.transaction():
            closing.reopen(self.id, by=self.by)

    def is_done(self) -> None:
        with self.database.transaction():
            closing.visit_done(self.id, by=self.by, written=time_format.moment)

    def on_the_board(self) -> list[tuple[Stage, int]]:
        with self.database.reading():
            return [(one.stage, one.paid_cents) for one in board_queries.board().visits]

    def told(self, kind: str) -> list[dict[str, Any]]:
        with self.database.reading() as session:
            return list(session.scalars(select(CallEvent.data).where(CallEvent.kind == kind)))


@pytest.fixture
def matter(database: Database, intake_id: int, olive: Staff) -> Matter:
    return Matter(database, intake_id, olive)


def test_it_is_quoted_paid_booked_and_done(matter: Matter, clock: time_machine.Traveller) -> None:
    stages = [matter.stage()]
    for step in (matter.is_sent, matter.is_paid, matter.is_booked):
        step()
        stages.append(matter.stage())
    clock.move_to(TUESDAY.ends_at)
    matter.is_done()

    assert [*stages, matter.stage()] == [Stage.OPEN, Stage.QUOTED, Stage.PAID, Stage.BOOKED, Stage.DONE]
    assert matter.told("visit_done") == [{"staff": "Olive"}]


def test_a_visit_is_not_done_before_it_begins_and_can_be_undone(
    matter: Matter, clock: time_machine.Traveller
) -> None:
    matter.is_sent()
    matter.is_paid()
    matter.is_booked()
    with pytest.raises(closing.NotYetError, match="The visit begins Tue, Nov 24, 2026, 9:00 AM"):
        matter.is_done()

    clock.move_to(TUESDAY.starts_at)
    matter.is_done()
    matter.is_done()
    assert len(matter.told("visit_done")) == 1, "a second time changes nothing"
    matter.reopens()
    assert matter.stage() is Stage.BOOKED


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.QUOTED])
def test_a_visit_that_nobody_has_paid_or_booked_cannot_be_done(matter: Matter, stage: Stage) -> None:
    if stage is Stage.QUOTED:
        matter.is_sent()
    with pytest.raises(OutOfOrderError):
        matter.is_done()


@pytest.mark.parametrize("why", ["", "  ", "x" * 301, "a\x00b"])
def test_closing_wants_a_reason(matter: Matter, why: str) -> None:
    with pytest.raises(matters.NoClosingReasonError):
        matter.closes(why)
    assert matter.stage() is Stage.OPEN


def test_it_is_closed_once_and_reopened_to_where_it_was(matter: Matter) -> None:
    matter.is_sent()
    matter.closes()
    matter.closes("again")
    assert matter.told("matter_closed") == [{"staff": "Olive", "words": "They called it off"}]

    matter.reopens()
    matter.reopens()
    assert matter.stage() is Stage.QUOTED
    assert [one["staff"] for one in matter.told("matter_reopened")] == ["Olive"]


def test_a_matter_with_the_customers_money_in_it_cannot_be_closed(matter: Matter) -> None:
    matter.is_sent()
    matter.is_paid()
    with pytest.raises(closing.PaidError, match=r"\$650"):
        matter.closes()
    assert matter.on_the_board() == [(Stage.PAID, 650_00)]

    matter.is_refunded()
    assert matter.on_the_board() == [(Stage.PAID, 0)], "until somebody books it or closes it"
    matter.closes()
    assert matter.on_the_board() == []


def test_a_matter_with_a_payment_issue_cannot_be_closed(matter: Matter) -> None:
    with matter.database.transaction() as session:
        session.add(
            PaymentTask(
                intake_id=matter.id, kind="refunded", ref="re_1", cents=1_00, opened_at=TUESDAY.starts_at
            )
        )
    with pytest.raises(closing.PaymentIssueError):
        matter.closes()
    with matter.database.reading():
        assert [one.kind for one in board_queries.board().payment_issues] == ["refunded"]


def test_a_matter_with_a_visit_ahead_cannot_be_closed(matter: Matter, clock: time_machine.Traveller) -> None:
    """Booked unpaid, by the owner."""
    matter.is_sent()
    with matter.database.transaction():
        bookings.book(matter.id, TUESDAY, by=Somebody(matter.olive.id, is_owner=True), reason="Known")
    with pytest.raises(closing.VisitAheadError):
        matter.closes()

    clock.move_to(TUESDAY.ends_at + timedelta(minutes=1))
    assert matter.on_the_board() == [(Stage.BOOKED, 0)], "over, and not noted as done"
    matter.closes()
    assert matter.on_the_board() == []


def test_whatever_goes_on_reopens_a_closed_matter(matter: Matter, clock: time_machine.Traveller) -> None:
    matter.closes()
    matter.is_sent()
    assert matter.stage() is Stage.QUOTED

    clock.shift(60)
    matter.closes()
    matter.is_paid()
    assert matter.stage() is Stage.PAID

    clock.shift(60)
    matter.is_refunded()
    matter.closes()
    matter.is_booked()
    assert matter.stage() is Stage.BOOKED
    assert [one["because"] for one in matter.told("matter_reopened")] == ["estimate", "payment", "booking"]


def test_a_promised_price_reopens_a_closed_matter_and_closing_ends_it(matter: Matter) -> None:
    matter.closes()
    with matter.database.transaction():
        promises.promise(
            intakes.get(matter.id), pacific("2026-11-23 15:00:00"), by=matter.by, shown=time_format.moment
        )
    assert matter.stage() is Stage.OPEN

    matter.closes()
    with matter.database.reading():
        assert promises.owed(matter.id) is None
    assert matter.told("callback_closed") == [{"because": "matter", "staff": "Olive"}]


def test_a_call_that_nine_has_settled_is_reopened_like_a_closed_matter(matter: Matter) -> None:
    with matter.database.transaction():
        intakes.get(matter.id).call_state = CallState.SETTLED
    matter.reopens()
    with matter.database.reading():
        assert intakes.get(matter.id).state == "with_operator"


def test_what_nine_has_settled_and_a_person_has_closed_is_open_once_it_is_reopened(matter: Matter) -> None:
    with matter.database.transaction():
        intakes.get(matter.id).call_state = CallState.SETTLED
    matter.closes()
    matter.reopens()
    with matter.database.reading():
        assert intakes.get(matter.id).state == "with_operator"
    assert len(matter.told("matter_reopened")) == 1


def test_an_estimate_that_is_withdrawn_leaves_the_matter_open(matter: Matter) -> None:
    matter.is_sent()
    with matter.database.transaction():
        estimates.withdraw(matter.quote_id, by=matter.by)
    assert matter.stage() is Stage.OPEN


def test_a_new_version_of_a_booked_visit_leaves_it_booked(matter: Matter) -> None:
    matter.is_sent()
    matter.is_paid()
    matter.is_booked()
    matter.is_sent(seen=1)
    assert matter.stage() is Stage.BOOKED


def test_more_time_moves_no_stage_but_reopens(matter: Matter) -> None:
    matter.is_sent()
    matter.is_paid()
    matter.is_booked()
    wanted = EstimateDraft(kind=EstimateKind.MORE_TIME, extra_hours=1, agreed_by="Maria")
    quote_id, _ = sent(matter.database, matter.id, matter.olive, wanted)
    with matter.database.transaction():
        estimates.paid(quote_id)
    assert matter.stage() is Stage.BOOKED

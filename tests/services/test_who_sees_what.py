"""Which matters a technician sees, and the audit trail, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import visible_matters
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.company.policy import trail
from ivr.company.policy.trail import Kind, Wanted
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database
from tests.support.intake_rows import an_intake

DAY = timedelta(days=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.transaction():
        for name, digit in (("Tara", 1), ("Tomas", 2)):
            roster.add(name, "technician", f"+1415555011{digit}", f"{name}@example.com")
    yield database
    database.engine.dispose()


def test_seven_days_what_is_open_and_nothing_of_a_colleagues(database: Database) -> None:
    now = clock.now()
    with database.transaction() as session:
        tara, tomas = (one.id for one in roster.everyone())
        session.add_all(an_intake(number) for number in range(1, 8))
        session.flush()
        for intake_id, staff_id, accepted, ended in (
            (1, tara, now - 7 * DAY + timedelta(minutes=1), now),
            (2, tara, now - 7 * DAY - timedelta(minutes=1), now - 7 * DAY),
            (3, tara, now - 8 * DAY, now - 8 * DAY),  # and owed a call again
            (5, tomas, now, None),
            (6, tara, now - 8 * DAY, None),  # a conversation that lasts
        ):
            offer = Offer(
                intake_id=intake_id, staff_id=staff_id, role="technician", language="en", made_at=accepted
            )
            offer.state, offer.accepted_at, offer.ended_at = OfferState.ACCEPTED, accepted, ended
            session.add(offer)
        for intake_id, state, claimed_by in (
            (3, "promised", None),
            (4, "task", None),
            (5, "promised", None),
            (7, "promised", tomas),
        ):
            owed = Callback(intake_id=intake_id, state=state, claimed_by=claimed_by, reason="dropped")
            owed.due_at = owed.arrived_at = owed.created_at = now
            session.add(owed)
    with database.reading() as session:
        assert set(session.scalars(visible_matters.visible_to(tara))) == {1, 3, 4, 6}
        assert set(session.scalars(visible_matters.taken_by(tara))) == {1, 3, 6}
        assert set(session.scalars(visible_matters.visible_to(tomas))) == {3, 4, 5, 7}
        assert session.get(Intake, 2) is not None


def test_what_comes_again_and_again_is_a_line_an_hour(database: Database) -> None:
    with database.transaction():
        tara, tomas = roster.everyone()
    for moment, who, is_new in (
        ("10:00", tara, True),
        ("10:59", tara, False),
        ("10:59", tomas, True),
        ("11:00", tara, True),
    ):
        hour, minute = map(int, moment.split(":"))
        with clock.held_at(clock.now().replace(hour=hour, minute=minute)), database.transaction():
            assert trail.is_noted(Kind.HEARD, "Recording 1", who) != is_new
            trail.note_hourly(Kind.HEARD, "Recording 1", who)
    with database.reading():
        assert len(trail.lines(Wanted(kind=Kind.HEARD), limit=9)) == 3


def test_lines_are_deleted_after_one_year_and_changes_after_two(database: Database) -> None:
    now, year = clock.now(), 365 * DAY
    with database.transaction():
        tara: Staff = roster.everyone()[0]
    for age in (year - DAY, year + DAY, 2 * year + DAY):
        with clock.held_at(now - age), database.transaction():
            for kind in Kind:
                trail.note(kind, "Something", tara)
    with database.transaction():
        assert trail.forget() == 2 * len(Kind) - 1
        assert len(trail.lines(Wanted(kind=Kind.CHANGE), limit=99)) == 2
        assert len(trail.lines(Wanted(), limit=99)) == len(Kind) + 1
